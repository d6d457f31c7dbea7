"""The kit's Vertex AI resources against the local Google Cloud, with real servers behind its endpoints."""

import threading

import pytest

from tests.local.gcp.rig import IMAGE, PARENT, Cloud
from trifold.plugin.vertex_deployment import DeploymentFailed, Deployments, title
from trifold.plugin.vertex_model import Versions
from trifold.protocol.declaration import InvalidInputs

DIGEST = "f" * 32


@pytest.fixture
def gcp(tmp_path):
    made = Cloud(tmp_path)
    yield made
    made.close()


def inputs(alias="v-one", **more):
    return {
        "project": "local",
        "location": "us-central1",
        "modelId": "flights",
        "displayName": "flights",
        "image": IMAGE,
        "predictRoute": "/predict",
        "healthRoute": "/health",
        "port": 8080,
        "labels": {"package": DIGEST},
        "versionAliases": [alias],
        **more,
    }


def version(gcp, name, alias=None, **environment):
    _, outputs = Versions().create(gcp, inputs(alias or f"v-{name}", environment={"NAME": name, **environment}))
    return outputs["versionName"]


def variant(model, name="main", weight=100, **more):
    bounds = {"machineType": "e2-standard-2", "minReplicas": 1, "maxReplicas": 1}
    return {"name": name, "model": model, "weight": weight, **bounds, **more}


def names(gcp, endpoint, times=20):
    """Who answered, over a number of requests; every one must be answered."""
    answers = [gcp.predict(endpoint) for _ in range(times)]
    assert {one.status_code for one in answers} == {200}
    return {one.json()["predictions"][0]["NAME"] for one in answers}


# ---- model versions ------------------------------------------------------------------------------------------------


def test_a_version_carries_what_it_was_asked_with(gcp):
    id, outputs = Versions().create(gcp, inputs(deploymentTimeout=60, environment={"A": "1"}, description="the first"))
    assert id == outputs["versionName"] == "projects/1/locations/us-central1/models/flights@1"
    found = gcp.ok("GET", id)
    assert found["labels"] == {"package": DIGEST} and found["versionAliases"] == ["v-one", "default"]
    assert found["containerSpec"] == {
        "imageUri": IMAGE,
        "predictRoute": "/predict",
        "healthRoute": "/health",
        "ports": [{"containerPort": 8080}],
        "env": [{"name": "A", "value": "1"}],
        "deploymentTimeout": "60s",
    }


def test_what_is_read_back_is_what_was_asked_for(gcp):
    asked = inputs(deploymentTimeout=60, environment={"A": "1"}, description="the first")
    id, _ = Versions().create(gcp, asked)
    assert Versions().read(gcp, id, asked)[1] == asked


def test_the_next_one_is_another_version_of_the_same_model(gcp):
    Versions().create(gcp, inputs("v-one"))
    id, _ = Versions().create(gcp, inputs("v-two"))
    assert id.endswith("models/flights@2") and len(gcp.ok("GET", f"{PARENT}/models")["models"]) == 1


def test_two_first_versions_at_once_become_versions_of_one_model(gcp):
    made = []

    def create(alias):
        made.append(Versions().create(gcp, inputs(alias))[0])

    threads = [threading.Thread(target=create, args=(alias,)) for alias in ("v-a1", "v-b2")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(id[-1] for id in made) == ["1", "2"]


def test_labels_change_in_place(gcp):
    id, outputs = Versions().create(gcp, inputs())
    now = Versions().update(gcp, id, outputs, inputs(labels={"package": "a" * 32}, description="better"))
    assert now["labels"] == gcp.ok("GET", id)["labels"] == {"package": "a" * 32}


def test_the_version_of_a_killed_run_is_found_by_its_alias_and_labels(gcp):
    id, _ = Versions().create(gcp, inputs())
    assert Versions().find(gcp, inputs()) == id
    assert Versions().find(gcp, inputs("v-other")) is None
    assert Versions().find(gcp, inputs(labels={})) is None


def test_the_default_version_may_go_first_and_the_last_one_takes_the_model_with_it(gcp):
    first, _ = Versions().create(gcp, inputs("v-one"))
    second, _ = Versions().create(gcp, inputs("v-two"))
    Versions().delete(gcp, first, {})
    assert gcp.ok("GET", second)["versionAliases"] == ["v-two", "default"]
    Versions().delete(gcp, second, {})
    assert gcp.ok("GET", f"{PARENT}/models") == {"models": []}
    Versions().delete(gcp, second, {})
    assert Versions().read(gcp, second, inputs()) is None


# ---- what an endpoint serves ---------------------------------------------------------------------------------------


def test_the_first_deployment_serves_all(gcp):
    endpoint, model = gcp.endpoint(), version(gcp, "old")
    id, outputs = Deployments().create(gcp, {"endpoint": endpoint, "deployments": [variant(model)]})
    (ident,) = outputs["deployedModels"].values()
    assert id == endpoint and outputs["trafficSplit"] == {ident: 100}
    assert names(gcp, endpoint) == {"old"}


def test_a_change_loses_no_request_and_the_old_goes_last(gcp):
    endpoint, old = gcp.endpoint(), version(gcp, "old")
    _, outputs = Deployments().create(gcp, {"endpoint": endpoint, "deployments": [variant(old)]})
    new, answers, over = version(gcp, "new"), [], threading.Event()

    def ask():
        while not over.is_set():
            answers.append(gcp.predict(endpoint))

    asking = threading.Thread(target=ask)
    asking.start()
    Deployments().update(gcp, endpoint, outputs, {"endpoint": endpoint, "deployments": [variant(new)]})
    over.set()
    asking.join()
    seen = [answer.json()["predictions"][0]["NAME"] for answer in answers if answer.status_code == 200]
    assert len(seen) == len(answers) and seen[0] == "old"
    assert seen == sorted(seen, reverse=True), "all traffic moves at once"
    assert names(gcp, endpoint) == {"new"} and len(gcp.processes._servers) == 1


def test_a_new_one_that_does_not_start_leaves_everything_as_it_was(gcp):
    endpoint, old = gcp.endpoint(), version(gcp, "old")
    _, outputs = Deployments().create(gcp, {"endpoint": endpoint, "deployments": [variant(old)]})
    wanted = [variant(version(gcp, "good"), "good", 50), variant(version(gcp, "bad", MODE="crash"), "bad", 50)]
    with pytest.raises(DeploymentFailed, match=r"(?s)deployment bad: Model server exited unexpectedly.*no model here"):
        Deployments().update(gcp, endpoint, outputs, {"endpoint": endpoint, "deployments": wanted})
    found = gcp.ok("GET", endpoint)
    assert [one["displayName"] for one in found["deployedModels"]] == [title(variant(old))]
    assert names(gcp, endpoint) == {"old"} and len(gcp.processes._servers) == 1


def test_weights_change_without_a_new_process(gcp):
    endpoint, one, two = gcp.endpoint(), version(gcp, "one"), version(gcp, "two")
    both = [variant(one, "blue", 90), variant(two, "green", 10)]
    _, outputs = Deployments().create(gcp, {"endpoint": endpoint, "deployments": both})
    before = {server.pid for server in gcp.processes._servers}
    moved = [variant(one, "blue", 0), variant(two, "green", 100)]
    outputs = Deployments().update(gcp, endpoint, outputs, {"endpoint": endpoint, "deployments": moved})
    assert {server.pid for server in gcp.processes._servers} == before
    assert outputs["trafficSplit"] == {outputs["deployedModels"]["green"]: 100} and names(gcp, endpoint) == {"two"}


def test_another_number_of_replicas_keeps_the_deployed_model(gcp):
    endpoint, model = gcp.endpoint(), version(gcp, "one")
    _, outputs = Deployments().create(gcp, {"endpoint": endpoint, "deployments": [variant(model)]})
    more = [variant(model, minReplicas=2, maxReplicas=3)]
    now = Deployments().update(gcp, endpoint, outputs, {"endpoint": endpoint, "deployments": more})
    assert now["deployedModels"] == outputs["deployedModels"] and len(gcp.processes._servers) == 2


def test_what_a_killed_run_left_is_taken_up_or_away(gcp):
    endpoint, old, new = gcp.endpoint(), version(gcp, "old"), version(gcp, "new")
    asked = {"endpoint": endpoint, "deployments": [variant(new)]}
    Deployments().create(gcp, {"endpoint": endpoint, "deployments": [variant(old)]})
    # The killed run had started the new one; nobody waited for it, and nobody knows of it.
    resources = {"machineSpec": {"machineType": "e2-standard-2"}, "minReplicaCount": 1, "maxReplicaCount": 1}
    deployed = {"model": new, "displayName": title(variant(new)), "dedicatedResources": resources}
    gcp.ok("POST", f"{endpoint}:deployModel", json={"deployedModel": deployed})
    assert Deployments().find(gcp, asked) == endpoint
    Deployments().update(gcp, endpoint, {}, asked)
    assert names(gcp, endpoint) == {"new"} and len(gcp.processes._servers) == 1


def test_what_is_read_back_is_what_was_asked_for_and_drift_shows(gcp):
    endpoint, model = gcp.endpoint(), version(gcp, "one")
    asked = {"endpoint": endpoint, "deployments": [variant(model, accessLogging=False)]}
    id, _ = Deployments().create(gcp, asked)
    assert Deployments().read(gcp, id, asked)[1] == asked
    gcp.ok("PATCH", endpoint, json={"trafficSplit": {}}, params={"updateMask": "trafficSplit"})
    assert Deployments().read(gcp, id, asked)[1]["deployments"][0]["weight"] == 0


def test_destroying_takes_all_away_and_then_the_model_may_go(gcp):
    endpoint, one, two = gcp.endpoint(), version(gcp, "one"), version(gcp, "two")
    both = [variant(one, "blue", 50), variant(two, "green", 50)]
    id, outputs = Deployments().create(gcp, {"endpoint": endpoint, "deployments": both})
    Deployments().delete(gcp, id, outputs)
    assert gcp.processes._servers == [] and "deployedModels" not in gcp.ok("GET", endpoint)
    assert Deployments().read(gcp, id, {}) is None
    Versions().delete(gcp, one, {})
    gcp.ok("DELETE", endpoint)
    Deployments().delete(gcp, id, outputs)


@pytest.mark.parametrize("weights", [(50, 60), (110, -10), (0, 0)])
def test_weights_that_cannot_be_are_refused_before_anything_changes(gcp, weights):
    wanted = [variant("m@1", name, weight) for name, weight in zip(("a", "b"), weights, strict=True)]
    with pytest.raises(InvalidInputs, match="the weights must be 0 or more and add up to 100"):
        Deployments().create(gcp, {"endpoint": gcp.endpoint(), "deployments": wanted})
