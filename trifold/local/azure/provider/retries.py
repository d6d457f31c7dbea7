"""What pulumi-azure-native tries again, and nothing else.

https://github.com/pulumi/pulumi-azure-native/blob/006a62a/provider/pkg/azure/client_azcore.go: azcore's pipeline with
its status codes and a first delay of 20 s, and a 409 that says AnotherOperationInProgress. The pipeline also registers
a resource provider that is not (azcore's arm/runtime/policy_register_rp.go): three times at most, waiting for it.
"""

import re
import time
from collections.abc import Callable
from typing import Any

import httpx

from trifold.local.azure.cloud import MANAGEMENT_HOST

# azcore's policy.RetryOptions: MaxRetries, and the provider's RetryDelay and MaxRetryDelay, in seconds.
MOST, DELAY, LONGEST = 3, 20.0, 120.0
STATUSES = frozenset({408, 429, 500, 502, 503, 504})
WAITS = (("retry-after-ms", 1000.0), ("x-ms-retry-after-ms", 1000.0), ("retry-after", 1.0))
REGISTRATIONS, REGISTERING_SECONDS, POLL_SECONDS = 3, 300.0, 0.25
REGISTRATION_VERSION = "2019-05-01"
Send = Callable[[str, str, Any], httpx.Response]


def persistent(send: Send) -> Send:
    """The same call, tried again where the vendor's pipeline would."""

    def call(method: str, url: str, body: Any = None) -> httpx.Response:
        for number in range(MOST + 1):
            answer = send(method, url, body)
            if number == MOST or not _again(answer):
                return answer
            time.sleep(_wait(answer, number))
        raise AssertionError("unreachable")

    return call


def registering(send: Send) -> Send:
    """The same call, once its resource provider is registered where it was not."""

    def call(method: str, url: str, body: Any = None) -> httpx.Response:
        answer = send(method, url, body)
        for _ in range(REGISTRATIONS):
            if _code(answer) != "MissingSubscriptionRegistration":
                break
            refused = _register(send, url, answer.json()["error"]["details"][0]["target"])
            if refused is not None:
                return refused
            answer = send(method, url, body)
        return answer

    return call


def _register(send: Send, url: str, namespace: str) -> httpx.Response | None:
    """None once it is registered; else the answer that says why not. The vendor's pipeline asks every 15 s."""
    found = re.search(r"/subscriptions/([^/?]+)", url)
    place = f"https://{MANAGEMENT_HOST}/subscriptions/{found[1] if found else ''}/providers/{namespace}"
    answer = send("POST", f"{place}/register?api-version={REGISTRATION_VERSION}", None)
    until = time.monotonic() + REGISTERING_SECONDS
    while answer.status_code == 200 and answer.json().get("registrationState") != "Registered":
        if time.monotonic() > until:
            return answer
        time.sleep(POLL_SECONDS)
        answer = send("GET", f"{place}?api-version={REGISTRATION_VERSION}", None)
    return None if answer.status_code == 200 else answer


def _again(answer: httpx.Response) -> bool:
    return answer.status_code in STATUSES or _code(answer) == "AnotherOperationInProgress"


def _code(answer: httpx.Response) -> str:
    """The error code of a conflict."""
    if answer.status_code != 409:
        return ""
    try:
        return str(answer.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def _wait(answer: httpx.Response, number: int) -> float:
    """What the answer asks for, else twice as long each time."""
    for name, unit in WAITS:
        if answer.headers.get(name, "").isdigit():
            return int(answer.headers[name]) / unit
    return min(DELAY * (2 ** (number + 1) - 1), LONGEST)
