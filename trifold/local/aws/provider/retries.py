"""What terraform-provider-aws, under Pulumi's own, tries again because AWS needs a while: that, and nothing else.

Read in its internal/service: s3/service_package.go (OperationAborted), s3/bucket.go, bucket_policy.go,
bucket_public_access_block.go (NoSuchBucket; what was put is waited for), iam/role.go, role_policy.go (the same; an
invalid principal; ConcurrentModification since #39429; DeleteConflict), sagemaker/model.go (any ValidationException).
It waits up to two minutes for what takes real clouds that long, and local ones seconds.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
SECONDS = 30.0
FIRST, LONGEST = 0.1, 1.0
# Times that its S3 client tries, by `max_retries`, whatever it is refused with: one conflict after the other, then a
# throttled call.
TIMES = 25
REFUSED = ("OperationAborted", "SlowDown", "ServiceUnavailable")


def again(call: Callable[[], T], *codes: str, word: str = "") -> T:
    """What the call gives, once it is not refused by one of the codes (and the word, if given) any more."""
    from botocore.exceptions import ClientError

    end, pause = time.monotonic() + SECONDS, FIRST
    while True:
        try:
            return call()
        except ClientError as error:
            said = error.response["Error"]
            if said["Code"] not in codes or word not in said["Message"] or time.monotonic() > end:
                raise
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST)


def found(look: Callable[[], T | None]) -> T | None:
    """What is there once it is; None if it never is."""
    end, pause = time.monotonic() + SECONDS, FIRST
    while (one := look()) is None and time.monotonic() < end:
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST)
    return one


def through_conflicts(client: Any) -> Any:
    """The S3 client that tries again where another change of the bucket is under way, or it is refused for now."""
    client.meta.events.register_first("needs-retry.s3", _unless_through)
    return client


def _unless_through(response: Any, attempts: int, **_: Any) -> float | None:
    """How long to wait before it is tried again, None to leave that to the client."""
    code = response[1].get("Error", {}).get("Code") if response is not None else None
    return min(FIRST * attempts, LONGEST) if code in REFUSED and attempts < TIMES else None
