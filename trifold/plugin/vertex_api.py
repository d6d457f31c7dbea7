"""Vertex AI's REST API with google-auth, in the environment's own credentials."""

import time
from collections.abc import Mapping
from typing import Any

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
# Deploying pulls an image and starts machines: Vertex AI itself gives up after two hours at most.
WAIT_SECONDS = 7500.0
FIRST_LOOK, LONGEST_LOOK = 0.05, 10.0
RETRIED = (429, 502, 503)
POOL = 32


class VertexError(Exception):
    """What Vertex AI answered instead of what was asked for. http: the status; status: google.rpc's name of it."""

    def __init__(self, message: str, http: int = 0, status: str = "") -> None:
        super().__init__(message)
        self.http, self.status = http, status


class Api:
    """One location's API. http: an authorized requests session."""

    def __init__(self, http: Any, location: str) -> None:
        self._http, self._base = http, f"https://{location}-aiplatform.googleapis.com/v1"

    def call(self, verb: str, name: str, body: Any = None, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The answer's JSON. name: a resource, with a verb where the method has one. Raises VertexError."""
        answer = self._http.request(verb, f"{self._base}/{name}", json=body, params=query)
        if answer.status_code >= 400:
            raise _error(answer)
        return answer.json() if answer.content else {}

    def get(self, name: str) -> dict[str, Any] | None:
        """A resource, None where there is none."""
        try:
            return self.call("GET", name)
        except VertexError as error:
            if error.http == 404:
                return None
            raise

    def finished(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        """The response of a long-running operation. Raises VertexError with the operation's own reason."""
        limit, pause = time.monotonic() + WAIT_SECONDS, FIRST_LOOK
        while not operation.get("done"):
            if time.monotonic() > limit:
                raise VertexError(f"{operation['name']} did not finish in {WAIT_SECONDS:.0f} s")
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_LOOK)
            operation = self.call("GET", operation["name"])
        if "error" in operation:
            raise VertexError(operation["error"].get("message", "no reason given"))
        return dict(operation.get("response", {}))

    def run(self, verb: str, name: str, body: Any = None, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Start an operation and wait for it."""
        return self.finished(self.call(verb, name, body, query))

    def settle(self, name: str) -> None:
        """Wait until nothing goes on at a resource: what a killed run had started goes on without it."""
        for operation in self.call("GET", f"{name}/operations").get("operations", []):
            if not operation.get("done"):
                try:
                    self.finished(operation)
                except VertexError:
                    continue  # its failure was the killed run's; what is there now is looked at next


def api_of(session: Any, resource: str) -> Api:
    """The API of the location in a resource's name ("projects/P/locations/L/...")."""
    return Api(session.once("google", _authorized), resource.split("/")[3])


def _authorized() -> Any:
    import google.auth
    from google.auth.transport.requests import AuthorizedSession
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    credentials, _ = google.auth.default(scopes=[SCOPE])
    made = AuthorizedSession(credentials)
    # What only reads is asked again; what changes something is not: the first may have been heard.
    retry = Retry(
        total=5, backoff_factor=0.5, status_forcelist=RETRIED, allowed_methods=("GET",), raise_on_status=False
    )
    made.mount("https://", HTTPAdapter(pool_maxsize=POOL, max_retries=retry))
    return made


def _error(answer: Any) -> VertexError:
    try:
        error = answer.json()["error"]
        return VertexError(error["message"], answer.status_code, error.get("status", ""))
    except (ValueError, KeyError, TypeError):
        return VertexError(f"{answer.status_code} {answer.text[:500]}", answer.status_code)
