"""gRPC: every declared method of Vertex AI has a rule to REST and back, and errors keep their details."""

import re
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from tests.local.gcp.rig import PARENT, assertion
from trifold.local.gcp.api.operations import OPERATIONS
from trifold.local.gcp.api.vertex import models
from trifold.local.gcp.rpc import methods
from trifold.local.gcp.rpc.server import create
from trifold.local.gcp.rpc.types import load

TYPES = "google.cloud.aiplatform_v1.types"
V1 = "/google.cloud.aiplatform.v1"
SERVICES = {"models": "ModelService", "endpoints": "EndpointService"}
# What a method is called in gRPC, where it is not the verb and the resource.
CALLED = {
    "models.upload": "UploadModel",
    "models.patch": "UpdateModel",
    "models.listVersions": "ListModelVersions",
    "models.deleteVersion": "DeleteModelVersion",
    "endpoints.patch": "UpdateEndpoint",
    "endpoints.update": "UpdateEndpointLongRunning",
    "endpoints.predict": "Predict",
    "endpoints.rawPredict": "RawPredict",
}


@pytest.fixture
def channel(gcp):
    """A channel to the cloud's gRPC server, as the owner."""

    async def start():
        server = create(None, type("App", (), {"state": type("State", (), {"gate": gcp.gate})}))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        return server, port

    server, port = gcp.run(start())
    with grpc.insecure_channel(f"127.0.0.1:{port}") as made:
        yield made
    gcp.run(server.stop(0))


def call(gcp, channel, method, *, authorized=True, **fields):
    rpc = methods.find(method)
    from google.protobuf import json_format

    request = json_format.ParseDict(fields, rpc.request())
    token = assertion(gcp.key, aud="https://us-central1-aiplatform.googleapis.com/")
    metadata = [("authorization", f"Bearer {token}")] if authorized else []
    stub = channel.unary_unary(method, rpc.request.SerializeToString, rpc.response.FromString)
    return json_format.MessageToDict(stub(request, metadata=metadata, timeout=20))


def declared():
    for _, name in OPERATIONS:
        resource, _, verb = name.removeprefix("projects.locations.").partition(".")
        if name.startswith("projects.locations.") and resource in SERVICES and not verb.startswith("operations"):
            yield f"{resource}.{verb}"


@pytest.mark.parametrize("name", list(declared()))
def test_every_declared_method_is_there_in_grpc(name):
    resource, _, verb = name.partition(".")
    single = resource.removesuffix("s").capitalize()
    plural = single + "s" if verb == "list" else single
    mixed = verb[0].upper() + verb[1:]
    called = CALLED.get(name) or (mixed if any(part.isupper() for part in verb) else f"{mixed}{plural}")
    service = "PredictionService" if "redict" in called else SERVICES[resource]
    found = methods.find(f"{V1}.{service}/{called}")
    assert found and found.rules, called


def test_a_call_comes_and_goes_as_messages(gcp, channel):
    name = gcp.model(labels={"package": "a"})
    found = call(gcp, channel, f"{V1}.ModelService/GetModel", name=name)
    assert found["labels"] == {"package": "a"} and found["versionId"] == "1"
    assert call(gcp, channel, f"{V1}.ModelService/ListModels", parent=PARENT, filter="labels.package=b") == {}


def test_bodies_masks_and_operations(gcp, channel):
    made = call(gcp, channel, f"{V1}.EndpointService/CreateEndpoint", parent=PARENT, endpoint={"displayName": "e"})
    assert made["response"]["@type"] == "type.googleapis.com/google.cloud.aiplatform.v1.Endpoint"
    again = call(gcp, channel, "/google.longrunning.Operations/GetOperation", name=made["name"])
    assert again == made
    name = made["response"]["name"]
    changed = {"endpoint": {"name": name, "displayName": "f", "labels": {"a": "b"}}, "updateMask": "labels"}
    found = call(gcp, channel, f"{V1}.EndpointService/UpdateEndpoint", **changed)
    assert (found["displayName"], found["labels"]) == ("e", {"a": "b"})


def test_whole_numbers_reach_the_container_as_whole_numbers(gcp, channel):
    endpoint = gcp.endpoint()
    gcp.deployed(endpoint, gcp.model())
    answer = call(gcp, channel, f"{V1}.PredictionService/Predict", endpoint=endpoint, instances=[{"a": 5, "b": 0.5}])
    assert answer["predictions"][0]["instances"] == [{"a": 5, "b": 0.5}] and answer["modelVersionId"] == "1"


def test_a_raw_prediction_is_passed_as_it_is(gcp, channel):
    import base64

    endpoint = gcp.endpoint()
    gcp.deployed(endpoint, gcp.model())
    body = {"contentType": "application/json", "data": base64.b64encode(b'{"instances": [1.0]}').decode()}
    answer = call(gcp, channel, f"{V1}.PredictionService/RawPredict", endpoint=endpoint, httpBody=body)
    assert b"a field of the container's" in base64.b64decode(answer["data"])


def test_errors_carry_their_code_and_details(gcp, channel):
    from google.rpc import error_details_pb2, status_pb2

    with pytest.raises(grpc.RpcError) as caught:
        call(gcp, channel, f"{V1}.ModelService/ListModels", authorized=False, parent=PARENT)
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    trailing = dict(caught.value.trailing_metadata())
    status = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    reason = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(reason) and reason.reason == "CREDENTIALS_MISSING"


@pytest.mark.parametrize(
    ("method", "fields", "code"),
    [
        ("ModelService/GetModel", {"name": f"{PARENT}/models/none"}, grpc.StatusCode.NOT_FOUND),
        ("ModelService/ListModels", {"parent": PARENT, "readMask": "name"}, grpc.StatusCode.UNIMPLEMENTED),
        ("ModelService/ExportModel", {"name": f"{PARENT}/models/none"}, grpc.StatusCode.UNIMPLEMENTED),
        ("EndpointService/CreateEndpoint", {"parent": PARENT, "endpoint": {}}, grpc.StatusCode.INVALID_ARGUMENT),
    ],
)
def test_refusals_have_googles_codes(gcp, channel, method, fields, code):
    with pytest.raises(grpc.RpcError) as caught:
        call(gcp, channel, f"{V1}.{method}", **fields)
    assert caught.value.code() is code


def test_a_method_of_no_service_is_unimplemented(gcp, channel):
    stub = channel.unary_unary("/google.cloud.aiplatform.v1.NoService/Nothing")
    with pytest.raises(grpc.RpcError) as caught:
        stub(b"", timeout=20)
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


MODEL = f"methods.find('{V1}.ModelService/GetModel').response"


def python(*lines):
    code = "\n".join(["import sys", "from trifold.local.gcp.rpc import methods", *lines])
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_no_client_is_imported_for_it():
    python(MODEL, "assert not any(name.startswith('google.cloud.aiplatform_v1.services') for name in sys.modules)")


@pytest.mark.soak
def test_the_real_package_can_still_be_imported_and_has_the_same_messages():
    python(
        MODEL,
        "from google.cloud import aiplatform_v1 as real",
        f"assert real.Model.pb(real.Model()).__class__ is {MODEL}",
    )


def test_every_kind_of_operation_has_its_metadata_in_the_package():
    sources = "".join(file.read_text() for file in Path(models.__file__).parent.glob("*.py"))
    kinds = set(re.findall(r'_operations\.(?:done|failed|start)\(\s*[\w.]+,\s*"(\w+)"', sources))
    assert {"UploadModel", "DeployModel", "Delete"} <= kinds
    known = {
        name for module in ("model_service", "endpoint_service", "operation") for name in dir(load(f"{TYPES}.{module}"))
    }
    assert {f"{kind}OperationMetadata" for kind in kinds} <= known
