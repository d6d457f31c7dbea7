"""What the local provider tries again is what pulumi-azure-native does, and nothing else."""

import httpx
import pytest

from trifold.local.azure.provider import retries

URL = "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a"
SOON = {"retry-after-ms": "1"}


class Answers:
    """Answers one after the other, the last one for ever; keeps what was asked."""

    def __init__(self, *given: httpx.Response) -> None:
        self._given, self.asked = list(given), []

    def __call__(self, method: str, url: str, body: object = None) -> httpx.Response:
        self.asked.append((method, url))
        return self._given.pop(0) if len(self._given) > 1 else self._given[0]


def error(status: int, code: str, details: tuple = (), headers: dict | None = None) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "details": list(details)}}, headers=headers or SOON)


@pytest.mark.parametrize(
    "first",
    [error(status, "x") for status in (408, 429, 500, 502, 503, 504)] + [error(409, "AnotherOperationInProgress")],
    ids=["408", "429", "500", "502", "503", "504", "AnotherOperationInProgress"],
)
def test_it_asks_again_three_times(first):
    through = Answers(first, first, first, httpx.Response(200))
    assert retries.persistent(through)("PUT", URL, {}).status_code == 200
    too_often = Answers(first)
    assert retries.persistent(too_often)("PUT", URL, {}).status_code == first.status_code
    assert len(too_often.asked) == 4


@pytest.mark.parametrize(
    "answer",
    [error(409, "Conflict"), error(403, "AuthorizationFailed"), error(400, "PrincipalNotFound")],
    ids=["Conflict", "AuthorizationFailed", "PrincipalNotFound"],
)
def test_and_of_nothing_else(answer):
    asked = Answers(answer)
    assert retries.persistent(asked)("PUT", URL, {}) is answer
    assert len(asked.asked) == 1


@pytest.mark.parametrize(("headers", "wait"), [({"retry-after": "7"}, 7.0), ({"x-ms-retry-after-ms": "20"}, 0.02)])
def test_it_waits_as_it_is_told(headers, wait):
    assert retries._wait(error(429, "x", headers=headers), 0) == wait


def test_and_longer_each_time_if_not():
    assert [retries._wait(httpx.Response(503), number) for number in range(3)] == [20.0, 60.0, 120.0]


MISSING = error(409, "MissingSubscriptionRegistration", ({"target": "Microsoft.Storage"},))
PLACE = "https://management.azure.com/subscriptions/s/providers/Microsoft.Storage"


def state(said: str) -> httpx.Response:
    return httpx.Response(200, json={"registrationState": said})


def test_a_provider_that_is_not_registered_is():
    asked = Answers(MISSING, state("Registering"), state("Registered"), httpx.Response(201))
    assert retries.registering(asked)("PUT", URL, {}).status_code == 201
    version = "?api-version=2019-05-01"
    assert asked.asked == [("PUT", URL), ("POST", f"{PLACE}/register{version}"), ("GET", f"{PLACE}{version}"),
                           ("PUT", URL)]  # fmt: skip


def test_unless_the_caller_may_not():
    refused = error(403, "AuthorizationFailed")
    assert retries.registering(Answers(MISSING, refused))("PUT", URL, {}) is refused
