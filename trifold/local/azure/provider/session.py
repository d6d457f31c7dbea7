"""A configured provider: its subscription and location, and Resource Manager over plain HTTPS with a token.

Environment variables are the official provider's own (ARM_*); the requests go where the process's proxy sends them.
"""

import os
import time
from typing import Any

import httpx

from trifold.local.azure.cloud import MANAGEMENT_HOST, SUBSCRIPTION
from trifold.local.azure.provider.credentials import Credentials
from trifold.local.azure.provider.retries import persistent, registering
from trifold.protocol.declaration import Failure, InvalidInputs, Values

SUPPORTED = ("subscriptionId", "tenantId", "clientId", "clientSecret", "location", "disablePulumiPartnerId",
             "environment", "useMsi", "useOidc", "oidcToken", "oidcTokenFilePath", "useDefaultAzureCredential",
             "skipProviderRegistration")  # fmt: skip
BUSY = ("InProgress", "Creating", "Updating", "Deleting", "Accepted", "Running")
SETTLE_SECONDS = 1800.0
FIRST_WAIT, LONGEST_WAIT = 0.05, 5.0


class ArmError(Exception):
    """What Resource Manager answered. status: 0 for an operation that failed; accepted: something was begun before."""

    def __init__(self, status: int, code: str, message: str, accepted: bool = False) -> None:
        super().__init__(f'Code="{code}" Message="{message}"' + (f" (status {status})" if status else ""))
        self.status, self.code, self.message, self.accepted = status, code, message, accepted


class Session:
    """What the operations get. Raises InvalidInputs for settings that are not served."""

    def __init__(self, inputs: Values) -> None:
        _refuse_others(inputs)
        self._inputs = inputs
        self.subscription = self._setting("subscriptionId", "ARM_SUBSCRIPTION_ID", SUBSCRIPTION)
        self.location = str(inputs.get("location") or os.environ.get("ARM_LOCATION") or "")
        self._http = httpx.Client(timeout=120)
        self.who = Credentials(inputs, self._http)
        self._send = registering(persistent(self._sent))

    def request(self, method: str, path: str, version: str, body: Any = None) -> httpx.Response:
        """One call; ArmError for any answer that is no success but 404."""
        answer = self._send(method, f"https://{MANAGEMENT_HOST}{path}?api-version={version}", body)
        if answer.status_code >= 400 and answer.status_code != 404:
            raise _error(answer)
        return answer

    def get(self, path: str, version: str) -> Values | None:
        """The resource; None where it is not there."""
        answer = self.request("GET", path, version)
        return None if answer.status_code == 404 else answer.json()

    def post(self, path: str, version: str) -> Values:
        """The answer of an action; ArmError where its resource is not there."""
        answer = self.request("POST", path, version)
        if answer.status_code == 404:
            raise _error(answer)
        return dict(answer.json())

    def put(self, path: str, version: str, body: Any) -> Values:
        """The resource once it is settled. ArmError that is accepted where it was made and is not right."""
        answer = self.request("PUT", path, version, body)
        if answer.status_code == 404:
            raise _error(answer)
        if not self._follow(answer) and answer.content and not _busy(answer.json()):
            return dict(answer.json())
        found = self.settled(path, version)
        if found is None:
            raise ArmError(404, "ResourceNotFound", f"{path} was made and is gone")
        return found

    def settled(self, path: str, version: str) -> Values | None:
        """The resource once nothing is under way with it (an interrupted run may have left something)."""
        found, until = self.get(path, version), time.monotonic() + SETTLE_SECONDS
        while found is not None and _busy(found) and time.monotonic() < until:
            time.sleep(FIRST_WAIT)
            found = self.get(path, version)
        return found

    def delete(self, path: str, version: str) -> None:
        """Gone once this returns; something gone already is a success."""
        answer = self.request("DELETE", path, version)
        if answer.status_code not in (204, 404):
            self._follow(answer)

    def _follow(self, answer: httpx.Response) -> bool:
        """Wait for a long-running operation, if the answer names one."""
        address = answer.headers.get("azure-asyncoperation") or (
            answer.headers.get("location") if answer.status_code == 202 else None
        )
        if not address:
            return False
        wait, until = FIRST_WAIT, time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < until:
            state = self._send("GET", address, None)
            if state.status_code >= 400:
                raise _error(state, accepted=True)
            done = (
                state.json().get("status")
                if state.content
                else ("InProgress" if state.status_code == 202 else "Succeeded")
            )
            if done not in BUSY:
                return _ended(state, str(done))
            time.sleep(wait)
            wait = min(wait * 1.5, LONGEST_WAIT)
        raise ArmError(0, "Timeout", f"the operation at {address} took more than {SETTLE_SECONDS:.0f} s", True)

    def _sent(self, method: str, url: str, body: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.who.bearer()}"}
        return self._http.request(method, url, headers=headers, json=body)

    def _setting(self, name: str, variable: str, default: str) -> str:
        return str(self._inputs.get(name) or os.environ.get(variable) or default)


def _busy(found: Values) -> bool:
    return state_of(found) in BUSY


def state_of(found: Values) -> str:
    """The provisioning state; "" of what has none."""
    return str((found.get("properties") or {}).get("provisioningState") or "")


def _ended(state: httpx.Response, status: str) -> bool:
    if status == "Succeeded" or not state.content or "error" not in state.json():
        return True
    error = state.json()["error"]
    raise ArmError(0, error.get("code", status), error.get("message", status), accepted=True)


def _error(answer: httpx.Response, accepted: bool = False) -> ArmError:
    try:
        error = answer.json()["error"]
        return ArmError(answer.status_code, error["code"], error["message"], accepted)
    except (ValueError, KeyError, TypeError):
        return ArmError(answer.status_code, "Unknown", answer.text[:500], accepted)


def _refuse_others(inputs: Values) -> None:
    others = [name for name, value in inputs.items() if name not in SUPPORTED and value not in (None, "", [], {})]
    if others:
        reason = "is not served by the local Azure provider; leave it out of a local stack"
        raise InvalidInputs(*(Failure(name, reason) for name in sorted(others)))
