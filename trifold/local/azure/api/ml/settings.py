"""A deployment's settings with Azure ML's defaults where the caller set none, and the limits it is held to.

Defaults: https://learn.microsoft.com/azure/machine-learning/reference-yaml-deployment-managed-online
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trifold.local.azure.api.errors import invalid, refused
from trifold.local.azure.api.ml.durations import duration, seconds

LONGEST_REQUEST = 180.0
MOST_INSTANCES = 50


@dataclass(frozen=True)
class Requests:
    """timeout, queue: seconds. concurrency: requests one instance works on at a time."""

    timeout: float
    queue: float
    concurrency: int


@dataclass(frozen=True)
class Probe:
    """Seconds, and how many failures in a row end the patience."""

    initial_delay: float
    period: float
    timeout: float
    failures: int
    successes: int


REQUESTS = {"maxConcurrentRequestsPerInstance": 1, "requestTimeout": "PT5S", "maxQueueWait": "PT0.5S"}
LIVENESS = {
    "failureThreshold": 30,
    "successThreshold": 1,
    "timeout": "PT2S",
    "period": "PT10S",
    "initialDelay": "PT10S",
}


def filled(properties: dict[str, Any]) -> None:
    """Put the defaults in, in the shape the service shows them; refuse what cannot be."""
    if properties.get("endpointComputeType", "").lower() != "managed":
        raise refused(f"endpointComputeType {properties.get('endpointComputeType')}")
    if not properties.get("environmentId"):
        raise refused("a deployment without an environment")
    if not properties.get("instanceType"):
        raise invalid("The field instanceType is required.", "UserError")
    scale = properties.get("scaleSettings") or {}
    if scale.get("scaleType", "Default").lower() != "default":
        raise refused(f"scaleSettings of type {scale['scaleType']}")
    properties["scaleSettings"] = {"scaleType": "Default"}
    properties["requestSettings"] = _spelled({**REQUESTS, **(properties.get("requestSettings") or {})})
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if name != "startupProbe" or properties.get(name):
            properties[name] = _spelled({**LIVENESS, **(properties.get(name) or {})})
    properties.setdefault("appInsightsEnabled", False)
    properties.setdefault("egressPublicNetworkAccess", "Enabled")
    properties.setdefault("environmentVariables", {})
    properties.setdefault("properties", {})
    if requests(properties).timeout > LONGEST_REQUEST:
        raise invalid("requestTimeout must not be longer than 180 seconds.", "UserError")
    if requests(properties).concurrency < 1:
        raise invalid("maxConcurrentRequestsPerInstance must be at least 1.", "UserError")


def capacity(body: Mapping[str, Any]) -> int:
    """The number of instances."""
    found = (body.get("sku") or {}).get("capacity") or 1
    if not 1 <= found <= MOST_INSTANCES:
        raise invalid(f"The instance count must be between 1 and {MOST_INSTANCES}, not {found}.", "UserError")
    return int(found)


def requests(properties: Mapping[str, Any]) -> Requests:
    given = properties["requestSettings"]
    queue = seconds(given["maxQueueWait"])
    return Requests(seconds(given["requestTimeout"]), queue, given["maxConcurrentRequestsPerInstance"])


def probe(properties: Mapping[str, Any], name: str) -> Probe:
    given = properties[name]
    return Probe(
        seconds(given["initialDelay"]),
        seconds(given["period"]),
        seconds(given["timeout"]),
        given["failureThreshold"],
        given["successThreshold"],
    )


def _spelled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: duration(seconds(value)) if isinstance(value, str) else value for name, value in values.items()}
