"""Resource Manager for the kit's own Azure types. The requests are azure-mgmt-core's: azure-ai-ml asks the same, and
takes seconds to import.
"""

import os
from pathlib import Path
from typing import Any

from trifold.protocol.declaration import Values

MANAGEMENT = "https://management.azure.com"
SCOPE = f"{MANAGEMENT}/.default"


class Arm:
    """Resource Manager through azure-mgmt-core's pipeline: retries, tokens and polling are the SDK's."""

    def __init__(self, credential: Any = None) -> None:
        from azure.mgmt.core import ARMPipelineClient
        from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

        policy = ARMChallengeAuthenticationPolicy(credential or _credential(), SCOPE)
        self._client: Any = ARMPipelineClient(MANAGEMENT, config=_configuration(policy))

    def get(self, path: str, version: str) -> Values | None:
        """The resource; None where it is not there."""
        answer = self._send("GET", path, version).http_response
        if answer.status_code == 404:
            return None
        _check(answer, 200)
        return dict(answer.json())

    def put(self, path: str, version: str, body: Values) -> None:
        """Returns once the change is done; raises the SDK's own error if it fails."""
        from azure.core.polling import LROPoller
        from azure.mgmt.core.polling.arm_polling import ARMPolling

        first = self._send("PUT", path, version, body)
        _check(first.http_response, 200, 201, 202)
        LROPoller(self._client, first, lambda answer: None, ARMPolling(timeout=2)).result()

    def post(self, path: str, version: str, body: Values) -> Any:
        """What an action answers."""
        answer = self._send("POST", path, version, body).http_response
        _check(answer, 200)
        return answer.json()

    def delete(self, path: str, version: str, **query: str) -> None:
        """Gone once this returns, as something is that was not there."""
        self._ended(self._send("DELETE", path, version, None, **query))

    def act(self, path: str, version: str) -> None:
        """A POST that answers nothing; done once this returns, as one is on something that was not there."""
        self._ended(self._send("POST", path, version))

    def _ended(self, first: Any) -> None:
        from azure.core.polling import LROPoller
        from azure.mgmt.core.polling.arm_polling import ARMPolling

        if first.http_response.status_code == 404:
            return
        _check(first.http_response, 200, 202, 204)
        if first.http_response.status_code == 202:
            LROPoller(self._client, first, lambda answer: None, ARMPolling(timeout=2)).result()

    def _send(self, method: str, path: str, version: str, body: Values | None = None, **query: str) -> Any:
        from azure.core.rest import HttpRequest

        request = HttpRequest(method, f"{MANAGEMENT}{path}", params={"api-version": version, **query}, json=body)
        return self._client._pipeline.run(request)


def resource_manager(session: Any) -> Arm:
    """One for a session."""
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
    from azure.identity import ClientAssertionCredential, ClientSecretCredential, DefaultAzureCredential

    tenant, client, secret = (os.environ.get(name) or "" for name in ("ARM_TENANT_ID", "ARM_CLIENT_ID",
                                                                      "ARM_CLIENT_SECRET"))  # fmt: skip
    if tenant and client and os.environ.get("ARM_USE_OIDC", "").lower() == "true":
        return ClientAssertionCredential(tenant, client, _pipeline_token)
    if tenant and client and secret:
        return ClientSecretCredential(tenant, client, secret)
    return DefaultAzureCredential()


def _pipeline_token() -> str:
    """What the pipeline says of itself: read each time, since it lasts some minutes."""
    path = os.environ.get("ARM_OIDC_TOKEN_FILE_PATH")
    return os.environ.get("ARM_OIDC_TOKEN") or (Path(path).read_text().strip() if path else "")


def _check(answer: Any, *expected: int) -> None:
    if answer.status_code not in expected:
        from azure.core.exceptions import HttpResponseError
        from azure.mgmt.core.exceptions import ARMErrorFormat

        raise HttpResponseError(response=answer, error_format=ARMErrorFormat)
