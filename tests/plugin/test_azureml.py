"""azureml.EndpointTraffic against the local Azure: real deployments, the endpoint's own body kept as it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.azure import rig
from trifold.plugin.azureml import TYPES, EndpointTraffics
from trifold.protocol.declaration import InvalidInputs
from trifold.protocol.shapes import load, promises, shape

ENDPOINT = f"{rig.ML}/onlineEndpoints/flights"
PLACE = {"subscriptionId": rig.SUBSCRIPTION, "resourceGroupName": "group", "workspaceName": "space",
         "endpointName": "flights"}  # fmt: skip


class Requests:
    """Resource Manager as the plugin asks for it, without the network in between."""

    def __init__(self, local: rig.Local) -> None:
        self.local = local

    def get(self, path: str, version: str) -> Any:
        answer = self.local.arm("GET", path, version=version)
        return None if answer.status_code == 404 else answer.json()

    def put(self, path: str, version: str, body: Any) -> None:
        answer = self.local.arm("PUT", path, body, version=version)
        assert answer.status_code < 300, answer.text
        assert self.local.followed(answer)["status"] == "Succeeded"


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
    made = rig.with_workspace(rig.Local(tmp_path, azurite))
    for name in ("blue", "green"):
        made.put(f"{ENDPOINT}/deployments/{name}", rig.deployment(environmentVariables={"NAME": name}))
    yield made
    made.run(made.azure.manager.remove(made.azure.store.get(rig.GROUP)))
    made.close()


def test_weights_are_set_moved_read_and_taken_away(local: rig.Local) -> None:
    session, operations = Session(Requests(local)), EndpointTraffics()
    tagged = {"location": "eastus", "tags": {"a": "b"}, "properties": {"authMode": "Key", "description": "mine"}}
    local.put(ENDPOINT, tagged)
    id, outputs = operations.create(session, {**PLACE, "traffic": {"blue": 100}})
    assert id == f"{ENDPOINT}/traffic" and outputs["endpointId"] == ENDPOINT
    assert rig.score(local).json()["name"] == "blue"

    operations.update(session, id, outputs, {**PLACE, "traffic": {"blue": 0, "green": 100}})
    assert rig.score(local).json()["name"] == "green"
    found = local.arm("GET", ENDPOINT).json()
    assert found["tags"] == {"a": "b"} and found["properties"]["description"] == "mine"

    read = operations.read(session, id, {})
    assert read is not None and read[1] == {**PLACE, "traffic": {"green": 100}}

    operations.delete(session, id, outputs)
    assert rig.score(local).status_code == 404
    assert operations.read(session, id, {}) is None
    operations.delete(session, id, outputs)


@pytest.mark.parametrize(
    ("inputs", "property"),
    [({"traffic": {"blue": 50}}, "traffic"), ({"traffic": {"blue": 100}, "endpointName": "other"}, "endpointName")],
)
def test_what_cannot_be_is_refused_by_name(local: rig.Local, inputs: dict, property: str) -> None:
    with pytest.raises(InvalidInputs) as refused:
        EndpointTraffics().create(Session(Requests(local)), {**PLACE, **inputs})
    assert refused.value.failures[0].property == property


def test_an_endpoint_that_is_gone_is_no_error_when_traffic_goes(local: rig.Local) -> None:
    session = Session(Requests(local))
    id, outputs = EndpointTraffics().create(session, {**PLACE, "traffic": {"blue": 100}})
    local.followed(local.arm("DELETE", ENDPOINT))
    EndpointTraffics().delete(session, id, outputs)


def test_the_program_side_fits_the_declaration() -> None:
    (declared,) = TYPES
    found = shape(load(declared.arguments))
    assert found.required == {"resourceGroupName", "workspaceName", "endpointName", "traffic"}
    assert set(declared.replace or ()) <= set(found.inputs)
    assert "endpointId" in promises(declared.arguments).always
