"""Google Cloud against the local API: labels lead to it service by service, and an account is found by its name."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.local.gcp import rig
from trifold.doctor.gcp import Client
from trifold.local.gcp.cloud import LOCATION, PROJECT
from trifold.sweep.gcp import ACCOUNT, BUCKET, ENDPOINT, MODEL, REPOSITORY, Cloud
from trifold.sweep.judge import Wish, going, judged
from trifold.sweep.run import found_in, remove
from trifold.sweep.thing import IDLE_DAYS, Place, asked_of

LABELS = {"project": "trifold", "stack": "gone"}
PLACE = Place("gcp", PROJECT, LOCATION, "trifold", name_of=lambda stack, kind: f"{stack}-endpoints")
TODAY = datetime.now(UTC).date()


class Here(Client):
    """The sweep's client of the API in this process."""

    def __init__(self, gcp):
        super().__init__(asked_of(PLACE))
        self._gcp = gcp

    def request(self, method, url, body=None):
        answer = self._gcp.request(method, url, json=body)
        return answer.status_code, answer.json() if answer.content else {}


@pytest.fixture
def gcp(tmp_path):
    made = rig.Cloud(tmp_path)
    yield made
    made.close()


@pytest.fixture
def cloud(gcp):
    return Cloud(PLACE, Here(gcp))


@pytest.fixture
def made(gcp):
    """One of each kind, of the stack "gone", and a bucket of somebody else's."""
    gcp.bucket("ours", labels=LABELS, versioning={"enabled": True})
    gcp.bucket("theirs", labels={**LABELS, "project": "other"})
    for content in (b"one", b"two"):
        assert gcp.upload("ours", "folder/object", content).status_code == 200
    gcp.model(labels=LABELS)
    gcp.endpoint(labels=LABELS)
    where = f"https://artifactregistry.googleapis.com/v1/{rig.PARENT}/repositories?repositoryId=images"
    assert gcp.request("POST", where, json={"format": "DOCKER", "labels": LABELS}).status_code == 200
    gcp.account("gone-endpoints")


def test_what_carries_the_labels_is_found(cloud, made):
    found = {one.type: one for one in found_in(PLACE, cloud)}
    assert set(found) == {BUCKET, MODEL, ENDPOINT, REPOSITORY, ACCOUNT}
    assert (found[BUCKET].name, found[BUCKET].region) == ("ours", LOCATION)
    assert {one.stack for one in found.values()} == {"gone"}


def test_all_of_it_goes_with_what_is_in_it(cloud, made, gcp):
    verdicts = judged(PLACE, found_in(PLACE, cloud), [], TODAY)
    assert remove(cloud, going(verdicts, Wish(("gone",))), purge=False) == {}
    assert found_in(PLACE, cloud) == []
    assert [one["name"] for one in gcp.storage("GET", f"b?project={PROJECT}").json()["items"]] == ["theirs"]
    assert remove(cloud, going(verdicts, Wish(("gone",))), purge=False) == {}


def test_a_model_that_serves_goes_after_its_endpoint(cloud, gcp):
    gcp.bucket("models")
    endpoint = gcp.endpoint(labels=LABELS)
    gcp.deployed(endpoint, gcp.model(labels=LABELS))
    found = judged(PLACE, found_in(PLACE, cloud), [], TODAY)
    (one,) = [verdict.thing for verdict in found if verdict.thing.type == ENDPOINT]
    assert one.instances == (("e2-standard-2", 1),) and one.cost().dollars > 50
    assert remove(cloud, found, purge=False) == {}
    assert found_in(PLACE, cloud) == []


@pytest.mark.parametrize(
    ("days", "status", "points", "requests"),
    [(30, 200, [], 0.0), (30, 200, ["2", "3"], 5.0), (30, 403, [], None), (1, 200, [], None)],
    ids=["idle", "asked", "not known", "young"],
)
def test_an_endpoint_is_idle_when_monitoring_has_counted_nothing(days, status, points, requests):
    assert days > IDLE_DAYS or requests is None
    asked = []

    class Recorded:
        def request(self, method, url, body=None):
            asked.append(url)
            return status, {"timeSeries": [{"points": [{"value": {"int64Value": one}} for one in points]}]}

    made = datetime.now(UTC) - timedelta(days=days)
    endpoint = {"name": f"{rig.PARENT}/endpoints/5", "createTime": made.isoformat().replace("+00:00", "Z")}
    assert Cloud(PLACE, Recorded())._requests(endpoint) == requests
    assert all("prediction_count" in url and "endpoint_id%3D%225%22" in url for url in asked)
