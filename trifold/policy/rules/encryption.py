"""Encryption: at rest, in transit, and by whose key."""

from collections.abc import Iterator
from typing import Any

from trifold.policy.documents import denies_plain_http
from trifold.policy.partners import beside_bucket, missing, without
from trifold.policy.resource import Hidden, Resource
from trifold.policy.rule import (
    Context,
    Rule,
    Said,
    Want,
    is_set,
    is_true,
    judged,
    one_of,
    reads,
    unsure,
    wants,
)

BUCKET = "aws:s3/bucket:Bucket"
BUCKET_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ACCOUNT = "azure-native:storage:StorageAccount"


def _on(path: str) -> Want:
    return Want(path, is_true, f"{path} is not true: what is stored is not encrypted", False)


AT_REST = {
    "aws:ebs/volume:Volume": (_on("encrypted"),),
    "aws:efs/fileSystem:FileSystem": (_on("encrypted"),),
    "aws:rds/instance:Instance": (_on("storageEncrypted"),),
    "aws:rds/cluster:Cluster": (_on("storageEncrypted"),),
    "azure-native:sql:TransparentDataEncryption": (
        Want("state", one_of("Enabled"), "state is not Enabled: the database is not encrypted", "Enabled"),
    ),
    ACCOUNT: (
        Want("encryption.services.blob.enabled", is_true, "encryption of blobs is turned off", True),
        Want("encryption.services.file.enabled", is_true, "encryption of files is turned off", True),
    ),
}
KEYS = {
    BUCKET_ENCRYPTION: (
        Want(
            "rules[*].applyServerSideEncryptionByDefault.sseAlgorithm",
            one_of("aws:kms", "aws:kms:dsse"),
            "the bucket's key is Amazon's own",
            "AES256",
        ),
    ),
    "aws:ecr/repository:Repository": (
        Want(
            "encryptionConfigurations[*].encryptionType",
            one_of("KMS", "KMS_DSSE"),
            "the images' key is Amazon's own",
            "AES256",
        ),
    ),
    "aws:cloudwatch/logGroup:LogGroup": (Want("kmsKeyId", is_set, "the logs' key is Amazon's own"),),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": (
        Want("kmsKeyArn", is_set, "the key of the instances' volumes is Amazon's own"),
    ),
    ACCOUNT: (
        Want(
            "encryption.keySource",
            one_of("Microsoft.Keyvault"),
            "the account's key is Microsoft's",
            "Microsoft.Storage",
        ),
    ),
    "azure-native:containerregistry:Registry": (
        Want("encryption.status", one_of("enabled"), "the images' key is Microsoft's", "disabled"),
    ),
    "azure-native:machinelearningservices:Workspace": (
        Want("encryption.status", one_of("Enabled"), "the workspace's key is Microsoft's", "Disabled"),
    ),
    "gcp:storage/bucket:Bucket": (Want("encryption.defaultKmsKeyName", is_set, "the bucket's key is Google's"),),
    "gcp:artifactregistry/repository:Repository": (Want("kmsKeyName", is_set, "the images' key is Google's"),),
    "gcp:vertex/aiEndpoint:AiEndpoint": (Want("encryptionSpec.kmsKeyName", is_set, "the endpoint's key is Google's"),),
}
TRANSIT = {
    ACCOUNT: (
        Want("enableHttpsTrafficOnly", is_true, "the account takes requests without TLS", True),
        Want("minimumTlsVersion", one_of("TLS1_2", "TLS1_3"), "the account takes TLS older than 1.2", "TLS1_0"),
    ),
    "azure-native:web:WebApp": (Want("httpsOnly", is_true, "the app takes requests without TLS", False),),
    "gcp:redis/instance:Instance": (
        Want("transitEncryptionMode", one_of("SERVER_AUTHENTICATION"), "clients talk to it without TLS", "DISABLED"),
    ),
}


def _ninety_days(value: Any) -> bool:
    """Whether Google's "7776000s" is at most 90 days."""
    text = str(value or "").removesuffix("s")
    return text.replace(".", "", 1).isdigit() and 0 < float(text) <= 90 * 86_400


def _stated(resource: Resource, context: Context) -> Iterator[Said]:
    """A bucket says how it is encrypted, in a resource beside it or in its own older argument."""
    if resource.type != BUCKET or is_set(resource.at("serverSideEncryptionConfiguration")):
        return
    text = "no BucketServerSideEncryptionConfiguration names this bucket"
    yield from without(resource, context, BUCKET_ENCRYPTION, "bucket", text)


def _transit(resource: Resource, context: Context) -> Iterator[Said]:
    if resource.type != BUCKET:
        yield from wants(TRANSIT)(resource, context)
        return
    policies, perhaps = beside_bucket(resource, context, BUCKET_POLICY)
    values = [one.at("policy") for one in policies] or [resource.at("policy")]
    if any(denies_plain_http(value) for value in values):
        return
    hidden = [unsure("policy", value) for value in values if isinstance(value, Hidden)]
    text = "no bucket policy denies requests without TLS"
    if hidden or not perhaps:
        yield from hidden or [missing(context, "policy", text)]
    else:
        yield from without(resource, context, BUCKET_POLICY, "policy", text)


# What says of which kind a key is, and the kinds that its cloud can rotate.
AWS_KIND = {"customKeyStoreId": one_of("", None), "customerMasterKeySpec": one_of("SYMMETRIC_DEFAULT", None)}
GCP_KIND = {"purpose": one_of("ENCRYPT_DECRYPT", None)}


def _rotation(resource: Resource, _context: Context) -> Iterator[Said]:
    is_aws = resource.type == "aws:kms/key:Key"
    for path, rotates in (AWS_KIND if is_aws else GCP_KIND).items():
        value = resource.at(path)
        if isinstance(value, Hidden):
            yield unsure(path, value)
        if isinstance(value, Hidden) or not rotates(value):
            return
    if is_aws:
        value = resource.at("enableKeyRotation")
        yield from judged("enableKeyRotation", value, is_true, "the key is never rotated")
    else:
        value = resource.at("rotationPeriod")
        yield from judged("rotationPeriod", value, _ninety_days, "the key is not rotated within 90 days")


RULES = (
    Rule(
        id="encryption-at-rest",
        severity="high",
        title="What is stored is encrypted",
        reason="Some stores are plain unless one asks: a lost disk or snapshot can then be read by whoever has it.",
        fix="encrypted / storage_encrypted = True; never turn encryption.services off; state = Enabled",
        pages=(
            "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
            "https://learn.microsoft.com/en-us/azure/storage/common/storage-service-encryption",
        ),
        reads=reads(AT_REST),
        check=wants(AT_REST),
        also=("CKV_AWS_3", "CKV_AWS_16", "CKV_AWS_42", "CKV_AWS_96"),
    ),
    Rule(
        id="bucket-encryption-stated",
        severity="low",
        title="An S3 bucket states its default encryption",
        reason="Amazon encrypts new objects with its own key unless told otherwise; in code, a change of that is seen.",
        fix="add an aws.s3.BucketServerSideEncryptionConfiguration that names the bucket",
        pages=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html",),
        reads={BUCKET: ("bucket", "serverSideEncryptionConfiguration"), BUCKET_ENCRYPTION: ("bucket",)},
        check=_stated,
        also=("CKV_AWS_19",),
        whole=True,
    ),
    Rule(
        id="customer-managed-key",
        severity="low",
        title="Data is encrypted with a key of your own",
        reason="Only a key of your own can be taken away from a cloud, audited and rotated by your rules.",
        fix="name your KMS key, Key Vault key or Cloud KMS key in the argument of the finding",
        pages=(
            "https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html",
            "https://learn.microsoft.com/en-us/azure/storage/common/customer-managed-keys-overview",
            "https://cloud.google.com/kms/docs/cmek",
        ),
        reads=reads(KEYS),
        check=wants(KEYS),
        also=("CKV_AWS_98", "CKV_AWS_136", "CKV_AWS_158", "CKV_GCP_84"),
    ),
    Rule(
        id="encryption-in-transit",
        severity="high",
        title="Requests without TLS are refused",
        reason="A request in plain text, with its key or its data, can be read and changed on the way.",
        fix="Azure: enable_https_traffic_only, minimum_tls_version = TLS1_2; S3: a BucketPolicy that denies "
        "aws:SecureTransport = false; Redis: transit_encryption_mode = SERVER_AUTHENTICATION",
        pages=(
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
            "https://learn.microsoft.com/en-us/azure/storage/common/transport-layer-security-configure-minimum-version",
            "https://cloud.google.com/memorystore/docs/redis/about-in-transit-encryption",
        ),
        reads={**reads(TRANSIT), BUCKET: ("bucket", "policy"), BUCKET_POLICY: ("bucket", "policy")},
        check=_transit,
        also=("CKV_AWS_379", "CKV_AZURE_3", "CKV_AZURE_44", "CKV_GCP_97"),
        whole=True,
    ),
    Rule(
        id="key-rotation",
        severity="medium",
        title="Encryption keys are rotated",
        reason="A key that is never rotated opens everything ever encrypted, to whoever once had a copy of it.",
        fix="AWS: enable_key_rotation = True; Google Cloud: rotation_period = 7776000s or less",
        pages=(
            "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
            "https://cloud.google.com/kms/docs/key-rotation",
        ),
        reads={
            "aws:kms/key:Key": ("enableKeyRotation", "customKeyStoreId", "customerMasterKeySpec"),
            "gcp:kms/cryptoKey:CryptoKey": ("rotationPeriod", "purpose"),
        },
        check=_rotation,
        also=("CKV_AWS_7", "CKV_GCP_43"),
    ),
)
