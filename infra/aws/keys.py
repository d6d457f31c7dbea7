"""A customer-managed key of AWS KMS, in the words of each service that takes one; without it, the service's own.

The key's policy is its owner's: it must let IAM decide in this account, let `logs.REGION.amazonaws.com` use it, and let
who deploys make grants: docs/how-to/bring-your-own-foundation.md.
"""

from typing import Any

import pulumi_aws as aws
from pulumi import Output


def of_bucket(key: str) -> aws.s3.BucketServerSideEncryptionConfigurationRuleArgsDict:
    """A bucket's default encryption. With a bucket key, S3 asks KMS once for many objects, not once for each."""
    if not key:
        return {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
    default: Any = {"sse_algorithm": "aws:kms", "kms_master_key_id": key}
    return {"apply_server_side_encryption_by_default": default, "bucket_key_enabled": True}


def of_object(key: str) -> dict[str, Any]:
    """An object's own encryption: an existing bucket may have another default."""
    return {"server_side_encryption": "aws:kms", "kms_key_id": key, "bucket_key_enabled": True} if key else {}


def of_repository(key: str) -> aws.ecr.RepositoryEncryptionConfigurationArgsDict:
    """A repository's encryption; it cannot be changed later, so another key is another repository."""
    return {"encryption_type": "KMS", "kms_key": key} if key else {"encryption_type": "AES256"}


def decrypt(key: str, region: str) -> Output[str]:
    """What the endpoint's role needs to read an archive that S3 has encrypted: through S3, and nothing else."""
    statement = {
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": key,
        "Condition": {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
    }
    return Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]})
