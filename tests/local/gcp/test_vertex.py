"""Vertex AI: endpoints that serve by a real process, traffic, failures in Vertex AI's words."""

import os
import signal
import threading
import time

import pytest

from tests.local.gcp.rig import PARENT

# ---- endpoints that serve ------------------------------------------------------------------------------------------


def test_a_deployed_model_answers_and_says_which_it_is(gcp):
    gcp.bucket("box")
    gcp.upload("box", "models/m/model.bin", b"weights")
    endpoint, model = gcp.endpoint(), gcp.model(artifactUri="gs://box/models/m")
    deployed = gcp.deployed(endpoint, model)
    answer = gcp.predict(endpoint)
    body = answer.json()
    told = body.pop("predictions")[0]
    assert body == {
        "deployedModelId": deployed,
        "model": model.partition("@")[0],
        "modelDisplayName": "flights",
        "modelVersionId": "1",
    }
    assert "X-Container" not in answer.headers, "Vertex AI passes none of the container's headers"
    assert told["AIP_ENDPOINT_ID"] == "1234567890" and told["AIP_DEPLOYED_MODEL_ID"] == deployed
    assert told["AIP_MACHINE_TYPE"] == "e2-standard-2" and told["AIP_STORAGE_URI"].startswith("gs://caip-tenant-")


def test_googles_copy_of_the_files_outlives_the_original(gcp):
    gcp.bucket("box")
    gcp.upload("box", "m/model.bin", b"weights")
    endpoint, model = gcp.endpoint(), gcp.model(artifactUri="gs://box/m")
    gcp.storage("DELETE", "b/box/o/m%2Fmodel.bin")
    gcp.deployed(endpoint, model)
    bucket, _, folder = (
        gcp.predict(endpoint).json()["predictions"][0]["AIP_STORAGE_URI"].removeprefix("gs://").partition("/")
    )
    mine = gcp.storage("GET", f"b/{bucket}/o/{folder}%2Fmodel.bin", params={"alt": "media"})
    assert mine.status_code == 200, "whoever may read the original's bucket"
    gcp.caller = gcp.account("no-reader")
    assert gcp.storage("GET", f"b/{bucket}/o/{folder}%2Fmodel.bin").status_code == 403


def test_raw_predict_passes_the_body_and_no_header(gcp):
    endpoint = gcp.endpoint()
    gcp.deployed(endpoint, gcp.model())
    answer = gcp.vertex("POST", f"{endpoint}:rawPredict", json={"instances": [1]})
    assert answer.json()["more"] == "a field of the container's" and "X-Container" not in answer.headers
    assert answer.headers["X-Vertex-Ai-Endpoint-Id"] == "1234567890"


def test_traffic_is_split_as_asked(gcp):
    endpoint = gcp.endpoint()
    old = gcp.deployed(endpoint, gcp.model(env={"NAME": "old"}))
    new = gcp.deployed(endpoint, gcp.model(env={"NAME": "new"}), {old: 100})
    assert {gcp.predict(endpoint).json()["predictions"][0]["NAME"] for _ in range(20)} == {"old"}
    split = {old: 50, new: 50}
    patched = gcp.ok("PATCH", endpoint, json={"trafficSplit": split}, params={"updateMask": "trafficSplit"})
    assert patched["trafficSplit"] == split
    names = [gcp.predict(endpoint).json()["predictions"][0]["NAME"] for _ in range(100)]
    assert 20 < names.count("new") < 80


@pytest.mark.parametrize("split", [{"0": 50}, {"0": 100, "77": 1}])
def test_a_split_that_cannot_be_is_refused(gcp, split):
    endpoint, model = gcp.endpoint(), gcp.model()
    resources = {"machineSpec": {"machineType": "e2-standard-2"}, "minReplicaCount": 1}
    body = {"deployedModel": {"model": model, "dedicatedResources": resources}, "trafficSplit": split}
    assert gcp.vertex("POST", f"{endpoint}:deployModel", json=body).status_code == 400


def test_an_endpoint_without_traffic_says_so(gcp):
    endpoint = gcp.endpoint()
    error = gcp.predict(endpoint).json()["error"]
    assert error == {
        "code": 400,
        "status": "FAILED_PRECONDITION",
        "message": f"Endpoint {endpoint} doesn't have traffic_split.",
    }


# ---- what fails ----------------------------------------------------------------------------------------------------


def test_a_server_that_ends_fails_the_deployment_with_its_last_words(gcp):
    endpoint = gcp.endpoint()
    error = gcp.deploy(endpoint, gcp.model(env={"MODE": "crash"}))["error"]
    assert error["code"] == 9
    assert error["message"].startswith(
        "Model server exited unexpectedly. Model server logs can be found at "
        "https://console.cloud.google.com/logs/viewer?project=1"
    )
    assert "(locally: exit code 3, " in error["message"] and "no model here: giving up" in error["message"]
    assert "deployedModels" not in gcp.ok("GET", endpoint)
    assert gcp.processes._servers == []


def test_a_server_that_never_becomes_healthy_fails_at_its_limit(gcp):
    endpoint = gcp.endpoint()
    model = gcp.model(env={"MODE": "sick"}, container={"deploymentTimeout": "1s"})
    assert gcp.deploy(endpoint, model)["error"]["message"].startswith("Model server never became ready.")
    assert gcp.processes._servers == []


def test_an_image_that_is_nowhere_fails_the_deployment_by_name(gcp):
    endpoint, model = gcp.endpoint(), gcp.model(container={"imageUri": "gcr.io/somebody/else:latest"})
    error = gcp.deploy(endpoint, model)["error"]
    assert error["code"] == 5 and error["message"].startswith('Image "gcr.io/somebody/else:latest" not found.')


def test_a_failed_deployment_leaves_the_old_one_serving(gcp):
    endpoint = gcp.endpoint()
    gcp.deployed(endpoint, gcp.model(env={"NAME": "old"}))
    assert "error" in gcp.deploy(endpoint, gcp.model(env={"MODE": "crash"}))
    assert gcp.predict(endpoint).json()["predictions"][0]["NAME"] == "old"


@pytest.mark.parametrize(
    ("status", "code", "name"),
    [(400, 400, "INVALID_ARGUMENT"), (404, 404, "NOT_FOUND"), (429, 429, "RESOURCE_EXHAUSTED"), (500, 500, "INTERNAL")],
)
def test_the_containers_refusal_is_passed_on(gcp, status, code, name):
    endpoint = gcp.endpoint()
    gcp.deployed(endpoint, gcp.model())
    answer = gcp.predict(endpoint, status=status, says="row 3 is wrong")
    assert answer.status_code == code
    assert answer.json()["error"]["status"] == name and "row 3 is wrong" in answer.json()["error"]["message"]


def test_a_request_above_the_shared_hosts_limit_is_refused(gcp):
    endpoint = gcp.endpoint()
    gcp.deployed(endpoint, gcp.model())
    answer = gcp.vertex("POST", f"{endpoint}:predict", json={"instances": ["x" * 1_600_000]})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Request payload size exceeds the limit: 1572864 bytes."


def test_a_dedicated_endpoint_answers_at_its_own_host_only(gcp):
    endpoint = gcp.endpoint(dedicatedEndpointEnabled=True)
    gcp.deployed(endpoint, gcp.model())
    host = gcp.ok("GET", endpoint)["dedicatedEndpointDns"]
    assert "dedicated DNS name" in gcp.predict(endpoint).json()["error"]["message"]
    large = {"instances": ["x" * 1_600_000]}
    assert gcp.request("POST", f"https://{host}/v1/{endpoint}:predict", json=large).status_code == 200


def test_a_killed_server_is_said_to_be_unready_and_comes_back(gcp):
    endpoint = gcp.endpoint()
    gcp.deployed(endpoint, gcp.model())
    before = gcp.predict(endpoint).json()["predictions"][0]["pid"]
    os.kill(before, signal.SIGKILL)
    seen, limit = set(), time.monotonic() + 30
    while time.monotonic() < limit:
        answer = gcp.predict(endpoint)
        seen.add(answer.status_code)
        if answer.status_code == 200 and answer.json()["predictions"][0]["pid"] != before:
            break
        if answer.status_code == 503:
            assert "is not ready" in answer.json()["error"]["message"]
    assert 200 in seen and seen <= {200, 503}
    assert gcp.ok("GET", endpoint)["deployedModels"][0]["status"]["availableReplicaCount"] == 1


def test_every_replica_is_a_process_and_their_number_changes(gcp):
    endpoint, model = gcp.endpoint(), gcp.model()
    resources = {"machineSpec": {"machineType": "e2-standard-2"}, "minReplicaCount": 2}
    ident = gcp.deployed(endpoint, model, dedicatedResources=resources)

    def pids():
        return {gcp.predict(endpoint).json()["predictions"][0]["pid"] for _ in range(6)}

    assert len(pids()) == 2
    body = {
        "deployedModel": {"id": ident, "dedicatedResources": {"minReplicaCount": 1}},
        "updateMask": "dedicatedResources.minReplicaCount",
    }
    gcp.done(gcp.ok("POST", f"{endpoint}:mutateDeployedModel", json=body))
    assert len(pids()) == 1 and len(gcp.processes._servers) == 1


# ---- undeploying and deleting --------------------------------------------------------------------------------------


def test_undeploying_ends_the_process_after_its_last_request(gcp):
    endpoint = gcp.endpoint()
    ident = gcp.deployed(endpoint, gcp.model())
    answers = []
    asking = threading.Thread(target=lambda: answers.append(gcp.predict(endpoint, sleep=1)))
    asking.start()
    while not gcp.gate._vertex._endpoints._endpoints["1234567890"].deployments[ident]._replicas[0].busy:
        time.sleep(0.01)
    gcp.done(gcp.ok("POST", f"{endpoint}:undeployModel", json={"deployedModelId": ident}))
    asking.join()
    assert answers[0].status_code == 200, "what was being worked on is finished"
    assert gcp.processes._servers == [] and "trafficSplit" not in gcp.ok("GET", endpoint)


def test_what_has_traffic_is_not_undeployed(gcp):
    endpoint = gcp.endpoint()
    old = gcp.deployed(endpoint, gcp.model())
    new = gcp.deployed(endpoint, gcp.model(), {old: 100})
    refused = gcp.vertex("POST", f"{endpoint}:undeployModel", json={"deployedModelId": old})
    assert refused.status_code == 400 and "still has traffic" in refused.json()["error"]["message"]
    gcp.done(gcp.ok("POST", f"{endpoint}:undeployModel", json={"deployedModelId": old, "trafficSplit": {new: 100}}))
    assert gcp.ok("GET", endpoint)["trafficSplit"] == {new: 100}


def test_what_serves_is_not_deleted(gcp):
    endpoint, model = gcp.endpoint(), gcp.model()
    ident = gcp.deployed(endpoint, model)
    name = model.partition("@")[0]
    assert gcp.ok("GET", name)["deployedModels"] == [{"endpoint": endpoint, "deployedModelId": ident}]
    for what, says in ((endpoint, f"DeployedModel(s) with ID(s): {ident}"), (name, f"Endpoint(s): {endpoint}")):
        refused = gcp.vertex("DELETE", what)
        assert refused.status_code == 400 and says in refused.json()["error"]["message"]


def test_an_account_that_is_not_there_cannot_be_acted_as(gcp):
    resources = {"machineSpec": {"machineType": "e2-standard-2"}, "minReplicaCount": 1}
    deployed = {
        "model": gcp.model(),
        "dedicatedResources": resources,
        "serviceAccount": "no@local.iam.gserviceaccount.com",
    }
    answer = gcp.vertex("POST", f"{gcp.endpoint()}:deployModel", json={"deployedModel": deployed})
    assert answer.status_code == 400 and "act as service_account: no@" in answer.json()["error"]["message"]


def test_automatic_resources_are_for_models_of_googles_own(gcp):
    model = gcp.model()
    body = {"deployedModel": {"model": model, "automaticResources": {"minReplicaCount": 1}}}
    answer = gcp.vertex("POST", f"{gcp.endpoint()}:deployModel", json=body)
    said = f"'automatic_resources' is not supported for Model {model.partition('@')[0]}."
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, said)


@pytest.mark.parametrize("kind", ["e2-micro", "", "huge"])
def test_machine_types_that_vertex_ai_does_not_take(gcp, kind):
    resources = {"machineSpec": {"machineType": kind}, "minReplicaCount": 1}
    body = {"deployedModel": {"model": gcp.model(), "dedicatedResources": resources}}
    assert gcp.vertex("POST", f"{gcp.endpoint()}:deployModel", json=body).status_code == 400


def test_operations_are_listed_at_what_they_are_about(gcp):
    endpoint = gcp.endpoint()
    gcp.deployed(endpoint, gcp.model())
    found = gcp.ok("GET", f"{endpoint}/operations")["operations"]
    kinds = [one["metadata"]["@type"].rpartition(".")[2] for one in found]
    assert kinds == ["CreateEndpointOperationMetadata", "DeployModelOperationMetadata"]
    assert gcp.vertex("GET", f"{PARENT}/operations/999").status_code == 404
