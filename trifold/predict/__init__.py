"""Clients of the three endpoints, each through its vendor's own SDK. Same call, same answer; one file a cloud."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What an endpoint answered, and who it says it is.

    state: in the vendor's own words ("InService"). predictions: one for each instance. package_digest: 64 hex digits,
    or the first 32 where the platform only has a label for it. import_seconds: importing the vendor's SDK; seconds: the
    call itself.
    """

    cloud: str
    endpoint_id: str
    state: str
    predictions: list[Any]
    package_digest: str
    import_seconds: float
    seconds: float
