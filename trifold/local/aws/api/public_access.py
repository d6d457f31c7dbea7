"""Who comes to S3 without a signature, and what keeps a bucket from being opened to them: S3's Block Public Access.

A bucket is opened by its policy, or an object by an access list of its own where the bucket has them at all (as in AWS,
it does not unless its ownership controls say so). A block that was never put is off here; AWS gives one to new buckets.
"""

from trifold.local.aws.api.actions import Right
from trifold.local.aws.api.authorization import by_tls, denied
from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.errors import AwsError, refused
from trifold.local.aws.api.identity import Principal
from trifold.local.aws.api.rights import allows, denies, is_public
from trifold.local.aws.api.wire import Call

READS = {"GetObject": "s3:GetObject", "HeadObject": "s3:GetObject"}
PRIVATE, PUBLIC = ("private", "bucket-owner-full-control"), "public-read"
EVERYBODY = "*"


def check_anonymous(call: Call, emulator: Emulator) -> None:
    """Raises AwsError unless everybody may do it: read an object, if something opens it and nothing keeps it shut."""
    bucket, key = call.parameters.get("Bucket", ""), call.parameters.get("Key", "")
    if call.name not in READS or not _opened(call, emulator, bucket, key):
        raise AwsError("AccessDenied", "Access Denied", 403)


def _opened(call: Call, emulator: Emulator, bucket: str, key: str) -> bool:
    block, policy = emulator.public_access_block(bucket), emulator.bucket_policy(bucket) or "{}"
    asked = (EVERYBODY, READS[call.name], f"arn:aws:s3:::{bucket}/{key}")
    if denies(policy, *asked, tls=by_tls(call)):
        return False
    by_policy = allows(policy, *asked, tls=by_tls(call)) and "restrict_public_buckets" not in block
    return by_policy or (emulator.is_public_object(bucket, key) and "ignore_public_acls" not in block)


def check(call: Call, caller: Principal, emulator: Emulator) -> None:
    """Raises AwsError where one of the account's own would open what is to stay shut."""
    given = call.parameters if call.service == "s3" else {}
    if given and call.name == "PutBucketPolicy":
        _check_policy(given["Bucket"], given["Policy"], caller, emulator)
    if given and call.name == "PutObject" and "ACL" in given:
        _check_list(given["Bucket"], given["Key"], given["ACL"], caller, emulator)


def _check_policy(bucket: str, policy: str, caller: Principal, emulator: Emulator) -> None:
    if is_public(policy) and "block_public_policy" in emulator.public_access_block(bucket):
        why = "because public policies are blocked by the BlockPublicPolicy block public access setting."
        raise denied("s3", caller, Right("s3:PutBucketPolicy", f"arn:aws:s3:::{bucket}"), why)


def _check_list(bucket: str, key: str, canned: str, caller: Principal, emulator: Emulator) -> None:
    if canned not in (*PRIVATE, PUBLIC):
        raise refused(f"the ACL {canned} of PutObject")
    if canned == PUBLIC and "block_public_acls" in emulator.public_access_block(bucket):
        why = (
            "because public access control lists (ACLs) are blocked by the BlockPublicAcls block public access setting."
        )
        raise denied("s3", caller, Right("s3:PutObject", f"arn:aws:s3:::{bucket}/{key}"), why)
    if canned != "bucket-owner-full-control" and not emulator.has_access_lists(bucket):
        raise AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs")
