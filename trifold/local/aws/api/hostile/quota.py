"""What a new account has no room for, and instances that AWS does not have just then.

Quotas are those that `ServiceQuotas` tells (../standing.py). Capacity is found missing after the call was accepted, of
an update by the draw. An endpoint that is made fails so only where that is certain, in a test of its own: the
official provider gives up on it, so that it takes another `up`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.sagemaker import words
from trifold.local.aws.api.sagemaker.archive import LaunchFailed
from trifold.local.aws.api.standing import instances
from trifold.local.hostile import Hostile

CERTAIN = 1.0


def check_quota(
    hostile: Hostile | None, used: Iterable[Mapping[str, Any]], wanted: Iterable[Mapping[str, Any]]
) -> None:
    """Raises AwsError above the account's quota. used, wanted: variants, by their instance type and count."""
    if hostile is None:
        return
    have = _counted(used)
    for size, more in _counted(wanted).items():
        if have[size] + more > instances(size):
            raise AwsError("ResourceLimitExceeded", words.over_quota(size, instances(size), have[size], more))


def check_capacity(hostile: Hostile | None, operation: str) -> None:
    """Raises LaunchFailed where there are no instances to be had."""
    if hostile is None:
        return
    share = hostile.measures.late
    if (share >= CERTAIN or operation != "CreateEndpoint") and hostile.once(f"late {operation}", share):
        raise LaunchFailed(words.NO_CAPACITY)


def _counted(variants: Iterable[Mapping[str, Any]]) -> Counter[str]:
    count: Counter[str] = Counter()
    for one in variants:
        count[one["InstanceType"]] += one["InitialInstanceCount"]
    return count
