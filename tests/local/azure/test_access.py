"""The identities that deploy and preview a stack: enough for that, and nothing more."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from azure.identity import DefaultAzureCredential

from tests.conftest import hostile_seed
from tests.local.azure import working
from tests.local.azure.working import AzureStack, Who
from trifold.facts.needs import actions
from trifold.plugin.resource_manager import Arm

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
AUTHORIZATION = "2022-04-01"
# azure-native reads an object with the account's key, which who previews is not given.
BUT_OBJECTS = {"refresh": True, "excludes": ["**::endpoint-archive-*"]}
# Nothing is held, so nothing purged, but by a hostile cloud.
HOSTILE = ("Microsoft.KeyVault/locations/deletedVaults/purge/action",)


@pytest.fixture(scope="module")
def entered(clouds: Any) -> Iterator[Any]:
    """The local clouds' environment in this process."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in clouds.env.items():
            patched.setenv(name, value)
        yield clouds


@pytest.fixture(scope="module")
def people(entered: Any) -> Iterator[dict[str, Who]]:
    with working.identities(entered.state) as made:
        yield made


def test_a_stack_is_deployed_by_one_and_previewed_by_the_other(entered: Any, people: dict[str, Who]) -> None:
    with working.stack(entered.state, people["deploy"]) as stack:
        assert whole_life(stack) == ""
        assert stack.up()
        stack.who = people["preview"]
        preview = stack.preview(**BUT_OBJECTS)
        assert preview and not preview.changed, str(preview)
        stack.config["trifold:keepVersionsDays"] = "7"
        refused = stack.up()
        assert refused.failed
        assert re.search("AuthorizationFailed.* perform action '.*/(write|listKeys/action)' over scope", str(refused))
        stack.who = people["deploy"]
        assert stack.up()
        down = stack.destroy()
        assert down, str(down)


# ---- each of their actions, taken away ------------------------------------------------------------------------------


def asked_by(kind: str) -> list[str]:
    wanted = actions("azure", working.FEATURES, reading=kind == "preview")
    return [one for one in wanted if hostile_seed() or one not in HOSTILE]


@contextmanager
def without(kind: str, action: str) -> Iterator[None]:
    """The identity's role, less one action."""
    arm, id = Arm(DefaultAzureCredential()), working.role_of(kind)
    held = arm.get(id, AUTHORIZATION)
    assert held is not None
    (entry,) = held["properties"]["permissions"]

    def put(kept: list[str]) -> None:
        arm.put(id, AUTHORIZATION, {"properties": {**held["properties"], "permissions": [{"actions": kept}]}})

    put([one for one in entry["actions"] if one != action])
    try:
        yield
    finally:
        put(entry["actions"])


def says_which(said: str, action: str) -> bool:
    """Whether a denial names the action; case does not count in Azure."""
    return f"'{action}'".lower() in said.lower() and "does not have" in said


@pytest.mark.soak
@pytest.mark.parametrize("action", asked_by("deploy"))
def test_who_deploys_needs_each_of_its_actions(entered: Any, people: dict[str, Who], action: str) -> None:
    with working.stack(entered.state, people["deploy"]) as stack:
        with without("deploy", action):
            said = whole_life(stack)
        assert says_which(said, action), said or "nothing failed: it is too much"
        # Nothing was lost: the next run takes up what is there.
        assert stack.up(refresh=True) and stack.destroy()


def whole_life(stack: AzureStack) -> str:
    """All that who deploys does with a stack: why the first of it failed, "" if none did."""
    return stack.first_failure(steps(stack))


def steps(stack: AzureStack) -> Iterator[tuple[dict[str, str], Callable[[], Any]]]:
    """It is made, with a deployment that follows the load; its tags change; it goes."""
    yield {"trifold:maximum": "2"}, stack.up
    yield {"trifold:expires": "2099-12-31"}, stack.up
    yield {}, stack.destroy


@pytest.fixture(scope="module")
def previewed(entered: Any, people: dict[str, Who]) -> Iterator[AzureStack]:
    with working.stack(entered.state, people["deploy"]) as stack:
        stack.config["trifold:maximum"] = "2"
        assert stack.up()
        yield stack


@pytest.mark.soak
@pytest.mark.parametrize("action", asked_by("preview"))
def test_who_previews_needs_each_of_its_actions(previewed: AzureStack, people: dict[str, Who], action: str) -> None:
    previewed.who = people["preview"]
    with without("preview", action):
        result = previewed.preview(**BUT_OBJECTS)
    assert result.failed and says_which(str(result), action), str(result)
    assert not previewed.preview(**BUT_OBJECTS).changed
