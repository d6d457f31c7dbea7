"""What a hostile Google Cloud does to its callers, by a clock of the test's own; a friendly one does none of it."""

import pytest

from tests.local.gcp.rig import PARENT, Cloud
from trifold.local.gcp.api.hostile import refusals
from trifold.local.gcp.provider.session import AGENT
from trifold.local.hostile import Hostile, Measures

PROJECT = "https://cloudresourcemanager.googleapis.com/v1/projects/local"
IAM = "https://iam.googleapis.com/v1/projects/local"
USAGE = "https://serviceusage.googleapis.com/v1"
# google-cloud-storage, the official provider, the kit; and a plain HTTP client.
SDK, PROVIDER, KIT = {"user-agent": "gcloud-python/3.17.1"}, {"user-agent": AGENT}, {"user-agent": "trifold/1.0"}
PLAIN = {"user-agent": "python-requests/2.32"}
CALM = Measures(refused=0.0, conflicts=0.0, late=0.0)


class Time:
    """A clock that goes on when it is told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def passes(self, seconds=60.0):
        self.now += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def cloud(tmp_path, time):
    """cloud(measures) -> a hostile one, with all APIs on unless it is told otherwise."""
    made = []

    def make(measures=CALM, on=True):
        gcp = Cloud(tmp_path, Hostile(1, "gcp", measures, time))
        made.append(gcp)
        if on:
            enable(gcp, "aiplatform", "artifactregistry", "iam")
            time.passes()
        return gcp

    yield make
    for one in made:
        one.close()


def enable(gcp, *services):
    names = [f"{one}.googleapis.com" for one in services]
    answer = gcp.post(f"{USAGE}/projects/local/services:batchEnable", json={"serviceIds": names})
    assert answer.status_code == 200, answer.text
    return answer.json()


def account(gcp, time, ident="an-account"):
    made = gcp.post(f"{IAM}/serviceAccounts", json={"accountId": ident})
    assert made.status_code == 200, made.text
    time.passes()
    address = made.json()["email"]
    gcp.sign_in(address)
    return address


def bind(gcp, role, address, headers=PLAIN):
    now = gcp.post(f"{PROJECT}:getIamPolicy", json={}).json()
    bindings = [*now["bindings"], {"role": role, "members": [f"serviceAccount:{address}"]}]
    return gcp.post(f"{PROJECT}:setIamPolicy", json={"policy": {**now, "bindings": bindings}}, headers=headers)


# ---- APIs ----------------------------------------------------------------------------------------------------------


def test_a_new_project_has_its_apis_off(cloud):
    gcp = cloud(on=False)
    error = gcp.vertex("GET", f"{PARENT}/endpoints").json()["error"]
    assert (error["code"], error["status"]) == (403, "PERMISSION_DENIED")
    assert error["message"].startswith("Vertex AI API has not been used in project 1 before or it is disabled.")
    assert error["details"][0]["reason"] == "SERVICE_DISABLED"
    assert gcp.storage("GET", "b", params={"project": "local"}).status_code == 200, "this one is on"


def test_an_api_that_was_enabled_is_listed_first_and_answers_later(cloud, time):
    gcp = cloud(on=False)
    operation = enable(gcp, "aiplatform", "iam")
    assert operation["done"] is False
    time.passes(1.5)
    assert gcp.request("GET", f"{USAGE}/{operation['name']}").json()["done"] is True
    assert gcp.vertex("GET", f"{PARENT}/endpoints").status_code == 403
    time.passes(5.0)
    assert gcp.vertex("GET", f"{PARENT}/endpoints").status_code == 200


# ---- grants that come late -----------------------------------------------------------------------------------------


def test_a_grant_and_its_end_take_a_while_to_work(cloud, time):
    gcp = cloud()
    reader = account(gcp, time)
    before = gcp.post(f"{PROJECT}:getIamPolicy", json={}).json()
    assert bind(gcp, "roles/viewer", reader).status_code == 200
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 403
    time.passes()
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 200
    etag = gcp.post(f"{PROJECT}:getIamPolicy", json={}).json()["etag"]
    gcp.post(f"{PROJECT}:setIamPolicy", json={"policy": {**before, "etag": etag}})
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 200
    time.passes()
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 403


def test_a_new_account_is_not_known_at_once(cloud, time):
    gcp = cloud()
    address = gcp.post(f"{IAM}/serviceAccounts", json={"accountId": "brand-new"}).json()["email"]
    assert gcp.request("GET", f"{IAM}/serviceAccounts/{address}").status_code == 404
    early = bind(gcp, "roles/viewer", address)
    assert (early.status_code, early.json()["error"]["message"]) == (400, f"Service account {address} does not exist.")
    time.passes()
    assert gcp.request("GET", f"{IAM}/serviceAccounts/{address}").status_code == 200
    assert bind(gcp, "roles/viewer", address).status_code == 200


def test_a_changed_role_gives_what_it_gave_for_a_while(cloud, time):
    gcp = cloud()
    reader = account(gcp, time)
    gcp.post(f"{IAM}/roles", json={"roleId": "mine", "role": {"includedPermissions": ["iam.serviceAccounts.list"]}})
    bind(gcp, "projects/local/roles/mine", reader)
    time.passes()
    gcp.request("PATCH", f"{IAM}/roles/mine", json={"includedPermissions": ["iam.roles.get"]})
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 200
    time.passes()
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 403


# ---- calls that are refused for now --------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [SDK, PROVIDER, KIT], ids=["sdk", "provider", "kit"])
def test_who_asks_again_is_refused_now_and_then_and_comes_through(cloud, headers):
    gcp = cloud(Measures(refused=1.0))
    answers = [gcp.storage("GET", "b", params={"project": "local"}, headers=headers) for _ in range(3)]
    assert [one.status_code in (429, 503) for one in answers] == [True, True, False]
    assert {one.json()["error"]["errors"][0]["reason"] for one in answers[:2]} <= {"rateLimitExceeded", "backendError"}


def test_who_asks_once_only_is_spared(cloud):
    gcp = cloud(Measures(refused=1.0))
    assert gcp.storage("GET", "b", params={"project": "local"}, headers=PLAIN).status_code == 200
    assert not refusals.retries(PLAIN)


def test_the_other_services_are_refused_as_google_rpc_says(cloud):
    gcp = cloud(Measures(refused=1.0))
    error = gcp.request("GET", f"{IAM}/roles", headers=KIT).json()["error"]
    assert (error["code"], error["status"]) in ((429, "RESOURCE_EXHAUSTED"), (503, "UNAVAILABLE"))


def test_one_object_is_written_once_a_second(cloud, time):
    gcp = cloud()
    gcp.bucket("box")
    first, second = (gcp.upload("box", "a", headers=SDK) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 429)
    assert second.json()["error"]["message"].startswith("The object box/a exceeded the rate limit for object mutation")
    assert gcp.upload("box", "b", headers=SDK).status_code == 200, "another object"
    time.passes(1.0)
    assert gcp.upload("box", "a", headers=SDK).status_code == 200


# ---- changes that meet others ----------------------------------------------------------------------------------------


def test_a_policy_that_somebody_else_changes_is_to_be_read_again(cloud, time):
    gcp = cloud(Measures(refused=0.0, conflicts=1.0))
    reader = account(gcp, time)
    said = [bind(gcp, "roles/viewer", reader, PROVIDER) for _ in range(3)]
    assert [one.status_code for one in said] == [409, 409, 200]
    assert "concurrent policy changes" in said[0].json()["error"]["message"]


def test_a_project_has_so_many_cpus_to_serve_with(cloud):
    gcp = cloud()
    model, endpoint = gcp.model(), gcp.endpoint()
    resources = {"machineSpec": {"machineType": "n1-standard-16"}, "minReplicaCount": 2}
    body = {"deployedModel": {"model": model, "dedicatedResources": resources}}
    error = gcp.vertex("POST", f"{endpoint}:deployModel", json=body).json()["error"]
    assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert error["message"].endswith("aiplatform.googleapis.com/custom_model_serving_cpus")


def test_a_deployment_may_fail_after_it_was_accepted(cloud):
    gcp = cloud(Measures(refused=0.0, conflicts=0.0, late=1.0))
    model, endpoint = gcp.model(), gcp.endpoint()
    assert gcp.deploy(endpoint, model)["error"]["code"] == 13
    assert "deployedModels" not in gcp.ok("GET", endpoint)
    assert "error" not in gcp.deploy(endpoint, model), "once"
