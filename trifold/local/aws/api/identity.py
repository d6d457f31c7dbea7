"""Who the caller is: the one user of the local account, whose key `trifold local env` gives out."""

from collections.abc import Mapping

from trifold.local.aws.api.wire import Call
from trifold.local.aws.cloud import ACCOUNT, USER_ARN


async def caller_identity(call: Call) -> Mapping[str, str]:
    """STS GetCallerIdentity."""
    return {"UserId": "AIDALOCALUSER00000000", "Account": ACCOUNT, "Arn": USER_ARN}
