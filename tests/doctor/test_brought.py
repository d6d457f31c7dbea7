"""What a stack brings along is looked for where it is, and is no name that the stack would make."""

import pytest

from tests.conformance import brought, conftest, rig
from trifold.cli.doctor import ask_of, configuration_of
from trifold.doctor import names

MADE = {"aws": {"bucket", "registry"}, "azure": {"group", "storage", "registry"}, "gcp": {"bucket", "registry"}}
NAMED = {
    "aws": {"registry": "team/trifold-serving", "bucket": "team-models"},
    "azure": {"group": "shared", "registry": "teamregistry", "storage": "teammodels", "workspace": "team"},
    "gcp": {"registry": "team", "bucket": "team-models", "account": "endpoints"},
}


packages = conftest.packages


@pytest.fixture(autouse=True)
def state(packages, monkeypatch):
    monkeypatch.setenv("TRIFOLD_STATE", str(packages))


def ask(cloud, **settings):
    project, configuration, root = configuration_of(cloud, str(rig.ROOT))
    return ask_of({**configuration, **brought.file(**settings)}, project, "prod", root)


def parts(cloud, asked):
    return set(names.own(asked, {kind: kind for kind in MADE[cloud]}))


@pytest.mark.parametrize("cloud", rig.CLOUDS)
def test_names_of_parts_that_are_there_are_not_to_be_free(cloud):
    existing = {part: id for part, id in brought.EXISTING[cloud].items() if part not in ("vault", "logs")}
    found = ask(cloud, existing=existing)
    assert found.names.items() >= NAMED[cloud].items()
    assert parts(cloud, found) == set()


@pytest.mark.parametrize("cloud", rig.CLOUDS)
def test_names_that_the_stack_makes_are(cloud):
    assert parts(cloud, ask(cloud)) == MADE[cloud]
