"""Policy documents on their way in: JSON, or the vendor's refusal. moto takes some that are not."""

import json

from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.wire import Call

FIELDS = ("AssumeRolePolicyDocument", "PolicyDocument", "Policy")


def check(call: Call) -> None:
    """Raises AwsError for a policy that is not a JSON object with statements."""
    if call.service not in ("iam", "s3"):
        return
    for field in FIELDS:
        if isinstance(text := call.parameters.get(field), str | bytes) and not _is_policy(text):
            raise _malformed(call.service)


def _is_policy(text: str | bytes) -> bool:
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and isinstance(found.get("Statement"), list | dict)


def _malformed(service: str) -> AwsError:
    if service == "s3":
        return AwsError("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'", 400)
    return AwsError("MalformedPolicyDocument", "This policy contains invalid Json", 400)
