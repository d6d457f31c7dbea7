"""Public access: to data, to whom grants let in, and over the network."""

from collections.abc import Iterator
from typing import Any

from trifold.policy.documents import allowing, is_to_everybody
from trifold.policy.grants import GCP_GRANTS, gcp_grants
from trifold.policy.partners import without
from trifold.policy.resource import Hidden, Resource
from trifold.policy.rule import (
    Context,
    Rule,
    Said,
    Want,
    is_false,
    is_set,
    is_true,
    one_of,
    reads,
    unsure,
    wants,
)

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
PRIVATE_ACL = one_of("private", "log-delivery-write", "bucket-owner-read", "bucket-owner-full-control", "aws-exec-read")
NOT_EVERYBODY = lambda value: value not in ("allUsers", "allAuthenticatedUsers")  # noqa: E731

STORAGE = {
    BLOCK: tuple(Want(one, is_true, f"{one} is not true", False) for one in SWITCHES),
    BUCKET: (Want("acl", PRIVATE_ACL, "the bucket's ACL lets everybody in", "private"),),
    "aws:s3/bucketAcl:BucketAcl": (Want("acl", PRIVATE_ACL, "the bucket's ACL lets everybody in", "private"),),
    "azure-native:storage:StorageAccount": (
        Want("allowBlobPublicAccess", is_false, "containers of the account may be made public", False),
    ),
    "azure-native:storage:BlobContainer": (
        Want("publicAccess", one_of("None"), "the container is read by everybody", "None"),
    ),
    "gcp:storage/bucket:Bucket": (
        Want("publicAccessPrevention", one_of("enforced"), "the bucket may be made public", "inherited"),
    ),
    "gcp:storage/bucketAccessControl:BucketAccessControl": (
        Want("entity", NOT_EVERYBODY, "the bucket's ACL lets everybody in"),
    ),
    "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl": (
        Want("entity", NOT_EVERYBODY, "new objects are read by everybody"),
    ),
}
UNIFORM = {
    "gcp:storage/bucket:Bucket": (
        Want("uniformBucketLevelAccess", is_true, "objects may have access lists of their own", False),
    ),
}
PUBLIC = "is reached from the whole internet"
OFF = one_of("Disabled", "SecuredByPerimeter")
NETWORK = {
    **{
        f"azure-native:{kind}": (Want(path, OFF, PUBLIC, "Enabled"),)
        for kind, path in {
            "containerregistry:Registry": "publicNetworkAccess",
            "keyvault:Vault": "properties.publicNetworkAccess",
            "machinelearningservices:Workspace": "publicNetworkAccess",
            "machinelearningservices:OnlineEndpoint": "properties.publicNetworkAccess",
            "storage:StorageAccount": "publicNetworkAccess",
        }.items()
    },
    "aws:sagemaker/notebookInstance:NotebookInstance": (
        Want("directInternetAccess", one_of("Disabled"), "the notebook is on the internet", "Enabled"),
    ),
    "aws:sagemaker/model:Model": (Want("vpcConfig.subnets", is_set, "the model's containers are in no VPC of yours"),),
    "aws:rds/instance:Instance": (Want("publiclyAccessible", is_false, PUBLIC, False),),
    "gcp:workbench/instance:Instance": (
        Want("gceSetup.disablePublicIp", is_true, "the notebook has an address on the internet", False),
    ),
}
VERTEX = "gcp:vertex/aiEndpoint:AiEndpoint"
DOCUMENTS = {
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    BUCKET: "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:kms/key:Key": "policy",
    "aws:iam/role:Role": "assumeRolePolicy",
}
REGISTRY = "azure-native:containerregistry:Registry"


def _storage(resource: Resource, context: Context) -> Iterator[Said]:
    yield from wants(STORAGE)(resource, context)
    if resource.type == BUCKET:
        yield from without(resource, context, BLOCK, "bucket", "no BucketPublicAccessBlock names this bucket")


def _everybody(resource: Resource, _context: Context) -> Iterator[Said]:
    """Grants to everybody: in policy documents, in IAM members, by anonymous pull."""
    if path := DOCUMENTS.get(resource.type):
        for statement, untold in allowing(path, resource.at(path)):
            if untold:
                yield untold
            elif statement and is_to_everybody(statement):
                yield Said(path, f"everybody may {_what(statement)}")
    elif resource.type == REGISTRY:
        yield from Want("anonymousPullEnabled", is_false, "everybody may pull its images", False)(resource)
    else:
        for grant in gcp_grants(resource):
            if isinstance(grant.member, Hidden):
                yield unsure(grant.path, grant.member)
            elif grant.member is not None and not NOT_EVERYBODY(grant.member):
                yield Said(grant.path, f"{grant.member}, which is everybody, has {grant.role}")


def _what(statement: Any) -> str:
    found = statement.get("Action") or "do all but some actions"
    return ", ".join(found) if isinstance(found, list) else str(found)


def _network(resource: Resource, context: Context) -> Iterator[Said]:
    if resource.type != VERTEX:
        yield from wants(NETWORK)(resource, context)
        return
    private = [resource.at("network"), resource.at("privateServiceConnectConfig.enablePrivateServiceConnect")]
    hidden = [one for one in private if isinstance(one, Hidden)]
    if hidden:
        yield unsure("network", hidden[0])
    elif not (is_set(private[0]) or is_true(private[1])):
        yield Said("network", f"the endpoint {PUBLIC}")


RULES = (
    Rule(
        id="storage-public-access",
        severity="critical",
        title="Storage is closed to the public",
        reason="A bucket open to the world is the commonest leak there is; a block holds whatever a policy says.",
        fix="S3: an aws.s3.BucketPublicAccessBlock with all four switches True; Azure: allow_blob_public_access = "
        "False, public_access = None; Google Cloud: public_access_prevention = enforced",
        pages=(
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
            "https://learn.microsoft.com/en-us/azure/storage/blobs/anonymous-read-access-prevent",
            "https://cloud.google.com/storage/docs/public-access-prevention",
        ),
        reads={**reads(STORAGE), BUCKET: ("bucket", "acl"), BLOCK: ("bucket", *SWITCHES)},
        check=_storage,
        also=(
            "CKV2_AWS_6",
            "CKV_AWS_53",
            "CKV_AWS_54",
            "CKV_AWS_55",
            "CKV_AWS_56",
            "CKV_AZURE_59",
            "CKV_AZURE_34",
            "CKV_GCP_114",
        ),
        whole=True,
    ),
    Rule(
        id="public-principal",
        severity="critical",
        title="No grant is to everybody",
        reason='A grant to "*", allUsers or allAuthenticatedUsers is a grant to anybody with an account, or with none.',
        fix="name the accounts, roles, services or members; or narrow the statement with a Condition on who asks",
        pages=(
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
            "https://learn.microsoft.com/en-us/azure/container-registry/anonymous-pull-access",
            "https://cloud.google.com/iam/docs/principals-overview",
        ),
        reads={
            **{type: (path,) for type, path in DOCUMENTS.items()},
            REGISTRY: ("anonymousPullEnabled",),
            **GCP_GRANTS,
        },
        check=_everybody,
        also=("CKV_AWS_70", "CKV_AWS_32", "CKV_AWS_33", "CKV_AWS_60", "CKV_AZURE_138", "CKV_GCP_28", "CKV_GCP_101"),
    ),
    Rule(
        id="uniform-bucket-access",
        severity="medium",
        title="A bucket's access is decided in one place",
        reason="With object ACLs, one object can be public in a private bucket, and no review of grants shows it.",
        fix="uniform_bucket_level_access = True",
        pages=("https://cloud.google.com/storage/docs/uniform-bucket-level-access",),
        reads=reads(UNIFORM),
        check=wants(UNIFORM),
        also=("CKV_GCP_29",),
    ),
    Rule(
        id="public-network-access",
        severity="medium",
        title="Services are not reached over the internet",
        reason="Who has a leaked key still has to be in your network.",
        fix="Azure: public_network_access = Disabled and a private endpoint; AWS: vpc_config, direct_internet_access = "
        "Disabled; Google Cloud: private_service_connect_config or network",
        pages=(
            "https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html",
            "https://learn.microsoft.com/en-us/azure/machine-learning/concept-secure-online-endpoint",
            "https://cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type",
        ),
        reads={**reads(NETWORK), VERTEX: ("network", "privateServiceConnectConfig.enablePrivateServiceConnect")},
        check=_network,
        also=("CKV_AWS_122", "CKV_AWS_17", "CKV_AZURE_139", "CKV_AZURE_144", "CKV_AZURE_189"),
    ),
)
