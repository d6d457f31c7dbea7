"""Vertex AI's REST API with google-auth, in the environment's own credentials."""

import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
# Deploying pulls an image and starts machines: Vertex AI itself gives up after two hours at most.
WAIT_SECONDS = 7500.0
FIRST_LOOK, LONGEST_LOOK = 0.05, 10.0
POOL = 32
# Google's clients for Vertex AI try nothing again by themselves. RESOURCE_EXHAUSTED is said before anything is done;
# UNAVAILABLE and a gateway's error may come after it, so that what must not be done twice is looked for first.
BUSY, AWAY = (429,), (502, 503)
TRIES, FIRST_PAUSE = 6, 0.5
# google.rpc.Code, of operations that failed through no fault of what they were asked: it may go well the next time.
PASSING = {10: "ABORTED", 13: "INTERNAL", 14: "UNAVAILABLE"}
AGENT = {"user-agent": f"trifold/{version('trifold')}"}


class VertexError(Exception):
    """What Vertex AI answered instead of what was asked for. http: the status; status: google.rpc's name of it."""

    def __init__(self, message: str, http: int = 0, status: str = "") -> None:
        super().__init__(message)
        self.http, self.status = http, status


class Api:
    """One location's API. http: an authorized requests session."""

    def __init__(self, http: Any, location: str) -> None:
        self._http, self._base = http, f"https://{location}-aiplatform.googleapis.com/v1"

    def call(
        self, verb: str, name: str, body: Any = None, query: Mapping[str, str] | None = None, *, twice: bool = True
    ) -> dict[str, Any]:
        """The answer's JSON. name: a resource, with a verb where the method has one. twice: whether it may be asked
        again where the first call may have been heard. Raises VertexError."""
        pause = FIRST_PAUSE
        for left in reversed(range(TRIES)):
            answer = self._http.request(verb, f"{self._base}/{name}", json=body, params=query, headers=AGENT)
            if not left or answer.status_code not in (*BUSY, *(AWAY if twice else ())):
                break
            time.sleep(pause)
            pause *= 2
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
            error = operation["error"]
            raise VertexError(error.get("message", "no reason given"), status=PASSING.get(error.get("code", 0), ""))
        return dict(operation.get("response", {}))

    def run(self, verb: str, name: str, body: Any = None, *, twice: bool = True) -> dict[str, Any]:
        """Start an operation and wait for it."""
        return self.finished(self.call(verb, name, body, twice=twice))

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
    return Api(session.once("google", authorized), resource.split("/")[3])


def authorized() -> Any:
    """An HTTP session with the environment's own credentials."""
    import google.auth
    from google.auth.transport.requests import AuthorizedSession
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    credentials, _ = google.auth.default(scopes=[SCOPE])
    made = AuthorizedSession(credentials)
    # Where nobody answered, what only reads is asked again; what changes something is not: it may have been heard.
    retry = Retry(total=5, backoff_factor=0.5, allowed_methods=("GET",), raise_on_status=False)
    made.mount("https://", HTTPAdapter(pool_maxsize=POOL, max_retries=retry))
    return made


def _error(answer: Any) -> VertexError:
    try:
        error = answer.json()["error"]
        return VertexError(error["message"], answer.status_code, error.get("status", ""))
    except (ValueError, KeyError, TypeError):
        return VertexError(f"{answer.status_code} {answer.text[:500]}", answer.status_code)
