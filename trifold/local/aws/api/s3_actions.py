"""S3's rights, which are not called like its operations, and are of a bucket or of what is in it.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

ACTIONS = {
    "ListBuckets": "ListAllMyBuckets",
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
    "GetBucketCors": "GetBucketCORS",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
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
# Of a version, another right than of the newest.
VERSIONED = ("GetObject", "DeleteObject", "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging")
# What a member of the request takes beside the operation's own right.
MEMBERS = {
    "PutObject": {"Tagging": "PutObjectTagging", "ACL": "PutObjectAcl"},
    "CreateMultipartUpload": {"Tagging": "PutObjectTagging"},
    "CopyObject": {"Tagging": "PutObjectTagging"},
    "CreateBucket": {"ObjectOwnership": "PutBucketOwnershipControls", "ACL": "PutBucketAcl"},
}


def needed(name: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Actions and resources, in the order they are asked for."""
    bucket = f"arn:aws:s3:::{given.get('Bucket', '*')}"
    for key, version in _objects(given):
        action = ACTIONS.get(name, name)
        action = action.replace("Object", "ObjectVersion", 1) if version and action in VERSIONED else action
        resource = f"{bucket}/{key}" if key else bucket
        yield f"s3:{action}", resource
        for member, more in MEMBERS.get(name, {}).items():
            if given.get(member):
                yield f"s3:{more}", resource
    if name == "CopyObject":
        yield "s3:GetObject", f"arn:aws:s3:::{_source(given['CopySource'])}"


def _objects(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Keys and versions that a call is about; one without a key is about the bucket."""
    several = [(one["Key"], one.get("VersionId", "")) for one in given.get("Delete", {}).get("Objects", [])]
    return several or [(given.get("Key", ""), given.get("VersionId", ""))]


def _source(given: Any) -> str:
    text = f"{given['Bucket']}/{given['Key']}" if isinstance(given, Mapping) else str(given)
    return text.removeprefix("/").partition("?")[0]
