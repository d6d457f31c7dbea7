"""The identities that deploy and preview a stack: enough for that, and nothing more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.local.gcp import working
from tests.local.gcp.rig import Client, Cloud
from tests.local.gcp.working import GcpStack
from trifold.facts.needs import actions
from trifold.local.hostile import Hostile, Measures
from trifold.testing import Result

SERVICES = "https://serviceusage.googleapis.com/v1/projects/local/services"
STRICT = Measures(grants=(0.0, 0.0), lag=(0.05, 0.1), refused=0.0, conflicts=0.0, late=0.0)
ROLES = "https://iam.googleapis.com/v1/projects/local/roles"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A new project's APIs are off, and it takes a moment to enable one; else it is in nobody's way."""
    made = Cloud(tmp_path_factory.mktemp("api"), Hostile(1, "gcp", STRICT))
    yield made
    made.close()


@pytest.fixture(scope="module")
def people(strict: Cloud) -> Iterator[dict[str, Client]]:
    with working.identities(strict) as found:
        yield found


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return working.package(tmp_path_factory.mktemp("state"))


@pytest.fixture
def stack(strict: Cloud, state: Path) -> Iterator[GcpStack]:
    """The kit's stack, whose APIs are off; whatever a test leaves of it, the owner takes away."""
    for service in ("aiplatform", "artifactregistry"):
        strict.owner.post(f"{SERVICES}/{service}.googleapis.com:disable", json={})
    with working.stack(strict.owner, state) as made:
        yield made
        made.who = strict.owner
        assert made.destroy()


def test_a_stack_is_deployed_by_one_and_previewed_by_the_other(stack: GcpStack, people: dict[str, Client]) -> None:
    assert whole_life(stack, people["deploy"]) == ""
    assert stack.up()
    stack.who = people["preview"]
    assert not stack.preview(refresh=True).changed
    stack.config["trifold:keepVersionsDays"] = "7"
    refused = stack.up()
    assert refused.failed and "does not have storage.buckets.update access" in str(refused)
    stack.who = people["deploy"]
    assert stack.destroy()


def whole_life(stack: GcpStack, who: Client) -> str:
    """All that who deploys does with a stack: why the first of it failed, "" if none did."""
    stack.who = who
    return stack.first_failure(steps(stack))


def steps(stack: GcpStack) -> Iterator[tuple[dict[str, str], Callable[[], Result]]]:
    """It is made, its labels, its configuration and what it serves change, it goes."""
    yield {"trifold:expires": "2099-12-31"}, stack.up
    stack.config.pop("trifold:expires")
    yield {"trifold:count": "2", "trifold:keepVersionsDays": "9"}, lambda: stack.up(refresh=True)
    yield {}, stack.destroy


# ---- each of their permissions, taken away --------------------------------------------------------------------------


@contextmanager
def without(cloud: Cloud, kind: str, permission: str) -> Iterator[None]:
    """The identity's role, less one permission."""
    where = f"https://iam.googleapis.com/v1/{role_of(cloud, kind)}"
    held = cloud.owner.request("GET", where).json()["includedPermissions"]

    def put(kept: list[str]) -> None:
        assert cloud.owner.request("PATCH", where, json={"includedPermissions": kept}).status_code == 200

    put([one for one in held if one != permission])
    try:
        yield
    finally:
        put(held)


def role_of(cloud: Cloud, kind: str) -> str:
    found = cloud.owner.request("GET", ROLES).json()["roles"]
    (name,) = [one["name"] for one in found if one["title"] == f"To {kind} one stack"]
    return str(name)


def says_which(said: str, permission: str) -> bool:
    """Whether a denial names the permission, or what Google says in its place."""
    told = {
        "iam.serviceAccounts.actAs": "You do not have permission to act as service_account",
        "serviceusage.services.enable": "Permission denied to enable service",
        "serviceusage.services.list": "Permission denied to list services for consumer container",
    }
    return told.get(permission, f"'{permission}' denied on resource") in said


@pytest.mark.soak
@pytest.mark.parametrize("permission", actions("gcp"))
def test_who_deploys_needs_each_of_its_permissions(
    strict: Cloud, stack: GcpStack, people: dict[str, Client], permission: str
) -> None:
    with without(strict, "deploy", permission):
        said = whole_life(stack, people["deploy"])
    assert says_which(said, permission), said or "nothing failed: it is too much"


@pytest.mark.soak
@pytest.mark.parametrize("permission", actions("gcp", reading=True))
def test_who_previews_needs_each_of_its_permissions(
    strict: Cloud, stack: GcpStack, people: dict[str, Client], permission: str
) -> None:
    assert stack.up()
    stack.who = people["preview"]
    with without(strict, "preview", permission):
        result = stack.preview(refresh=True)
    assert result.failed and says_which(str(result), permission), str(result)
