"""Azure ML: the traffic of an online endpoint, set after its deployments exist and taken away before they go.

azure-native can only set it when the endpoint is made, when there is no deployment yet. A PUT of the endpoint replaces
all of it, so what is there is read first and sent back with other weights, as Azure's own SDK does.
"""

import os
from collections.abc import Mapping
from typing import Any

from trifold.plugin.resource_manager import resource_manager
from trifold.protocol.declaration import Failure, InvalidInputs, ResourceType, Values

VERSION = "2025-12-01"
READ_ONLY = ("id", "name", "type", "systemData")


class EndpointTraffics:
    """The id is the endpoint's own in Resource Manager, with `/traffic` at its end."""

    def create(self, session: Any, inputs: Values) -> tuple[str, Values]:
        path = _path(inputs)
        return f"{path}/traffic", _set(session, path, inputs, inputs["traffic"])

    def update(self, session: Any, id: str, old: Values, inputs: Values) -> Values:
        return _set(session, _path(inputs), inputs, inputs["traffic"])

    def read(self, session: Any, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        path = id.removesuffix("/traffic")
        found = resource_manager(session).get(path, VERSION)
        if found is None:
            return None
        weights = _weights(found)
        if not weights:
            return None
        now = {**_names(path), **inputs, "traffic": weights}
        return id, now, {**now, "endpointId": path}

    def delete(self, session: Any, id: str, outputs: Values) -> None:
        """No traffic any more: a deployment that takes some can't be deleted."""
        path = id.removesuffix("/traffic")
        arm = resource_manager(session)
        found = arm.get(path, VERSION)
        if found is not None and _weights(found):
            arm.put(path, VERSION, _with(found, {}))

    def find(self, session: Any, inputs: Values) -> str:
        return f"{_path(inputs)}/traffic"


def _set(session: Any, path: str, inputs: Values, traffic: Mapping[str, Any]) -> Values:
    wanted = {name: int(weight) for name, weight in traffic.items()}
    if sum(wanted.values()) != 100:
        raise InvalidInputs(Failure("traffic", f"must add up to 100, not {sum(wanted.values())}"))
    arm = resource_manager(session)
    found = arm.get(path, VERSION)
    if found is None:
        raise InvalidInputs(Failure("endpointName", f"there is no endpoint {path}"))
    arm.put(path, VERSION, _with(found, wanted))
    now = arm.get(path, VERSION)
    in_effect = _weights(now) if now else {}
    if in_effect != {name: weight for name, weight in wanted.items() if weight}:
        raise RuntimeError(f"the endpoint {path} has the traffic {in_effect}, not {wanted}")
    return {**inputs, "traffic": wanted, "endpointId": path}


def _with(found: Values, traffic: Mapping[str, int]) -> Values:
    """The endpoint as it is, with other weights; what the service alone writes is left out."""
    body = {name: value for name, value in found.items() if name not in READ_ONLY}
    identity = body.get("identity")
    if isinstance(identity, Mapping):
        body["identity"] = _writable(identity)
    kept = ("authMode", "description", "properties", "publicNetworkAccess", "compute", "mirrorTraffic")
    properties = {name: value for name, value in found["properties"].items() if name in kept and value is not None}
    return {**body, "properties": {**properties, "traffic": dict(traffic)}}


def _writable(identity: Mapping[str, Any]) -> Values:
    made: Values = {"type": identity["type"]}
    if identity.get("userAssignedIdentities"):
        made["userAssignedIdentities"] = {id: {} for id in identity["userAssignedIdentities"]}
    return made


def _weights(found: Mapping[str, Any]) -> dict[str, int]:
    traffic = found["properties"].get("traffic") or {}
    return {name: int(weight) for name, weight in traffic.items() if weight}


def _path(inputs: Mapping[str, Any]) -> str:
    subscription = (
        inputs.get("subscriptionId") or os.environ.get("AZURE_SUBSCRIPTION_ID") or os.environ.get("ARM_SUBSCRIPTION_ID")
    )
    if not subscription:
        raise InvalidInputs(Failure("subscriptionId", "is needed: give it, or set AZURE_SUBSCRIPTION_ID"))
    return (
        f"/subscriptions/{subscription}/resourceGroups/{inputs['resourceGroupName']}/providers/"
        f"Microsoft.MachineLearningServices/workspaces/{inputs['workspaceName']}/onlineEndpoints/{inputs['endpointName']}"
    )


def _names(path: str) -> Values:
    steps = path.split("/")
    return {
        "subscriptionId": steps[2],
        "resourceGroupName": steps[4],
        "workspaceName": steps[8],
        "endpointName": steps[10],
    }


TYPES = (
    ResourceType(
        "trifold:azureml:EndpointTraffic",
        "trifold.plugin.resources.azureml:EndpointTrafficArgs",
        EndpointTraffics(),
        replace=("subscriptionId", "resourceGroupName", "workspaceName", "endpointName"),
        delete_first=True,
    ),
)
