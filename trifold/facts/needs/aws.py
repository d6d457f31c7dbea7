"""AWS: by action and ARN."""

from collections.abc import Mapping

from trifold.facts.needs.need import Need

_SAGEMAKER = "arn:aws:sagemaker:{region}:{account}"
_LOGS, _LOG_GROUP = "arn:aws:logs:{region}:{account}:log-group", "/aws/sagemaker/Endpoints/{endpoint}"
_BUCKET = "arn:aws:s3:::{bucket}"
_ECR = "arn:aws:ecr:{region}:{account}:repository/{registry}"
_ROLE = "arn:aws:iam::{account}:role{path}foundation-endpoint-*"
_POLICY = "arn:aws:iam::{account}:policy{path}endpoint-may-invoke-*"
_BUDGET = "arn:aws:budgets::{account}:budget/{budget}"
_SCALED = "arn:aws:application-autoscaling:{region}:{account}:scalable-target/*"
# An alarm's name is Application Auto Scaling's.
_ALARMS = "arn:aws:cloudwatch:{region}:{account}:alarm"
_ALARM = f"{_ALARMS}:TargetTracking-endpoint/{{endpoint}}/*"
_LINKED = (
    "arn:aws:iam::{account}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com"
    "/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
)
_EC2 = "arn:aws:ec2:{region}"

NO_NETWORK = "no local cloud has a network"
NO_KEYS = "no local cloud has a key service"
NO_ALARMS = "the local AWS scales nothing, so it has neither alarms nor the role that moves an endpoint"
NO_VERSIONS = "the local provider makes another policy where the official one makes a version of it"
NO_BOUNDARY = "the local AWS knows no boundary of a role"


def _aws(
    service: str, names: str, on: str = "*", when: str = "", unless: tuple[str, ...] = (), untried: str = ""
) -> Need:
    actions = tuple(f"{service}:{name}" for name in names.split())
    return Need(actions, on, when=when, unless=unless, untried=untried)


NEEDS: Mapping[str, Need] = {
    "aws:s3/bucket:Bucket": _aws(
        "s3",
        "CreateBucket ListBucket ListBucketVersions DeleteBucket GetBucketTagging PutBucketTagging GetBucketPolicy "
        "PutBucketPolicy DeleteBucketPolicy GetBucketVersioning PutBucketVersioning GetEncryptionConfiguration "
        "PutEncryptionConfiguration GetLifecycleConfiguration PutLifecycleConfiguration GetBucketPublicAccessBlock "
        "PutBucketPublicAccessBlock GetBucketAcl GetBucketCORS GetBucketWebsite GetAccelerateConfiguration "
        "GetBucketRequestPayment GetBucketLogging GetReplicationConfiguration GetBucketObjectLockConfiguration",
        _BUCKET,
        unless=("existing.store",),
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": _aws(
        "s3", "PutObject GetObject DeleteObjectVersion PutObjectTagging GetObjectTagging", f"{_BUCKET}/*"
    ),
    "aws:ecr/repository:Repository": _aws(
        "ecr",
        "CreateRepository DescribeRepositories DeleteRepository TagResource UntagResource ListTagsForResource "
        "PutLifecyclePolicy GetLifecyclePolicy DeleteLifecyclePolicy",
        _ECR,
        unless=("existing.registry",),
    ),
    "aws:iam/role:Role": _aws(
        "iam",
        "CreateRole GetRole DeleteRole TagRole UntagRole PutRolePolicy GetRolePolicy DeleteRolePolicy "
        "ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole PassRole",
        _ROLE,
        unless=("existing.identity",),
    ),
    # All but its tags are asked of the group's ARN with something after it, and the list of groups of no group.
    "aws:cloudwatch/logGroup:LogGroup": _aws(
        "logs",
        "CreateLogGroup DeleteLogGroup PutRetentionPolicy",
        f"{_LOGS}:{_LOG_GROUP}:*",
        unless=("existing.logs",),
    ),
    "aws:cloudwatch/logGroup:LogGroup (tags)": _aws(
        "logs",
        "TagResource UntagResource ListTagsForResource",
        f"{_LOGS}:{_LOG_GROUP}",
        unless=("existing.logs",),
    ),
    "aws:cloudwatch/logGroup:LogGroup (all)": _aws("logs", "DescribeLogGroups", f"{_LOGS}::log-stream:*"),
    "aws:sagemaker/model:Model": _aws(
        "sagemaker",
        "CreateModel DescribeModel DeleteModel AddTags DeleteTags ListTags",
        f"{_SAGEMAKER}:model/{{model}}*",
    ),
    # An endpoint is made and moved with a right to its configuration, too.
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": _aws(
        "sagemaker",
        "CreateEndpointConfig DescribeEndpointConfig DeleteEndpointConfig AddTags DeleteTags ListTags "
        "CreateEndpoint UpdateEndpoint",
        f"{_SAGEMAKER}:endpoint-config/{{configuration}}*",
    ),
    "aws:sagemaker/endpoint:Endpoint": _aws(
        "sagemaker",
        "CreateEndpoint DescribeEndpoint UpdateEndpoint DeleteEndpoint AddTags DeleteTags ListTags",
        f"{_SAGEMAKER}:endpoint/{{endpoint}}",
    ),
    # A target's ARN is AWS's to give, and neither list takes one.
    # https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
    "aws:appautoscaling/target:Target": _aws(
        "application-autoscaling",
        "RegisterScalableTarget DeregisterScalableTarget TagResource UntagResource ListTagsForResource",
        _SCALED,
        when="scaling",
    ),
    "aws:appautoscaling/target:Target (all)": _aws(
        "application-autoscaling", "DescribeScalableTargets", when="scaling"
    ),
    "aws:appautoscaling/target:Target (by its own role)": _aws(
        "iam", "CreateServiceLinkedRole", _LINKED, when="scaling", untried=NO_ALARMS
    ),
    "aws:appautoscaling/policy:Policy": _aws(
        "application-autoscaling", "PutScalingPolicy DeleteScalingPolicy", _SCALED, when="scaling"
    ),
    "aws:appautoscaling/policy:Policy (all)": _aws(
        "application-autoscaling", "DescribeScalingPolicies", when="scaling"
    ),
    "aws:appautoscaling/policy:Policy (its alarms)": _aws(
        "cloudwatch", "PutMetricAlarm DeleteAlarms", _ALARM, when="scaling", untried=NO_ALARMS
    ),
    "aws:appautoscaling/policy:Policy (all alarms)": _aws(
        "cloudwatch", "DescribeAlarms", f"{_ALARMS}:*", when="scaling", untried=NO_ALARMS
    ),
    "aws:appautoscaling/policy:Policy (what it moves)": _aws(
        "sagemaker",
        "UpdateEndpointWeightsAndCapacities",
        f"{_SAGEMAKER}:endpoint/{{endpoint}}",
        when="scaling",
        untried=NO_ALARMS,
    ),
    "aws:budgets/budget:Budget": _aws(
        "budgets", "ModifyBudget ViewBudget TagResource UntagResource ListTagsForResource", _BUDGET, when="budget"
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": _aws(
        "ecr",
        "SetRepositoryPolicy GetRepositoryPolicy DeleteRepositoryPolicy",
        _ECR,
        when="network",
        unless=("existing.registry",),
    ),
    "aws:iam/policy:Policy": _aws(
        "iam", "CreatePolicy GetPolicy GetPolicyVersion DeletePolicy TagPolicy", _POLICY, when="network"
    ),
    "aws:iam/policy:Policy (its versions)": _aws(
        "iam",
        "ListPolicyVersions CreatePolicyVersion SetDefaultPolicyVersion DeletePolicyVersion UntagPolicy",
        _POLICY,
        when="network",
        untried=NO_VERSIONS,
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _aws(
        "ec2",
        "CreateVpcEndpoint ModifyVpcEndpoint DeleteVpcEndpoints CreateTags DeleteTags",
        f"{_EC2}:{{account}}:vpc-endpoint/*",
        when="network.make",
        untried=NO_NETWORK,
    ),
    # A VPC and its parts may be shared with the account, and are then another's: {owner}.
    **{
        f"aws:ec2/vpcEndpoint:VpcEndpoint ({what})": _aws(
            "ec2", actions, f"{_EC2}:{{owner}}:{on}", when="network.make", untried=NO_NETWORK
        )
        for what, actions, on in (
            ("its VPC", "CreateVpcEndpoint", "vpc/{network}"),
            ("its subnets", "CreateVpcEndpoint ModifyVpcEndpoint", "subnet/{subnet}"),
            ("its security groups", "CreateVpcEndpoint ModifyVpcEndpoint", "security-group/{group}"),
            ("its routes", "CreateVpcEndpoint ModifyVpcEndpoint", "route-table/{routes}"),
        )
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint (all)": _aws(
        "ec2",
        "DescribeVpcEndpoints DescribePrefixLists DescribeNetworkInterfaces DescribeVpcs DescribeSubnets "
        "DescribeSecurityGroups",
        when="network.make",
        untried=NO_NETWORK,
    ),
    # https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html: private DNS is a hosted zone of AWS's.
    "aws:ec2/vpcEndpoint:VpcEndpoint (its names)": _aws(
        "route53", "AssociateVPCWithHostedZone", when="network.make", untried=NO_NETWORK
    ),
    # The provider looks it up; ECR and SageMaker make grants of their own in the name of who calls them, and S3 asks
    # for a data key, which it takes to decrypt for an object in parts.
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
    "aws:kms/getKey:getKey": _aws("kms", "DescribeKey", "{key}", when="key", untried=NO_KEYS),
    "aws:kms/getKey:getKey (what it encrypts)": _aws(
        "kms", "CreateGrant RetireGrant GenerateDataKey Decrypt", "{key}", when="key", untried=NO_KEYS
    ),
    "aws:cloudwatch/logGroup:LogGroup (its key)": _aws(
        "logs",
        "AssociateKmsKey DisassociateKmsKey",
        f"{_LOGS}:{_LOG_GROUP}:*",
        when="key",
        unless=("existing.logs",),
        untried=NO_KEYS,
    ),
    # It is never taken off again: who may do that is bounded by nothing.
    "aws:iam/role:Role (its boundary)": _aws(
        "iam",
        "PutRolePermissionsBoundary",
        _ROLE,
        when="role.boundary",
        unless=("existing.identity",),
        untried=NO_BOUNDARY,
    ),
    "aws:ecr/getRepository:getRepository": _aws(
        "ecr", "DescribeRepositories DescribeImages ListTagsForResource", "{repository}", when="existing.registry"
    ),
    "aws:iam/getRole:getRole": _aws(
        "iam", "GetRole PutRolePolicy GetRolePolicy DeleteRolePolicy PassRole", "{identity}", when="existing.identity"
    ),
    "aws:s3/getBucket:getBucket": _aws("s3", "ListBucket ListBucketVersions", _BUCKET, when="existing.store"),
    "aws:cloudwatch/getLogGroup:getLogGroup": _aws(
        "logs", "ListTagsForResource", f"{_LOGS}:{_LOG_GROUP}", when="existing.logs"
    ),
}
