"""What Cloud Storage takes only so often, and the CPUs that a project may serve models with.

https://cloud.google.com/storage/quotas: buckets are made and deleted about every two seconds in a project; one bucket
is changed, and one object written, once a second. Told to callers that try again by themselves (see refusals.py).
"""

import re
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from trifold.local.gcp.api.errors import GoogleError
from trifold.local.gcp.api.hostile import refusals
from trifold.local.gcp.api.wire import Call
from trifold.local.hostile import Hostile

BUCKETS = ("buckets.insert", "buckets.delete")
CHANGES = ("buckets.patch", "buckets.update", "buckets.setIamPolicy")
WRITES = ("objects.insert", "objects.delete", "objects.patch", "objects.update")
EVERY = 1.0
# So many buckets in so many seconds: a burst of some is taken.
BURST, BURST_SECONDS = 5, 10.0
MORE = "See https://cloud.google.com/storage/docs/gcs429."
CPUS = "aiplatform.googleapis.com/custom_model_serving_cpus"
# A number of ours: limits.json has none of Google's.
MOST_CPUS = 20


class Limits:
    """When each thing was changed last, by the hostile cloud's clock."""

    def __init__(self, hostile: Hostile) -> None:
        self._hostile = hostile
        self._last: dict[str, float] = {}
        self._buckets: deque[float] = deque(maxlen=BURST)

    def check(self, call: Call) -> None:
        """Raises RESOURCE_EXHAUSTED for what comes too soon; else it counts."""
        if call.service != "storage" or not refusals.retries(call.raw.headers):
            return
        if call.name in BUCKETS:
            self._check_buckets()
        elif call.name in CHANGES:
            bucket = call.path["bucket"]
            self._check_one(bucket, f"The bucket {bucket} exceeded the rate limit for changes to it.")
        elif call.name in WRITES:
            name = f"{call.path['bucket']}/{call.path.get('object') or call.query.get('name') or call.body.get('name')}"
            mutations = "for object mutation operations (create, update, and delete)"
            self._check_one(name, f"The object {name} exceeded the rate limit {mutations}.")

    def _check_buckets(self) -> None:
        now = self._hostile.clock()
        if len(self._buckets) == BURST and now - self._buckets[0] < BURST_SECONDS:
            raise _too_soon("The project exceeded the rate limit for creating and deleting buckets.")
        self._buckets.append(now)

    def _check_one(self, name: str, words: str) -> None:
        now = self._hostile.clock()
        if now - self._last.get(name, float("-inf")) < EVERY:
            raise _too_soon(words)
        self._last[name] = now


def _too_soon(words: str) -> GoogleError:
    message = f"{words} Please reduce your request rate. {MORE}"
    return GoogleError("RESOURCE_EXHAUSTED", message, reason="rateLimitExceeded")


def fail_late(hostile: Hostile | None, about: str) -> None:
    """Raises INTERNAL, now and then, after a long operation was accepted and did its work."""
    if hostile is not None and hostile.once(f"late {about}", hostile.measures.late):
        raise GoogleError("INTERNAL", "Internal error encountered.")


def check_cpus(used: Iterable[Mapping[str, Any]], wanted: Mapping[str, Any]) -> None:
    """Raises RESOURCE_EXHAUSTED above the project's CPUs. used, wanted: dedicatedResources
    (the words: GoogleCloudPlatform/vertex-ai-samples#2093)."""
    if sum(map(_cpus, used)) + _cpus(wanted) > MOST_CPUS:
        raise GoogleError("RESOURCE_EXHAUSTED", f"The following quota metrics exceed quota limits: {CPUS}")


def _cpus(resources: Mapping[str, Any]) -> int:
    """By the number that a machine type ends in."""
    found = re.search(r"-(\d+)$", resources["machineSpec"]["machineType"])
    return (int(found[1]) if found else 1) * int(resources.get("minReplicaCount") or 1)
