"""What a bucket's policy denies. The local account's one user may do all, so only denials change anything.

moto knows policies too, but holds a statement whose condition does not apply for a denial.
"""

from collections.abc import Mapping
from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.rights import denies
from trifold.local.aws.api.wire import Call
from trifold.local.aws.cloud import USER_ARN

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html: where the right is not called
# like the operation.
ACTIONS = {
    "HeadObject": "GetObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "DeleteObjects": "DeleteObject",
    "ListParts": "ListMultipartUploadParts",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
}
# The owner can always take a policy back that shuts everybody out.
ALWAYS = ("PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy", "CreateBucket")

# Whoever gets as far as moto may: it has been decided here, and in public_access.py.
FakeBucket.get_permission = lambda self, action, resource: PermissionResult.PERMITTED  # type: ignore[method-assign]


def check(call: Call, emulator: Emulator) -> None:
    """Raises AwsError where the bucket's policy denies an S3 call."""
    bucket = call.parameters.get("Bucket")
    policy = emulator.bucket_policy(bucket) if bucket and call.name not in ALWAYS else None
    if policy is None:
        return
    action = f"s3:{_action(call.name, call.parameters)}"
    for resource in _resources(call.parameters):
        if denies(policy, USER_ARN, action, resource, tls=by_tls(call)):
            raise unauthorized(action, resource, "with an explicit deny in a resource-based policy")


def by_tls(call: Call) -> bool:
    """The door says of a plain request that it is one."""
    return call.raw.headers.get("x-forwarded-proto") != "http"


def unauthorized(action: str, resource: str, why: str) -> AwsError:
    """S3 says who, what, on what and why: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html."""
    said = f'User: {USER_ARN} is not authorized to perform: {action} on resource: "{resource}" {why}'
    return AwsError("AccessDenied", said, 403)


def _action(name: str, given: Mapping[str, Any]) -> str:
    action = ACTIONS.get(name, name)
    versioned = given.get("VersionId") and action in ("GetObject", "DeleteObject")
    return f"{action}Version" if versioned else action


def _resources(given: Mapping[str, Any]) -> list[str]:
    bucket = f"arn:aws:s3:::{given['Bucket']}"
    keys = [one["Key"] for one in given.get("Delete", {}).get("Objects", [])] or [given.get("Key")]
    return [f"{bucket}/{key}" if key else bucket for key in keys]
