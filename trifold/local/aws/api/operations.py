"""What the local AWS does: every operation, with the fields that act and those that are only kept.

The gate refuses all else with 501; `trifold local support` makes the page from this table. Paths as in `schema.leaves`.
"""

from collections.abc import Iterator

from trifold.local.support import Operation

OBJECT_HEADERS = "CacheControl ContentDisposition ContentEncoding ContentLanguage ContentType Metadata Tagging"
CHECKSUMS = "ChecksumAlgorithm ChecksumCRC32 ChecksumSHA1 ChecksumSHA256"
ENCRYPTION = "ServerSideEncryption SSEKMSKeyId BucketKeyEnabled"
BUCKET_PUT = "Bucket ContentMD5 ChecksumAlgorithm"
LISTING = "Bucket Prefix Delimiter MaxKeys EncodingType"
NOTHING_EXPIRES = "Nothing expires here: the rules are kept and read back."
NOBODY_TOLD = "Cost budgets of a month. Kept and read back; nothing is spent here, so nobody is told."
NO_LOAD = "Kept and read back; no alarm watches a local endpoint, so nothing is scaled by it."

# service, operation, acting fields, stored fields, note
TABLE: tuple[tuple[str, str, str, str, str], ...] = (
    ("s3", "CreateBucket", "Bucket ObjectOwnership", "ACL", "Names are checked; the location is us-east-1."),
    ("s3", "DeleteBucket", "Bucket", "", ""),
    ("s3", "HeadBucket", "Bucket", "", ""),
    ("s3", "ListBuckets", "Prefix", "", ""),
    ("s3", "GetBucketLocation", "Bucket", "", ""),
    ("s3", "PutBucketVersioning", f"{BUCKET_PUT} VersioningConfiguration.Status", "", ""),
    ("s3", "GetBucketVersioning", "Bucket", "", ""),
    ("s3", "PutBucketEncryption", BUCKET_PUT, "ServerSideEncryptionConfiguration", "Objects are not encrypted here."),
    ("s3", "GetBucketEncryption", "Bucket", "", ""),
    ("s3", "DeleteBucketEncryption", "Bucket", "", ""),
    ("s3", "PutPublicAccessBlock", BUCKET_PUT, "PublicAccessBlockConfiguration",
     "All four act; a bucket has none until it is put, and AWS gives one to new buckets."),
    ("s3", "GetPublicAccessBlock", "Bucket", "", ""),
    ("s3", "DeletePublicAccessBlock", "Bucket", "", ""),
    ("s3", "PutBucketLifecycleConfiguration", "Bucket ChecksumAlgorithm", "LifecycleConfiguration", NOTHING_EXPIRES),
    ("s3", "GetBucketLifecycleConfiguration", "Bucket", "", ""),
    ("s3", "DeleteBucketLifecycle", "Bucket", "", ""),
    ("s3", "PutBucketPolicy", f"{BUCKET_PUT} Policy", "",
     "By principal, action, resource, account and TLS; who comes without a signature may read what is allowed to "
     "everybody."),
    ("s3", "GetBucketPolicy", "Bucket", "", ""),
    ("s3", "DeleteBucketPolicy", "Bucket", "", ""),
    ("s3", "PutBucketTagging", BUCKET_PUT, "Tagging", ""),
    ("s3", "GetBucketTagging", "Bucket", "", ""),
    ("s3", "DeleteBucketTagging", "Bucket", "", ""),
    ("s3", "PutBucketOwnershipControls", f"{BUCKET_PUT} OwnershipControls", "", "Whether objects may have an ACL."),
    ("s3", "GetBucketOwnershipControls", "Bucket", "", ""),
    ("s3", "DeleteBucketOwnershipControls", "Bucket", "", ""),
    (
        "s3",
        "PutObject",
        f"Bucket Key ACL Body ContentLength ContentMD5 {CHECKSUMS} {OBJECT_HEADERS}",
        f"{ENCRYPTION} StorageClass",
        "ACL: private, public-read (where the bucket's ownership controls allow it) or bucket-owner-full-control.",
    ),
    ("s3", "GetObject", "Bucket Key VersionId Range IfMatch IfNoneMatch IfModifiedSince IfUnmodifiedSince ChecksumMode "
     "ResponseCacheControl ResponseContentDisposition ResponseContentType", "", ""),
    ("s3", "HeadObject", "Bucket Key VersionId IfMatch IfNoneMatch IfModifiedSince IfUnmodifiedSince ChecksumMode",
     "", ""),
    ("s3", "DeleteObject", "Bucket Key VersionId", "", ""),
    ("s3", "DeleteObjects", "Bucket Delete ChecksumAlgorithm", "", ""),
    ("s3", "CopyObject", f"Bucket Key CopySource MetadataDirective TaggingDirective {OBJECT_HEADERS}", ENCRYPTION, ""),
    ("s3", "ListObjects", f"{LISTING} Marker", "", ""),
    ("s3", "ListObjectsV2", f"{LISTING} ContinuationToken StartAfter FetchOwner", "", ""),
    ("s3", "ListObjectVersions", f"{LISTING} KeyMarker VersionIdMarker", "", ""),
    ("s3", "PutObjectTagging", f"{BUCKET_PUT} Key VersionId Tagging", "", ""),
    ("s3", "GetObjectTagging", "Bucket Key VersionId", "", ""),
    ("s3", "DeleteObjectTagging", "Bucket Key VersionId", "", ""),
    ("s3", "CreateMultipartUpload", f"Bucket Key ChecksumAlgorithm ChecksumType {OBJECT_HEADERS}",
     f"{ENCRYPTION} StorageClass", ""),
    ("s3", "UploadPart", f"Bucket Key PartNumber UploadId Body ContentLength ContentMD5 {CHECKSUMS}", "", ""),
    ("s3", "CompleteMultipartUpload", "Bucket Key UploadId MultipartUpload ChecksumType", "", ""),
    ("s3", "AbortMultipartUpload", "Bucket Key UploadId", "", ""),
    ("s3", "ListParts", "Bucket Key UploadId MaxParts PartNumberMarker", "", ""),
    ("s3", "ListMultipartUploads", "Bucket Prefix", "", ""),
    ("iam", "CreateRole", "RoleName Path AssumeRolePolicyDocument Tags", "Description MaxSessionDuration",
     "What its policies allow is all that SageMaker, and who assumes it, may do as the role."),
    ("iam", "GetRole", "RoleName", "", ""),
    ("iam", "ListRoles", "PathPrefix Marker MaxItems", "", ""),
    ("iam", "DeleteRole", "RoleName", "", ""),
    ("iam", "UpdateRole", "RoleName", "Description MaxSessionDuration", ""),
    ("iam", "UpdateAssumeRolePolicy", "RoleName PolicyDocument", "", ""),
    ("iam", "TagRole", "RoleName Tags", "", ""),
    ("iam", "UntagRole", "RoleName TagKeys", "", ""),
    ("iam", "ListRoleTags", "RoleName Marker MaxItems", "", ""),
    ("iam", "PutRolePolicy", "RoleName PolicyName PolicyDocument", "", ""),
    ("iam", "GetRolePolicy", "RoleName PolicyName", "", ""),
    ("iam", "DeleteRolePolicy", "RoleName PolicyName", "", ""),
    ("iam", "ListRolePolicies", "RoleName", "", ""),
    ("iam", "CreatePolicy", "PolicyName Path PolicyDocument Tags", "Description", ""),
    ("iam", "GetPolicy", "PolicyArn", "", ""),
    ("iam", "GetPolicyVersion", "PolicyArn VersionId", "", ""),
    ("iam", "ListPolicies", "Scope PathPrefix Marker MaxItems", "", ""),
    ("iam", "DeletePolicy", "PolicyArn", "", ""),
    ("iam", "AttachRolePolicy", "RoleName PolicyArn", "", ""),
    ("iam", "DetachRolePolicy", "RoleName PolicyArn", "", ""),
    ("iam", "ListAttachedRolePolicies", "RoleName PathPrefix Marker MaxItems", "", ""),
    ("iam", "ListInstanceProfilesForRole", "RoleName", "", ""),
    ("iam", "CreateUser", "UserName Path Tags", "", "What its policies allow is all that its keys let it do."),
    ("iam", "GetUser", "UserName", "", ""),
    ("iam", "DeleteUser", "UserName", "", ""),
    ("iam", "TagUser", "UserName Tags", "", ""),
    ("iam", "CreateAccessKey", "UserName", "", ""),
    ("iam", "UpdateAccessKey", "UserName AccessKeyId Status", "", ""),
    ("iam", "ListAccessKeys", "UserName Marker MaxItems", "", ""),
    ("iam", "DeleteAccessKey", "UserName AccessKeyId", "", ""),
    ("iam", "PutUserPolicy", "UserName PolicyName PolicyDocument", "", ""),
    ("iam", "GetUserPolicy", "UserName PolicyName", "", ""),
    ("iam", "DeleteUserPolicy", "UserName PolicyName", "", ""),
    ("iam", "ListUserPolicies", "UserName", "", ""),
    ("iam", "AttachUserPolicy", "UserName PolicyArn", "", ""),
    ("iam", "DetachUserPolicy", "UserName PolicyArn", "", ""),
    ("iam", "ListAttachedUserPolicies", "UserName PathPrefix Marker MaxItems", "", ""),
    ("iam", "SimulatePrincipalPolicy", "PolicySourceArn ActionNames ResourceArns MaxItems Marker", "",
     "The administrator may do all; a role or a user, what its own and attached policies allow."),
    ("account", "GetRegionOptStatus", "RegionName", "", "The one region is on, and no other."),
    ("service-quotas", "ListServiceQuotas", "ServiceCode MaxResults NextToken", "",
     "SageMaker's for endpoints: 0 for ml.m5.large as on a new account, else a number of ours; none is enforced."),
    ("sts", "GetCallerIdentity", "", "", ""),
    ("sts", "AssumeRole", "RoleArn RoleSessionName DurationSeconds", "",
     "By whom the role's trust policy names; a session may do what the role may."),
    ("ecr", "CreateRepository", "repositoryName tags imageTagMutability", "imageScanningConfiguration "
     "encryptionConfiguration", "No image can be pushed to it here: a registry is not emulated."),
    ("ecr", "DescribeRepositories", "repositoryNames", "", ""),
    ("ecr", "DeleteRepository", "repositoryName force", "", ""),
    ("ecr", "PutLifecyclePolicy", "repositoryName", "lifecyclePolicyText", NOTHING_EXPIRES),
    ("ecr", "GetLifecyclePolicy", "repositoryName", "", ""),
    ("ecr", "DeleteLifecyclePolicy", "repositoryName", "", ""),
    ("ecr", "PutImageTagMutability", "repositoryName imageTagMutability", "", ""),
    ("ecr", "PutImageScanningConfiguration", "repositoryName", "imageScanningConfiguration", ""),
    ("ecr", "ListImages", "repositoryName", "", ""),
    ("ecr", "TagResource", "resourceArn tags", "", ""),
    ("ecr", "UntagResource", "resourceArn tagKeys", "", ""),
    ("ecr", "ListTagsForResource", "resourceArn", "", ""),
    ("logs", "CreateLogGroup", "logGroupName tags", "", ""),
    ("logs", "DescribeLogGroups", "logGroupNamePrefix limit nextToken", "", ""),
    ("logs", "DeleteLogGroup", "logGroupName", "", ""),
    ("logs", "PutRetentionPolicy", "logGroupName", "retentionInDays", NOTHING_EXPIRES),
    ("logs", "DeleteRetentionPolicy", "logGroupName", "", ""),
    ("logs", "TagResource", "resourceArn tags", "", ""),
    ("logs", "UntagResource", "resourceArn tagKeys", "", ""),
    ("logs", "ListTagsForResource", "resourceArn", "", ""),
    ("logs", "DescribeLogStreams", "logGroupName logStreamNamePrefix orderBy descending limit nextToken", "", ""),
    ("logs", "GetLogEvents", "logGroupName logStreamName startTime endTime limit nextToken startFromHead", "", ""),
    ("logs", "FilterLogEvents", "logGroupName logStreamNames startTime endTime filterPattern limit "
     "nextToken interleaved", "", ""),
    ("application-autoscaling", "RegisterScalableTarget", "ServiceNamespace ResourceId ScalableDimension Tags",
     "MinCapacity MaxCapacity RoleARN SuspendedState", NO_LOAD),
    ("application-autoscaling", "DescribeScalableTargets",
     "ServiceNamespace ResourceIds ScalableDimension MaxResults", "", ""),
    ("application-autoscaling", "DeregisterScalableTarget", "ServiceNamespace ResourceId ScalableDimension", "", ""),
    ("application-autoscaling", "PutScalingPolicy", "PolicyName ServiceNamespace ResourceId ScalableDimension",
     "PolicyType TargetTrackingScalingPolicyConfiguration", NO_LOAD),
    ("application-autoscaling", "DescribeScalingPolicies",
     "PolicyNames ServiceNamespace ResourceId ScalableDimension MaxResults", "", ""),
    ("application-autoscaling", "DeleteScalingPolicy",
     "PolicyName ServiceNamespace ResourceId ScalableDimension", "", ""),
    ("application-autoscaling", "ListTagsForResource", "ResourceARN", "", ""),
    ("application-autoscaling", "TagResource", "ResourceARN Tags", "", ""),
    ("application-autoscaling", "UntagResource", "ResourceARN TagKeys", "", ""),
    ("budgets", "CreateBudget", "AccountId Budget.BudgetName",
     "Budget.BudgetLimit Budget.CostFilters Budget.CostTypes Budget.TimeUnit Budget.TimePeriod Budget.BudgetType "
     "NotificationsWithSubscribers ResourceTags", NOBODY_TOLD),
    ("budgets", "DescribeBudget", "AccountId BudgetName", "", ""),
    ("budgets", "UpdateBudget", "AccountId NewBudget.BudgetName",
     "NewBudget.BudgetLimit NewBudget.CostFilters NewBudget.CostTypes NewBudget.TimeUnit NewBudget.TimePeriod "
     "NewBudget.BudgetType", ""),
    ("budgets", "DeleteBudget", "AccountId BudgetName", "", ""),
    ("budgets", "CreateNotification", "AccountId BudgetName", "Notification Subscribers", NOBODY_TOLD),
    ("budgets", "DeleteNotification", "AccountId BudgetName Notification", "", ""),
    ("budgets", "DescribeNotificationsForBudget", "AccountId BudgetName", "", ""),
    ("budgets", "DescribeSubscribersForNotification", "AccountId BudgetName Notification", "", ""),
    ("budgets", "ListTagsForResource", "ResourceARN", "", ""),
    ("budgets", "TagResource", "ResourceARN ResourceTags", "", ""),
    ("budgets", "UntagResource", "ResourceARN ResourceTagKeys", "", ""),
    ("sagemaker", "CreateModel", "ModelName ExecutionRoleArn Tags PrimaryContainer.Image PrimaryContainer.ModelDataUrl "
     "PrimaryContainer.Environment", "PrimaryContainer.Mode EnableNetworkIsolation",
     "The role must trust SageMaker, may pull the image and read the model data; the archive must be there."),
    ("sagemaker", "DescribeModel", "ModelName", "", ""),
    ("sagemaker", "DeleteModel", "ModelName", "", ""),
    ("sagemaker", "ListModels", "NameContains SortBy SortOrder MaxResults NextToken", "", ""),
    ("sagemaker", "CreateEndpointConfig", "EndpointConfigName Tags ProductionVariants[].VariantName "
     "ProductionVariants[].ModelName ProductionVariants[].InitialInstanceCount "
     "ProductionVariants[].InitialVariantWeight "
     "ProductionVariants[].ModelDataDownloadTimeoutInSeconds "
     "ProductionVariants[].ContainerStartupHealthCheckTimeoutInSeconds",
     "ProductionVariants[].InstanceType", "An instance is one process of this machine, whatever its type."),
    ("sagemaker", "DescribeEndpointConfig", "EndpointConfigName", "", ""),
    ("sagemaker", "DeleteEndpointConfig", "EndpointConfigName", "", ""),
    ("sagemaker", "ListEndpointConfigs", "NameContains SortBy SortOrder MaxResults NextToken", "", ""),
    ("sagemaker", "CreateEndpoint", "EndpointName EndpointConfigName Tags", "", "A process for each instance."),
    ("sagemaker", "UpdateEndpoint",
     "EndpointName EndpointConfigName RetainAllVariantProperties ExcludeRetainedVariantProperties", "",
     "All at once: traffic moves when every new instance is healthy; the old ones finish what they have."),
    ("sagemaker", "UpdateEndpointWeightsAndCapacities", "EndpointName DesiredWeightsAndCapacities[].VariantName "
     "DesiredWeightsAndCapacities[].DesiredWeight DesiredWeightsAndCapacities[].DesiredInstanceCount", "", ""),
    ("sagemaker", "DescribeEndpoint", "EndpointName", "", ""),
    ("sagemaker", "DeleteEndpoint", "EndpointName", "", ""),
    ("sagemaker", "ListEndpoints", "NameContains StatusEquals SortBy SortOrder MaxResults NextToken", "", ""),
    ("sagemaker", "AddTags", "ResourceArn Tags", "", ""),
    ("sagemaker", "ListTags", "ResourceArn MaxResults NextToken", "", ""),
    ("sagemaker", "DeleteTags", "ResourceArn TagKeys", "", ""),
    ("sagemaker-runtime", "InvokeEndpoint", "EndpointName Body ContentType Accept CustomAttributes TargetVariant", "",
     "25 MB and 60 seconds, as SageMaker's."),
)  # fmt: skip


def _declared() -> Iterator[Operation]:
    for service, name, acting, stored, note in TABLE:
        yield Operation(service, name, tuple(acting.split()), tuple(stored.split()), note)


OPERATIONS = {(operation.service, operation.name): operation for operation in _declared()}
