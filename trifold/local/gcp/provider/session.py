"""A configured provider: its project, region, default labels, and Google's REST APIs with the process's credentials."""

import os
import threading
import time
from collections.abc import Mapping
from typing import Any

from trifold.local.gcp.cloud import LOCATION, PROJECT
from trifold.protocol.declaration import Failure, InvalidInputs, Values

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
SUPPORTED = (
    "project",
    "region",
    "zone",
    "defaultLabels",
    "addPulumiAttributionLabel",
    "userProjectOverride",
    "disableGooglePartnerName",
)
# What the official provider says of itself, as far as it matters.
AGENT = "HashiCorp Terraform/1.5.7 (+https://www.terraform.io) terraform-provider-google/pulumi"
# google/transport/retry_transport.go and error_retry_predicates.go of hashicorp/terraform-provider-google: these are
# asked again after 0.5, 1, 1.5, 2.5 ... seconds, whatever the method.
RETRIED = (429, 500, 502, 503)
RETRIED_SECONDS = 90.0
# What of the official provider's fixed waits is waited here: a hostile cloud's grants take seconds where Google's take
# minutes, and on a friendly one there is nothing to wait for.
PACE = 0.1
# What the official provider puts on everything that takes labels, unless told otherwise.
ATTRIBUTION = {"goog-pulumi-provisioned": "true"}


class ApiError(Exception):
    """What Google answered instead of what was asked for. http: the status; reason: its own code for it."""

    def __init__(self, http: int, message: str, reason: str) -> None:
        super().__init__(f"googleapi: Error {http}: {message}{f', {reason}' if reason else ''}")
        self.http, self.reason = http, reason


class Session:
    """What the operations get. Raises InvalidInputs for settings that are not served."""

    def __init__(self, inputs: Values) -> None:
        _refuse_others(inputs)
        self.project = str(inputs.get("project") or PROJECT)
        self.region = str(inputs.get("region") or LOCATION)
        attributed = inputs.get("addPulumiAttributionLabel") not in (False, "false")
        self.default_labels = {**dict(inputs.get("defaultLabels") or {}), **(ATTRIBUTION if attributed else {})}
        self._lock = threading.Lock()
        self._pace = PACE if os.environ.get("TRIFOLD_HOSTILE") else 0.0
        self._http: Any = None
        # Google's policies are read, changed and written back: one at a time here, by etag against others.
        self.policies = threading.Lock()

    def call(self, verb: str, address: str, body: Any = None, query: Mapping[str, Any] | None = None) -> Any:
        """The answer's JSON. address: with or without https://. Raises ApiError."""
        answer = self.send(verb, _full(address), json=body, params=query)
        return answer.json() if answer.content else {}

    def send(self, verb: str, address: str, **given: Any) -> Any:
        """The answer, asked for again as the official provider's transport does. Raises ApiError."""
        pause, following, limit = 0.5, 0.5, time.monotonic() + RETRIED_SECONDS
        while True:
            answer = self.http().request(verb, address, headers={"user-agent": AGENT}, **given)
            if answer.status_code not in RETRIED or time.monotonic() + pause > limit:
                check(answer)
                return answer
            time.sleep(pause)
            pause, following = pause + following, pause
            if hasattr(given.get("data"), "seek"):
                given["data"].seek(0)

    def wait(self, seconds: float) -> None:
        """One of the official provider's fixed waits."""
        time.sleep(self.paced(seconds))

    def paced(self, seconds: float) -> float:
        """A time of the official provider's, as it is here."""
        return seconds * self._pace

    def http(self) -> Any:
        """An authorized requests session, made once: shared between threads, as requests allows for plain calls."""
        import google.auth
        from google.auth.transport.requests import AuthorizedSession
        from requests.adapters import HTTPAdapter

        with self._lock:
            if self._http is None:
                credentials, _ = google.auth.default(scopes=[SCOPE])
                self._http = AuthorizedSession(credentials)
                self._http.mount("https://", HTTPAdapter(pool_maxsize=32))
            return self._http

    def labels(self, inputs: Values) -> dict[str, str]:
        """A resource's labels over the provider's default ones."""
        return {**self.default_labels, **(inputs.get("labels") or {})}

    def label_outputs(self, found: Mapping[str, str]) -> Values:
        """`labels`, `pulumiLabels` and `effectiveLabels` of what the cloud has."""
        own = {key: value for key, value in found.items() if self.default_labels.get(key) != value}
        return {"labels": own, "pulumiLabels": dict(found), "effectiveLabels": dict(found)}


def check(answer: Any) -> None:
    """Raises ApiError for an answer that is an error."""
    if answer.status_code < 400:
        return
    try:
        error = answer.json()["error"]
        listed = error.get("errors") or [{}]
        raise ApiError(answer.status_code, error["message"], error.get("status") or listed[0].get("reason", ""))
    except (ValueError, KeyError, TypeError):
        raise ApiError(answer.status_code, answer.text[:500], "") from None


def _full(address: str) -> str:
    return address if address.startswith("https://") else f"https://{address}"


def _refuse_others(inputs: Values) -> None:
    others = [name for name, value in inputs.items() if name not in SUPPORTED and value not in (None, "", [], {})]
    if others:
        reason = "is not served by the local Google Cloud provider; leave it out of a local stack"
        raise InvalidInputs(*(Failure(name, reason) for name in sorted(others)))
