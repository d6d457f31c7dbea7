"""Azure ML: the traffic of an online endpoint, set after its deployments exist and taken away before they go.

azure-native can only set it when the endpoint is made, when there is no deployment yet. A PUT of the endpoint replaces
all of it, so what is there is read first and sent back with other weights, as Azure's own SDK does. The requests are
azure-mgmt-core's: azure-ai-ml does the same and takes seconds to import.
"""

import os
from collections.abc import Mapping
from typing import Any

from trifold.protocol.declaration import Failure, InvalidInputs, ResourceType, Values

MANAGEMENT = "https://management.azure.com"
VERSION = "2025-12-01"
SCOPE = f"{MANAGEMENT}/.default"
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
        found = _arm(session).get(path)
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
        arm = _arm(session)
        found = arm.get(path)
        if found is not None and _weights(found):
            arm.put(path, _with(found, {}))

    def find(self, session: Any, inputs: Values) -> str:
        return f"{_path(inputs)}/traffic"


class Arm:
    """Resource Manager through azure-mgmt-core's pipeline: retries, tokens and polling are the SDK's."""

    def __init__(self) -> None:
        from azure.mgmt.core import ARMPipelineClient
        from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

        policy = ARMChallengeAuthenticationPolicy(_credential(), SCOPE)
        self._client: Any = ARMPipelineClient(MANAGEMENT, config=_configuration(policy))

    def get(self, path: str) -> Values | None:
        """The resource; None where it is not there."""
        answer = self._send("GET", path).http_response
        if answer.status_code == 404:
            return None
        _check(answer, 200)
        return dict(answer.json())

    def put(self, path: str, body: Values) -> None:
        """Returns once the change is done; raises the SDK's own error if it fails."""
        from azure.core.polling import LROPoller
        from azure.mgmt.core.polling.arm_polling import ARMPolling

        first = self._send("PUT", path, body)
        _check(first.http_response, 200, 201, 202)
        LROPoller(self._client, first, lambda answer: None, ARMPolling(timeout=2)).result()

    def _send(self, method: str, path: str, body: Values | None = None) -> Any:
        from azure.core.rest import HttpRequest

        request = HttpRequest(method, f"{MANAGEMENT}{path}", params={"api-version": VERSION}, json=body)
        return self._client._pipeline.run(request)


def _arm(session: Any) -> Arm:
    made: Arm = session.once("azure-resource-manager", Arm)
    return made


def _configuration(authentication: Any) -> Any:
    from azure.core.configuration import Configuration
    from azure.core.pipeline import policies

    made: Any = Configuration()
    made.user_agent_policy = policies.UserAgentPolicy("trifold")
    made.headers_policy = policies.HeadersPolicy()
    made.proxy_policy = policies.ProxyPolicy()
    made.redirect_policy = policies.RedirectPolicy()
    made.retry_policy = policies.RetryPolicy()
    made.logging_policy = policies.NetworkTraceLoggingPolicy()
    made.authentication_policy = authentication
    return made


def _credential() -> Any:
    """The credentials azure-native uses where they are in the environment; else what the Azure SDK finds."""
    from azure.identity import ClientSecretCredential, DefaultAzureCredential

    names = ("ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET")
    given = [os.environ.get(name) or "" for name in names]
    return ClientSecretCredential(*given) if all(given) else DefaultAzureCredential()


def _set(session: Any, path: str, inputs: Values, traffic: Mapping[str, Any]) -> Values:
    wanted = {name: int(weight) for name, weight in traffic.items()}
    if sum(wanted.values()) != 100:
        raise InvalidInputs(Failure("traffic", f"must add up to 100, not {sum(wanted.values())}"))
    arm = _arm(session)
    found = arm.get(path)
    if found is None:
        raise InvalidInputs(Failure("endpointName", f"there is no endpoint {path}"))
    arm.put(path, _with(found, wanted))
    now = arm.get(path)
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


def _check(answer: Any, *expected: int) -> None:
    if answer.status_code not in expected:
        from azure.core.exceptions import HttpResponseError
        from azure.mgmt.core.exceptions import ARMErrorFormat

        raise HttpResponseError(response=answer, error_format=ARMErrorFormat)


TYPES = (
    ResourceType(
        "trifold:azureml:EndpointTraffic",
        "trifold.plugin.resources.azureml:EndpointTrafficArgs",
        EndpointTraffics(),
        replace=("subscriptionId", "resourceGroupName", "workspaceName", "endpointName"),
        delete_first=True,
    ),
)
