"""For each rule, on each cloud it covers: resources that break it and their twins that keep it."""

import json
from dataclasses import dataclass, field
from typing import Any

from trifold.policy.settings import Settings

Given = tuple[str, dict[str, Any]]
SETTINGS = Settings(
    fail="low",
    regions={"aws": ("eu-*",), "azure-native": ("westeurope",), "gcp": ("europe-west4",)},
    sizes={"aws": ("ml.m5.*", "t3.*", "db.t3.*"), "azure-native": ("Standard_F*",), "gcp": ("e2-*",)},
    tags=("project", "owner"),
)
TAGGED = {"project": "p", "owner": "o"}


@dataclass(frozen=True)
class Case:
    """bad breaks the rule, good keeps it; bad's first resource is the one that is told."""

    rule: str
    bad: list[Given]
    good: list[Given] = field(default_factory=list)

    @property
    def cloud(self) -> str:
        return self.bad[0][0].partition(":")[0]


def pair(rule: str, type: str, bad: dict[str, Any], good: dict[str, Any]) -> Case:
    """A case of one resource."""
    return Case(rule, [(type, bad)], [(type, good)])


def document(**statement: Any) -> str:
    """A policy document of one statement that allows."""
    return json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", **statement}})


def bound(role: str, *members: str) -> str:
    """A whole IAM policy of Google Cloud's, of one binding."""
    return json.dumps({"bindings": [{"role": role, "members": members}]})


BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
SSE = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ACCOUNT = "azure-native:storage:StorageAccount"
REGISTRY = "azure-native:containerregistry:Registry"
ML = "azure-native:machinelearningservices"
ROLES = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions"
OWNER, READER = f"{ROLES}/8e3af657-a8ff-443c-a75c-2fe8c4bcb635", f"{ROLES}/acdd72a7-3385-48ef-bd42-f606fba81ae7"
BLOCKED = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True)
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
VERTEX = "gcp:vertex/aiEndpoint:AiEndpoint"
DEPLOYMENT = "trifold:vertex:ModelDeployment"
NO_TLS = json.dumps(
    {
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ]
    }
)


def variant(type: str) -> dict[str, Any]:
    return {"productionVariants": [{"instanceType": type, "modelName": "m"}]}


def sse(algorithm: str) -> dict[str, Any]:
    return {"bucket": "b", "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm}}]}


ENCRYPTION = [
    pair("encryption-at-rest", "aws:ebs/volume:Volume", {"size": 1}, {"encrypted": True}),
    pair("encryption-at-rest", "aws:efs/fileSystem:FileSystem", {"encrypted": False}, {"encrypted": True}),
    pair("encryption-at-rest", "aws:rds/instance:Instance", {"storageEncrypted": False}, {"storageEncrypted": True}),
    pair("encryption-at-rest", "aws:rds/cluster:Cluster", {}, {"storageEncrypted": True}),
    pair("encryption-at-rest", ACCOUNT, {"encryption": {"services": {"blob": {"enabled": False}}}}, {}),
    pair(
        "encryption-at-rest", "azure-native:sql:TransparentDataEncryption", {"state": "Disabled"}, {"state": "Enabled"}
    ),
    Case("bucket-encryption-stated", [(BUCKET, {"bucket": "b"})], [(BUCKET, {"bucket": "b"}), (SSE, sse("AES256"))]),
    pair("customer-managed-key", SSE, sse("AES256"), sse("aws:kms")),
    pair("customer-managed-key", CONFIGURATION, {"name": "n"}, {"kmsKeyArn": "arn:aws:kms:key"}),
    pair("customer-managed-key", ACCOUNT, {}, {"encryption": {"keySource": "Microsoft.Keyvault"}}),
    pair("customer-managed-key", REGISTRY, {}, {"encryption": {"status": "enabled"}}),
    pair("customer-managed-key", f"{ML}:Workspace", {}, {"encryption": {"status": "Enabled"}}),
    pair("customer-managed-key", VERTEX, {}, {"encryptionSpec": {"kmsKeyName": "k"}}),
    pair("customer-managed-key", "gcp:storage/bucket:Bucket", {}, {"encryption": {"defaultKmsKeyName": "k"}}),
    pair("customer-managed-key", "gcp:artifactregistry/repository:Repository", {}, {"kmsKeyName": "k"}),
    pair("customer-managed-key", "aws:cloudwatch/logGroup:LogGroup", {}, {"kmsKeyId": "k"}),
    pair(
        "customer-managed-key",
        "aws:ecr/repository:Repository",
        {"encryptionConfigurations": [{"encryptionType": "AES256"}]},
        {"encryptionConfigurations": [{"encryptionType": "KMS"}]},
    ),
    Case(
        "encryption-in-transit",
        [(BUCKET, {"bucket": "b"}), (POLICY, {"bucket": "b", "policy": document(Principal={"AWS": "arn:a"})})],
        [(BUCKET, {"bucket": "b"}), (POLICY, {"bucket": "b", "policy": NO_TLS})],
    ),
    pair("encryption-in-transit", ACCOUNT, {"minimumTlsVersion": "TLS1_1"}, {"minimumTlsVersion": "TLS1_2"}),
    pair(
        "encryption-in-transit",
        ACCOUNT,
        {"minimumTlsVersion": "TLS1_2", "enableHttpsTrafficOnly": False},
        {"minimumTlsVersion": "TLS1_2", "enableHttpsTrafficOnly": True},
    ),
    pair("encryption-in-transit", "azure-native:web:WebApp", {}, {"httpsOnly": True}),
    pair(
        "encryption-in-transit", "gcp:redis/instance:Instance", {}, {"transitEncryptionMode": "SERVER_AUTHENTICATION"}
    ),
    pair("key-rotation", "aws:kms/key:Key", {}, {"enableKeyRotation": True}),
    pair("key-rotation", "aws:kms/key:Key", {}, {"customerMasterKeySpec": "RSA_2048"}),
    pair("key-rotation", "gcp:kms/cryptoKey:CryptoKey", {"rotationPeriod": "9000000s"}, {"rotationPeriod": "7776000s"}),
    pair("key-rotation", "gcp:kms/cryptoKey:CryptoKey", {}, {"purpose": "ASYMMETRIC_SIGN"}),
]
PUBLIC = [
    Case(
        "storage-public-access",
        [(BUCKET, {"bucket": "b"})],
        [(BUCKET, {"bucket": "b"}), (BLOCK, {"bucket": "b", **BLOCKED})],
    ),
    Case("storage-public-access", [(BUCKET, {"bucket": "b"}), (BLOCK, {"bucket": "other", **BLOCKED})]),
    pair(
        "storage-public-access",
        BLOCK,
        {"bucket": "b", **BLOCKED, "ignorePublicAcls": False},
        {"bucket": "b", **BLOCKED},
    ),
    pair("storage-public-access", "aws:s3/bucketAcl:BucketAcl", {"acl": "public-read"}, {"acl": "private"}),
    pair("storage-public-access", ACCOUNT, {"allowBlobPublicAccess": True}, {"allowBlobPublicAccess": False}),
    pair(
        "storage-public-access",
        "azure-native:storage:BlobContainer",
        {"publicAccess": "Blob"},
        {"publicAccess": "None"},
    ),
    pair("storage-public-access", "gcp:storage/bucket:Bucket", {}, {"publicAccessPrevention": "enforced"}),
    pair(
        "storage-public-access",
        "gcp:storage/bucketAccessControl:BucketAccessControl",
        {"entity": "allUsers"},
        {"entity": "user-a@example.com"},
    ),
    pair(
        "storage-public-access",
        "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl",
        {"entity": "allAuthenticatedUsers"},
        {"entity": "project-owners-1"},
    ),
    pair(
        "public-principal",
        POLICY,
        {"policy": document(Principal="*", Action="s3:GetObject")},
        {
            "policy": document(
                Principal="*", Action="s3:GetObject", Condition={"StringEquals": {"aws:PrincipalOrgID": "o"}}
            )
        },
    ),
    pair(
        "public-principal",
        "aws:iam/role:Role",
        {"assumeRolePolicy": document(Principal={"AWS": ["*"]}, Action="sts:AssumeRole")},
        {"assumeRolePolicy": document(Principal={"Service": "sagemaker.amazonaws.com"}, Action="sts:AssumeRole")},
    ),
    pair(
        "public-principal",
        "aws:kms/key:Key",
        {"policy": document(Principal={"AWS": "*"}, Condition={"Bool": {"aws:SecureTransport": "true"}})},
        {"policy": document(Principal={"AWS": "*"}, Condition={"StringEquals": {"kms:CallerAccount": "1"}})},
    ),
    *(
        pair(
            "public-principal",
            POLICY,
            {"policy": document(Principal="*", Condition=condition)},
            {
                "policy": document(
                    Principal="*", Condition={"StringLike": {"aws:PrincipalArn": "arn:aws:iam::1:role/*"}}
                )
            },
        )
        for condition in (
            {"StringNotEquals": {"aws:PrincipalOrgID": "o"}},
            {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o"}},
            {"StringLike": {"aws:PrincipalArn": "*"}},
            {"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}},
        )
    ),
    pair(
        "public-principal",
        POLICY,
        {"policy": document(NotPrincipal={"AWS": "arn:aws:iam::1:root"})},
        {"policy": document(Effect="Deny", NotPrincipal={"AWS": "arn:aws:iam::1:root"})},
    ),
    pair(
        "public-principal",
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        {"policy": document(Principal="*", Action="ecr:BatchGetImage")},
        {"policy": document(Principal={"AWS": "arn:aws:iam::1:root"}, Action="ecr:BatchGetImage")},
    ),
    pair("public-principal", REGISTRY, {"anonymousPullEnabled": True}, {"anonymousPullEnabled": False}),
    pair(
        "public-principal",
        "gcp:storage/bucketIAMMember:BucketIAMMember",
        {"member": "allUsers", "role": "roles/storage.objectViewer"},
        {"member": "user:a@example.com", "role": "roles/storage.objectViewer"},
    ),
    pair(
        "public-principal",
        "gcp:cloudrunv2/serviceIamBinding:ServiceIamBinding",
        {"members": ["user:a@example.com", "allAuthenticatedUsers"], "role": "roles/run.invoker"},
        {"members": ["user:a@example.com"], "role": "roles/run.invoker"},
    ),
    pair(
        "public-principal",
        "gcp:storage/bucketIAMPolicy:BucketIAMPolicy",
        {"policyData": bound("roles/storage.objectViewer", "user:a@example.com", "allUsers")},
        {"policyData": bound("roles/storage.objectViewer", "user:a@example.com")},
    ),
    pair("uniform-bucket-access", "gcp:storage/bucket:Bucket", {}, {"uniformBucketLevelAccess": True}),
    pair("public-network-access", "aws:sagemaker/model:Model", {}, {"vpcConfig": {"subnets": ["s"]}}),
    pair(
        "public-network-access",
        "aws:sagemaker/notebookInstance:NotebookInstance",
        {},
        {"directInternetAccess": "Disabled"},
    ),
    pair("public-network-access", "aws:rds/instance:Instance", {"publiclyAccessible": True}, {}),
    pair("public-network-access", ACCOUNT, {}, {"publicNetworkAccess": "Disabled"}),
    pair("public-network-access", REGISTRY, {}, {"publicNetworkAccess": "Disabled"}),
    pair("public-network-access", f"{ML}:Workspace", {}, {"publicNetworkAccess": "Disabled"}),
    pair("public-network-access", f"{ML}:OnlineEndpoint", {}, {"properties": {"publicNetworkAccess": "Disabled"}}),
    pair(
        "public-network-access", "azure-native:keyvault:Vault", {}, {"properties": {"publicNetworkAccess": "disabled"}}
    ),
    pair("public-network-access", VERTEX, {}, {"privateServiceConnectConfig": {"enablePrivateServiceConnect": True}}),
    pair("public-network-access", VERTEX, {}, {"network": "projects/1/global/networks/n"}),
    pair(
        "public-network-access",
        "gcp:workbench/instance:Instance",
        {"gceSetup": {}},
        {"gceSetup": {"disablePublicIp": True}},
    ),
]
ACCESS = [
    pair(
        "endpoint-authentication",
        "aws:lambda/functionUrl:FunctionUrl",
        {"authorizationType": "NONE"},
        {"authorizationType": "AWS_IAM"},
    ),
    pair(
        "endpoint-authentication",
        "aws:apigateway/method:Method",
        {"authorization": "NONE"},
        {"authorization": "AWS_IAM"},
    ),
    pair(
        "endpoint-authentication",
        "aws:apigateway/method:Method",
        {"authorization": "NONE", "httpMethod": "GET"},
        {"authorization": "NONE", "httpMethod": "OPTIONS"},
    ),
    pair("endpoint-authentication", "aws:apigatewayv2/route:Route", {}, {"authorizationType": "JWT"}),
    pair(
        "endpoint-authentication", f"{ML}:OnlineEndpoint", {"properties": {}}, {"properties": {"authMode": "AADToken"}}
    ),
    pair(
        "endpoint-authentication", f"{ML}:BatchEndpoint", {"properties": {}}, {"properties": {"authMode": "AADToken"}}
    ),
    pair(
        "endpoint-authentication", f"{ML}:ServerlessEndpoint", {"properties": {}}, {"properties": {"authMode": "Key"}}
    ),
    pair("endpoint-authentication", "gcp:redis/instance:Instance", {}, {"authEnabled": True}),
    pair(
        "endpoint-key-authentication",
        f"{ML}:OnlineEndpoint",
        {"properties": {"authMode": "Key"}},
        {"properties": {"authMode": "AADToken"}},
    ),
    Case("long-lived-credentials", [("aws:iam/accessKey:AccessKey", {"user": "u"})], [("aws:iam/role:Role", {})]),
    Case(
        "long-lived-credentials",
        [("gcp:serviceaccount/key:Key", {"serviceAccountId": "a"})],
        [("gcp:serviceaccount/account:Account", {"accountId": "a"})],
    ),
    pair("long-lived-credentials", ACCOUNT, {}, {"allowSharedKeyAccess": False}),
    pair("long-lived-credentials", REGISTRY, {"adminUserEnabled": True}, {"adminUserEnabled": False}),
]
LOGGING = [
    pair("request-logging", CONFIGURATION, {}, {"dataCaptureConfig": {"enableCapture": True}}),
    pair("request-logging", f"{ML}:OnlineDeployment", {}, {"properties": {"appInsightsEnabled": True}}),
    pair(
        "request-logging",
        f"{ML}:OnlineDeployment",
        {"properties": {"appInsightsEnabled": False}},
        {"properties": {"dataCollector": {"collections": {"request": {}}}}},
    ),
    pair("request-logging", VERTEX, {}, {"predictRequestResponseLoggingConfig": {"enabled": True}}),
    pair(
        "request-logging",
        DEPLOYMENT,
        {"deployments": [{"accessLogging": True}, {"accessLogging": False}]},
        {"deployments": [{"accessLogging": True}]},
    ),
    Case(
        "storage-access-logging",
        [(BUCKET, {"bucket": "b"})],
        [(BUCKET, {"bucket": "b"}), ("aws:s3/bucketLogging:BucketLogging", {"bucket": "b"})],
    ),
    pair("storage-access-logging", "gcp:storage/bucket:Bucket", {}, {"logging": {"logBucket": "l"}}),
    pair("log-retention", "aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 7}, {"retentionInDays": 30}),
    pair("log-retention", "aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 1}, {}),
    pair(
        "log-retention", "azure-native:operationalinsights:Workspace", {"retentionInDays": 7}, {"retentionInDays": 90}
    ),
    pair(
        "log-retention",
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        {"retentionDays": 1},
        {"retentionDays": 30},
    ),
]
PLACEMENT = [
    pair("required-tags", "aws:iam/role:Role", {"tags": {"project": "p"}}, {"tags": TAGGED}),
    pair("required-tags", "azure-native:resources:ResourceGroup", {}, {"tags": TAGGED}),
    pair("required-tags", "gcp:storage/bucket:Bucket", {"labels": {"project": "p"}}, {"labels": TAGGED}),
    # A type that no table names is looked at if it comes with tags.
    pair("required-tags", "aws:sns/topic:Topic", {"tags": {}}, {"name": "n"}),
    pair("allowed-regions", BUCKET, {"region": "us-east-1"}, {"region": "eu-west-1"}),
    pair(
        "allowed-regions", "azure-native:resources:ResourceGroup", {"location": "East US"}, {"location": "West Europe"}
    ),
    pair("allowed-regions", "gcp:storage/bucket:Bucket", {"location": "US"}, {"location": "EUROPE-WEST4"}),
    pair("allowed-regions", "azure-native:storage:StorageAccount", {"location": "eastus"}, {"location": "global"}),
    pair("allowed-regions", "gcp:compute/instance:Instance", {"zone": "us-central1-a"}, {"zone": "europe-west4-b"}),
    pair("allowed-sizes", CONFIGURATION, variant("ml.p4d.24xlarge"), variant("ml.m5.large")),
    pair("allowed-sizes", "aws:ec2/instance:Instance", {"instanceType": "p5.48xlarge"}, {"instanceType": "t3.micro"}),
    pair(
        "allowed-sizes", "aws:rds/instance:Instance", {"instanceClass": "db.r5.large"}, {"instanceClass": "db.t3.micro"}
    ),
    pair(
        "allowed-sizes",
        f"{ML}:OnlineDeployment",
        {"properties": {"instanceType": "Standard_NC24ads_A100_v4"}},
        {"properties": {"instanceType": "Standard_F2s_v2"}},
    ),
    pair(
        "allowed-sizes",
        f"{ML}:Compute",
        {"properties": {"properties": {"vmSize": "Standard_NC6"}}},
        {"properties": {"properties": {"vmSize": "STANDARD_F2S_V2"}}},
    ),
    pair(
        "allowed-sizes", "gcp:compute/instance:Instance", {"machineType": "a2-highgpu-1g"}, {"machineType": "e2-small"}
    ),
    pair(
        "allowed-sizes",
        DEPLOYMENT,
        {"deployments": [{"machineType": "a2-highgpu-1g"}]},
        {"deployments": [{"machineType": "e2-standard-2"}]},
    ),
]
GRANTS = [
    *(
        pair("no-wildcard-actions", type, {"policy": document(Action=bad)}, {"policy": document(Action="s3:Get*")})
        for type, bad in (
            ("aws:iam/policy:Policy", "*"),
            ("aws:iam/rolePolicy:RolePolicy", ["s3:GetObject", "sagemaker:*"]),
            ("aws:iam/userPolicy:UserPolicy", "iam:*"),
            ("aws:iam/groupPolicy:GroupPolicy", "*:*"),
        )
    ),
    pair(
        "no-wildcard-actions",
        "aws:iam/policy:Policy",
        {"policy": document(NotAction="iam:*")},
        {"policy": document(Effect="Deny", Action="*")},
    ),
    pair(
        "no-wildcard-actions",
        "aws:iam/role:Role",
        {"inlinePolicies": [{"name": "n", "policy": document(Action="s3:*")}]},
        {"inlinePolicies": [{"name": "n", "policy": document(Action="s3:GetObject")}]},
    ),
    *(
        pair(
            "no-wildcard-actions",
            "azure-native:authorization:RoleDefinition",
            {"permissions": [{"actions": [wild]}]},
            {"permissions": [{"actions": ["Microsoft.Storage/storageAccounts/read"]}]},
        )
        for wild in ("*", "*/write", "Microsoft.Storage/*")
    ),
    pair(
        "no-wildcard-resources",
        "aws:iam/rolePolicy:RolePolicy",
        {"policy": document(Action=["s3:GetObject", "ecr:GetAuthorizationToken"], Resource="*")},
        {"policy": document(Action="ecr:GetAuthorizationToken", Resource="*")},
    ),
    pair(
        "no-admin-grants",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        {"policyArn": "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"},
        {"policyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"},
    ),
    pair(
        "no-admin-grants",
        "aws:iam/role:Role",
        {"managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]},
        {"managedPolicyArns": ["arn:aws:iam::123:policy/mine"]},
    ),
    *(
        pair(
            "no-admin-grants",
            "azure-native:authorization:RoleAssignment",
            {"roleDefinitionId": OWNER, "scope": scope},
            {"roleDefinitionId": READER, "scope": scope},
        )
        for scope in ("/subscriptions/s", "/providers/Microsoft.Management/managementGroups/g")
    ),
    pair(
        "no-admin-grants",
        "azure-native:authorization:RoleAssignment",
        {"roleDefinitionId": OWNER, "scope": "/subscriptions/s"},
        {"roleDefinitionId": OWNER, "scope": "/subscriptions/s/resourceGroups/g"},
    ),
    *(
        pair(
            "no-admin-grants",
            f"gcp:{level}/iAMMember:IAMMember",
            {"role": "roles/editor", "member": "user:a@example.com"},
            {"role": "roles/storage.admin", "member": "user:a@example.com"},
        )
        for level in ("projects", "folder", "organizations")
    ),
    pair(
        "no-admin-grants",
        "gcp:projects/iAMPolicy:IAMPolicy",
        {"policyData": bound("roles/owner", "user:a@example.com")},
        {"policyData": bound("roles/logging.viewer", "user:a@example.com")},
    ),
    pair(
        "no-project-impersonation",
        "gcp:projects/iAMBinding:IAMBinding",
        {"role": "roles/iam.serviceAccountTokenCreator", "members": ["user:a@example.com"]},
        {"role": "roles/logging.logWriter", "members": ["user:a@example.com"]},
    ),
]
CASES = [*ENCRYPTION, *PUBLIC, *ACCESS, *LOGGING, *PLACEMENT, *GRANTS]
