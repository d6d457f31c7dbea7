"""Whether a caller may: what their policies and the bucket's say, and AWS' own denial where they don't.

The words: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html, S3's with the resource in
quotes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html.
"""

from collections.abc import Mapping

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from trifold.local.aws.api import actions, rights
from trifold.local.aws.api.actions import Right
from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.identity import Principal
from trifold.local.aws.api.wire import Call, Reply
from trifold.local.aws.cloud import ACCOUNT, REGION

# The owner can always take a policy back that shuts everybody out.
ALWAYS = ("PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy", "CreateBucket")
BY_POLICY, BY_RESOURCE = (
    "with an explicit deny in an identity-based policy",
    "with an explicit deny in a resource-based policy",
)
# Services that answer a denial with another code or status than AccessDeniedException, 400.
CODES = {"s3": "AccessDenied", "iam": "AccessDenied", "sts": "AccessDenied"}
FORBIDDEN = ("s3", "iam", "sts", "account", "sagemaker-runtime")
OF_OBJECTS = ("GetObject", "HeadObject", "GetObjectTagging")

# Whoever gets as far as moto may: it has been decided here, and in public_access.py.
FakeBucket.get_permission = lambda self, action, resource: PermissionResult.PERMITTED  # type: ignore[method-assign]


def check(call: Call, caller: Principal, emulator: Emulator) -> None:
    """Raises AwsError for the first right that the caller does not have."""
    if (call.service, call.name) == ("sts", "AssumeRole"):
        return _check_assumed(call, caller, emulator)
    policy = _bucket_policy(call, emulator)
    for right in actions.needed(call, emulator.role_arn):
        why = _refusal(right, caller, policy, _context(call, caller, right), always=call.name in ALWAYS)
        if why:
            raise denied(call.service, caller, right, why)


def hidden(call: Call, caller: Principal | None, emulator: Emulator, reply: Reply) -> Reply:
    """To who may not list a bucket, what is not in it is forbidden instead of missing.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, of the permissions.
    """
    if caller is None or call.service != "s3" or call.name not in OF_OBJECTS or reply.status != 404:
        return reply
    right = Right("s3:ListBucket", f"arn:aws:s3:::{call.parameters['Bucket']}")
    why = _refusal(right, caller, _bucket_policy(call, emulator), _context(call, caller, right))
    if why:
        raise denied("s3", caller, right, why)
    return reply


def denied(service: str, caller: Principal, right: Right, why: str) -> AwsError:
    """The denial in the service's code, status and words."""
    resource = f'"{right.resource}"' if service == "s3" else right.resource
    on = "" if right.resource == "*" else f" on resource: {resource}"
    said = f"User: {caller.arn} is not authorized to perform: {right.action}{on} {why}".rstrip()
    return AwsError(CODES.get(service, "AccessDeniedException"), said, 403 if service in FORBIDDEN else 400)


def by_tls(call: Call) -> bool:
    """The door says of a plain request that it is one."""
    return call.raw.headers.get("x-forwarded-proto") != "http"


def _refusal(right: Right, caller: Principal, policy: str, context: Mapping[str, str], always: bool = False) -> str:
    """Why not; "" if the caller may. A denial anywhere counts more than what allows."""
    asked, tls = (right.action, right.resource), context[rights.SECURE] == "true"
    known = [one for one in (caller.arn, caller.owner) if one]
    if not always and any(rights.denies(policy, one, *asked, tls=tls, owner=caller.owner) for one in known):
        return BY_RESOURCE
    if rights.forbids(caller.policies, *asked, context):
        return BY_POLICY
    if rights.permits(caller.policies, *asked, context) or any(
        rights.allows(policy, one, *asked, tls=tls, owner=caller.owner) for one in known
    ):
        return ""
    return f"because no identity-based policy allows the {right.action} action"


def _check_assumed(call: Call, caller: Principal, emulator: Emulator) -> None:
    """A role is assumed by whom its trust names, by ARN or, where the caller's own policy allows it too, by account."""
    arn = call.parameters["RoleArn"]
    role, right = emulator.role(arn), Right("sts:AssumeRole", arn)
    context = _context(call, caller, right)
    known = [one for one in (caller.arn, caller.owner) if one]
    trusted = role is not None and any(rights.names(role.trust, one, context) for one in known)
    by_name = role is not None and any(rights.names(role.trust, one, context, by_account=False) for one in known)
    allowed = by_name or rights.permits(caller.policies, "sts:AssumeRole", arn, context)
    if not trusted or not allowed or rights.forbids(caller.policies, "sts:AssumeRole", arn, context):
        # Nothing tells a role that is not there from one that does not trust the caller.
        raise denied("sts", caller, right, "")


def _bucket_policy(call: Call, emulator: Emulator) -> str:
    bucket = call.parameters.get("Bucket") if call.service == "s3" else None
    return (emulator.bucket_policy(bucket) if bucket else None) or "{}"


def _context(call: Call, caller: Principal, right: Right) -> dict[str, str]:
    """What conditions may ask of a call."""
    who = {"aws:principalarn": caller.owner or caller.arn, "aws:principalaccount": ACCOUNT}
    return {**who, "aws:requestedregion": REGION, rights.SECURE: str(by_tls(call)).lower(), **right.context}
