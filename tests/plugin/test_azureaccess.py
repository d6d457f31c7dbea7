"""azureaccess.RoleInEffect against a hostile Azure, where grants are late."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.azure import rig
from tests.local.azure.test_authorization import HERE, IDENTITY, READER, SUB, assign
from tests.plugin.test_azureml import Session
from trifold.local.hostile import Hostile, Measures
from trifold.plugin.azureaccess import TYPES, NotInEffect, RolesInEffect, wait
from trifold.protocol.shapes import load, promises, shape

READS = "Microsoft.Resources/subscriptions/resourceGroups/read"


class Requests:
    """Resource Manager as the plugin asks for it, without the network in between."""

    def __init__(self, local: rig.Local) -> None:
        self.local = local

    def post(self, path: str, version: str, body: Any) -> Any:
        answer = self.local.arm("POST", path, body, version=version)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def late(tmp_path: Path) -> Iterator[rig.Local]:
    measures = Measures(grants=(0.3, 0.6), lag=(0.0, 0.0), **rig.CALM)
    made = rig.Local(tmp_path / "state", "http://127.0.0.1:1", Hostile(1, "azure", measures))
    place = f"{SUB}/providers/Microsoft.ManagedIdentity"
    made.arm("POST", f"{place}/register")
    while made.arm("GET", place).json()["registrationState"] != "Registered":
        time.sleep(0.02)
    yield rig.with_group(made)
    made.close()


def test_it_is_up_once_the_grant_is_in_effect(late: rig.Local) -> None:
    me = late.put(IDENTITY, HERE)
    assigned = assign(late, me, READER, SUB)
    with late.acting_as(me):
        assert late.arm("GET", rig.GROUP).status_code == 403
    inputs = {"principalId": me["properties"]["principalId"], "scope": rig.GROUP, "assignment": assigned,
              "actions": [READS]}  # fmt: skip
    RolesInEffect().create(Session(Requests(late)), inputs)
    with late.acting_as(me):
        assert late.arm("GET", rig.GROUP).status_code == 200


def test_one_that_never_comes_is_an_error_that_says_what_to_look_at(late: rig.Local) -> None:
    inputs = {"principalId": "nobody", "scope": rig.GROUP, "assignment": "", "actions": [READS]}
    with pytest.raises(NotInEffect, match=rf"nobody still may not do {READS} at {rig.GROUP}, 0 s after .*pulumi up"):
        wait(Requests(late), inputs, longest=0)


def test_the_program_side_fits_the_declaration() -> None:
    (declared,) = TYPES
    found = shape(load(declared.arguments))
    assert found.required == {"principalId", "scope", "assignment"}
    assert set(declared.replace or ()) == set(found.inputs)
    assert {"principalId", "scope", "assignment"} <= promises(declared.arguments).always
