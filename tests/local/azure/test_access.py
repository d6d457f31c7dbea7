"""The identities that deploy and preview a stack: enough for that, and nothing more."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from azure.identity import DefaultAzureCredential

from tests.local.azure import working
from tests.local.azure.working import AzureStack, Who
from trifold.facts.needs import NEEDS, actions
from trifold.plugin.resource_manager import Arm

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
AUTHORIZATION = "2022-04-01"
# azure-native reads an object with the account's key, which who previews is not given.
BUT_OBJECTS = {"refresh": True, "excludes": ["endpoint-archive-**"]}
# No part of a stack as this one is.
OTHERS = {"azure-native:monitor:AutoscaleSetting"}


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
        up = stack.up()
        assert up, str(up)
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
    others = {action for type in OTHERS for action in NEEDS["azure"][type].actions}
    return [one for one in actions("azure", reading=kind == "preview") if one not in others]


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
            said = up_and_down(stack)
        assert says_which(said, action), said
        # What is left goes, and nothing was lost: the next run takes it up.
        assert stack.up() and stack.destroy()


def up_and_down(stack: AzureStack) -> str:
    """What went wrong first, of making a stack, changing it and taking it away."""
    for run in (stack.up, stack.destroy):
        result = run()
        if result.failed:
            return str(result)
    return "nothing failed"


@pytest.fixture(scope="module")
def previewed(entered: Any, people: dict[str, Who]) -> Iterator[AzureStack]:
    with working.stack(entered.state, people["deploy"]) as stack:
        assert stack.up()
        yield stack
        stack.who = people["deploy"]
        assert stack.destroy()


@pytest.mark.soak
@pytest.mark.parametrize("action", asked_by("preview"))
def test_who_previews_needs_each_of_its_actions(previewed: AzureStack, people: dict[str, Who], action: str) -> None:
    previewed.who = people["preview"]
    with without("preview", action):
        result = previewed.preview(**BUT_OBJECTS)
    assert says_which(str(result), action), str(result)
    assert not previewed.preview(**BUT_OBJECTS).changed
