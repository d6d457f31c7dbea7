"""Online deployments: real processes, Azure's states, defaults and status codes."""

import concurrent.futures
import os
import signal
import time

import pytest

from tests.local.azure.rig import ML, Local, deployment, score, score_with, traffic, with_workspace

ENDPOINT = f"{ML}/onlineEndpoints/flights"
BLUE, GREEN = f"{ENDPOINT}/deployments/blue", f"{ENDPOINT}/deployments/green"
QUICK = {"failureThreshold": 1, "period": "PT1S", "initialDelay": "PT1S"}


@pytest.fixture
def space(local: Local) -> Local:
    return with_workspace(local)


def error_of(local: Local, path: str, body: dict) -> dict:
    """The error of the operation that a PUT starts."""
    answer = local.arm("PUT", path, body)
    assert answer.status_code in (200, 201), answer.text
    ended = local.followed(answer)
    assert ended["status"] == "Failed"
    return ended["error"]


def test_a_deployment_serves_the_model_it_was_given(space: Local) -> None:
    made = space.put(BLUE, deployment(environmentVariables={"NAME": "blue"}))
    assert made["properties"]["provisioningState"] == "Succeeded"
    assert score(space).status_code == 404  # no traffic yet
    assert space.followed(traffic(space, blue=100))["status"] == "Succeeded"
    answer = score(space)
    assert answer.status_code == 200
    said = answer.json()
    assert said["files"] == ["folder/model.bin"] and said["root"].endswith("/azureml-models/flights/1")
    assert said["path"] == "/score" and said["authorization"] is None
    assert answer.headers["azureml-model-deployment"] == "blue" and answer.headers["x-own"] == "yes"


def test_azures_defaults_hold_where_nothing_is_set(space: Local) -> None:
    properties = space.put(BLUE, deployment())["properties"]
    assert properties["requestSettings"] == {
        "maxConcurrentRequestsPerInstance": 1, "requestTimeout": "PT5S", "maxQueueWait": "PT0.5S"
    }  # fmt: skip
    assert properties["livenessProbe"]["failureThreshold"] == 30
    assert properties["scaleSettings"] == {"scaleType": "Default"}


def test_a_slow_model_is_a_408(space: Local) -> None:
    space.put(BLUE, deployment(requestSettings={"requestTimeout": "PT1S"}))
    choice = {"azureml-model-deployment": "blue"}
    assert score(space, {"sleep": 0.1}, **choice).status_code == 200
    assert score(space, {"sleep": 3}, **choice).status_code == 408


@pytest.mark.soak
def test_five_seconds_are_the_most_where_nothing_is_set(space: Local) -> None:
    space.put(BLUE, deployment())
    choice = {"azureml-model-deployment": "blue"}
    assert score(space, {"sleep": 4}, **choice).status_code == 200
    assert score(space, {"sleep": 6}, **choice).status_code == 408


def test_a_models_own_error_is_a_424_that_says_so(space: Local) -> None:
    space.put(BLUE, deployment())
    answer = score(space, {"status": 400}, **{"azureml-model-deployment": "blue"})
    assert answer.status_code == 424
    assert answer.headers["ms-azureml-model-error-statuscode"] == "400"
    assert "files" in answer.json()


def test_more_than_twice_the_concurrency_is_a_429(space: Local) -> None:
    space.put(BLUE, deployment())
    key = space.arm("POST", f"{ENDPOINT}/listKeys").json()["primaryKey"]
    choice = {"azureml-model-deployment": "blue"}
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(score_with, space, key, {"sleep": 1.5}, **choice) for _ in range(4)]
        codes = sorted(one.result().status_code for one in asked)
    # One is worked on; one waits half a second in the queue; the others are too many at once.
    assert codes == [200, 429, 429, 429]


def test_only_the_key_opens(space: Local) -> None:
    space.put(BLUE, deployment())
    assert score_with(space, "wrong").status_code == 401
    keys = space.arm("POST", f"{ENDPOINT}/listKeys").json()
    choice = {"azureml-model-deployment": "blue"}
    assert score_with(space, keys["secondaryKey"], **choice).status_code == 200
    request = {"keyType": "Primary", "keyValue": keys["primaryKey"]}
    assert space.arm("POST", f"{ENDPOINT}/regenerateKeys", request).status_code == 202
    deadline = time.monotonic() + 5
    while score_with(space, keys["primaryKey"], **choice).status_code != 401:
        assert time.monotonic() < deadline


def test_weights_route_and_zero_takes_away(space: Local) -> None:
    space.put(BLUE, deployment(environmentVariables={"NAME": "blue"}))
    space.put(GREEN, deployment(environmentVariables={"NAME": "green"}))
    space.followed(traffic(space, blue=50, green=50))
    assert {score(space).json()["name"] for _ in range(40)} == {"blue", "green"}
    space.followed(traffic(space, blue=0, green=100))
    assert {score(space).json()["name"] for _ in range(10)} == {"green"}
    refused = space.followed(space.arm("DELETE", GREEN))
    assert refused["status"] == "Failed" and "100 %" in refused["error"]["message"]
    assert space.followed(space.arm("DELETE", BLUE))["status"] == "Succeeded"


@pytest.mark.parametrize(
    ("weights", "reason"),
    [({"blue": 50}, "add up to 0 or 100"), ({"red": 100}, "does not exist"), ({"blue": 120}, "between 0 and 100")],
)
def test_traffic_that_cannot_be_is_refused(space: Local, weights: dict, reason: str) -> None:
    space.put(BLUE, deployment())
    answer = traffic(space, **weights)
    assert answer.status_code == 400 and reason in answer.json()["error"]["message"]


def test_a_put_without_traffic_leaves_none(space: Local) -> None:
    space.put(BLUE, deployment())
    space.followed(traffic(space, blue=100))
    space.put(ENDPOINT, {"location": "eastus", "tags": {"a": "b"}, "properties": {"authMode": "Key"}})
    assert score(space).status_code == 404


def test_mirrored_traffic_and_scoring_scripts_are_refused_by_name(space: Local) -> None:
    body = {"location": "eastus", "properties": {"authMode": "Key", "mirrorTraffic": {"blue": 10}}}
    answer = space.arm("PUT", ENDPOINT, body)
    assert answer.status_code == 501 and "mirrorTraffic" in answer.text
    code = {"codeId": f"{ML}/codes/c/versions/1", "scoringScript": "score.py"}
    answer = space.arm("PUT", BLUE, deployment(codeConfiguration=code))
    assert answer.status_code == 501 and "codeConfiguration" in answer.text


def test_a_container_that_crashes_fails_with_the_end_of_its_log(space: Local) -> None:
    error = error_of(space, BLUE, deployment(environmentVariables={"MODE": "crash"}))
    assert error["code"] == "ResourceNotReady"
    assert "exit code 1" in error["message"] and "the model is not there" in error["message"]
    assert space.arm("GET", BLUE).json()["properties"]["provisioningState"] == "Failed"
    logs = space.arm("POST", f"{BLUE}/getLogs", {"tail": 10}).json()["content"]
    assert "the model is not there" in logs


def test_a_container_that_is_never_ready_is_given_up(space: Local) -> None:
    body = deployment(environmentVariables={"MODE": "unready"}, readinessProbe=QUICK)
    assert "readiness probe at /ready failed" in error_of(space, BLUE, body)["message"]


def test_an_image_that_is_not_there_fails(space: Local) -> None:
    space.put(f"{ML}/environments/serving/versions/2", {"properties": {"image": f"other@sha256:{'1' * 64}"}})
    body = deployment(environmentId=f"{ML}/environments/serving/versions/2")
    assert "ImagePullFailed" in error_of(space, BLUE, body)["message"]


def test_a_bad_update_leaves_the_old_one_serving(space: Local) -> None:
    space.put(BLUE, deployment(environmentVariables={"NAME": "old"}))
    space.followed(traffic(space, blue=100))
    error_of(space, BLUE, deployment(environmentVariables={"MODE": "crash"}))
    assert score(space).json()["name"] == "old"


def test_a_process_that_is_killed_comes_back(space: Local) -> None:
    space.put(BLUE, deployment())
    space.followed(traffic(space, blue=100))
    running = space.azure.runtime.running(space.azure.store.get(BLUE).id)
    killed = running.instances[0].server.pid
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while not running.instances or running.instances[0].server.pid == killed or score(space).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    said = space.arm("POST", f"{BLUE}/getLogs", {"tail": 10}).json()["content"]
    assert "Name: BackOff, Type: Warning" in said and "exit code -9" in said


def test_instances_are_processes_and_end_with_the_endpoint(space: Local) -> None:
    space.put(BLUE, deployment(capacity=2))
    running = space.azure.runtime.running(space.azure.store.get(BLUE).id)
    servers = [one.server for one in running.instances]
    assert len(servers) == 2 and all(one.alive() for one in servers)
    assert space.followed(space.arm("DELETE", ENDPOINT))["status"] == "Succeeded"
    assert not any(one.alive() for one in servers)
