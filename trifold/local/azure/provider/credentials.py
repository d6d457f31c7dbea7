"""Who the provider signs in as: the application that has a secret, or an identity that trusts a pipeline's token.

Settings and environment variables are the official provider's own (useOidc, oidcToken, oidcTokenFilePath; ARM_*).
"""

import json
import os
import threading
import time
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

import httpx

from trifold.local.azure.cloud import CLIENT_ID, CLIENT_SECRET, LOGIN_HOST, MANAGEMENT_HOST, TENANT
from trifold.protocol.declaration import Failure, InvalidInputs, Values

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EARLY_SECONDS = 300


class SignInFailed(Exception):
    """Entra ID's own words."""


class Credentials:
    """Tokens for Resource Manager, each as long as it lasts."""

    def __init__(self, inputs: Values, http: httpx.Client) -> None:
        self._inputs, self._http = inputs, http
        self.tenant = self._setting("tenantId", "ARM_TENANT_ID", TENANT)
        self.client_id = self._setting("clientId", "ARM_CLIENT_ID", CLIENT_ID)
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0

    @property
    def object_id(self) -> str:
        """Of the principal, as its token says it."""
        body = self.bearer().split(".")[1]
        return str(json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))["oid"])

    def bearer(self) -> str:
        with self._lock:
            if time.monotonic() > self._until:
                self._sign_in()
            return self._token

    def _sign_in(self) -> None:
        form = {"grant_type": "client_credentials", "client_id": self.client_id, **self._proof(),
                "scope": f"https://{MANAGEMENT_HOST}/.default"}  # fmt: skip
        answer = self._http.post(f"https://{LOGIN_HOST}/{self.tenant}/oauth2/v2.0/token", data=form)
        if answer.status_code != 200:
            raise SignInFailed(answer.json()["error_description"])
        granted = answer.json()
        self._token = granted["access_token"]
        self._until = time.monotonic() + granted["expires_in"] - EARLY_SECONDS

    def _proof(self) -> dict[str, str]:
        if str(self._setting("useOidc", "ARM_USE_OIDC", "")).lower() != "true":
            return {"client_secret": self._setting("clientSecret", "ARM_CLIENT_SECRET", CLIENT_SECRET)}
        token = self._setting("oidcToken", "ARM_OIDC_TOKEN", "")
        path = self._setting("oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH", "")
        if not token and not path:
            raise InvalidInputs(Failure("oidcToken", "is needed with useOidc, or oidcTokenFilePath"))
        return {"client_assertion_type": ASSERTION, "client_assertion": token or Path(path).read_text().strip()}

    def _setting(self, name: str, variable: str, default: str) -> Any:
        return str(self._inputs.get(name) or os.environ.get(variable) or default)
