"""azureml.FreedNames against a local Azure that holds the names of what was deleted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.azure import rig
from tests.local.azure.test_hostile import SAFE
from trifold.local.hostile import Hostile, Measures
from trifold.plugin.azure_names import TYPES, FreedNames
from trifold.protocol.shapes import load, shape

SUB = f"/subscriptions/{rig.SUBSCRIPTION}"
TAGS = {"project": "trifold", "stack": "azure"}
INPUTS = {"subscriptionId": rig.SUBSCRIPTION, "resourceGroupName": "group", "workspaceName": "space", "tags": TAGS}
VAULTS = f"{rig.GROUP}/providers/Microsoft.KeyVault/vaults"


class Requests:
    """Resource Manager as the plugin asks for it, without the network in between."""

    def __init__(self, local: rig.Local) -> None:
        self.local = local

    def get(self, path: str, version: str) -> Any:
        answer = self.local.arm("GET", path, version=version)
        return None if answer.status_code == 404 else answer.json()

    def delete(self, path: str, version: str, **query: str) -> None:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        assert self.local.arm("DELETE", f"{path}?{asked}", version=version).status_code in (200, 202, 204, 404)

    def act(self, path: str, version: str) -> None:
        assert self.local.arm("POST", path, version=version).status_code == 200


class Session:
    def __init__(self, requests: Requests) -> None:
        self.requests = requests

    def once(self, key: Any, make: Any) -> Any:
        return self.requests


@pytest.fixture(scope="module")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with rig.azurite(tmp_path_factory.mktemp("azurite")) as address:
        yield address


@pytest.fixture
def local(tmp_path: Path, azurite: str) -> Iterator[rig.Local]:
    """Hostile in nothing but that it holds names."""
    measures = Measures(**{**rig.CALM, "grants": (0.0, 0.0), "lag": (0.0, 0.0)})
    made = rig.Local(tmp_path, azurite, Hostile(1, "azure", measures, rig.Clock()))
    for name in ("Storage", "KeyVault", "Insights", "OperationalInsights", "MachineLearningServices"):
        made.arm("POST", f"{SUB}/providers/Microsoft.{name}/register")
    yield made
    made.close()


def vault(local: rig.Local, name: str, tags: dict[str, str], **properties: Any) -> None:
    local.put(f"{VAULTS}/{name}", {**SAFE, "tags": tags, "properties": {**SAFE["properties"], **properties}})


def held(local: rig.Local) -> set[str]:
    found = local.arm("GET", f"{SUB}/providers/Microsoft.KeyVault/deletedVaults").json()["value"]
    return {one["name"] for one in found}


def test_the_names_of_what_was_deleted_are_free_again(local: rig.Local) -> None:
    rig.with_workspace(local)
    vault(local, "ours", TAGS)
    for path in (rig.ML, f"{VAULTS}/ours"):
        local.run(local.azure.manager.remove(local.azure.store.get(path)))
    assert local.azure.rules.deleted.workspaces and "ours" in held(local)
    id, outputs = FreedNames().create(Session(Requests(local)), INPUTS)
    assert id.endswith("/workspaces/space/freedNames") and outputs == INPUTS
    assert not local.azure.rules.deleted.workspaces and "ours" not in held(local)


def test_what_lives_is_left_alone(local: rig.Local) -> None:
    rig.with_workspace(local)
    FreedNames().create(Session(Requests(local)), INPUTS)
    assert local.arm("GET", rig.ML).status_code == 200
    # Nor does an end of the resource take what is still there.
    FreedNames().delete(Session(Requests(local)), "", INPUTS)
    assert local.arm("GET", rig.ML).status_code == 200


def test_other_stacks_vaults_and_protected_ones_keep_their_names(local: rig.Local) -> None:
    local.put(rig.GROUP, {"location": "eastus"})
    vault(local, "ours", TAGS)
    vault(local, "theirs", {**TAGS, "stack": "other"})
    vault(local, "locked", TAGS, enablePurgeProtection=True)
    for name in ("ours", "theirs", "locked"):
        local.arm("DELETE", f"{VAULTS}/{name}")
    FreedNames().delete(Session(Requests(local)), "", INPUTS)
    assert held(local) == {"theirs", "locked"}


def test_the_program_side_fits_the_declaration() -> None:
    (declared,) = TYPES
    found = shape(load(declared.arguments))
    assert found.required == set(INPUTS)
    assert set(declared.replace or ()) <= set(found.inputs)
