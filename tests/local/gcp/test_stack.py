"""A stack on the local Google Cloud as its model changes: no request fails, a bad package leaves the old one serving, a
kill is healed, and nothing is left in the end. And a server reads its model only if its account may."""

import os
import signal
import uuid
from pathlib import Path

import pytest

from tests.local.stacks import IMAGE, Load, Stack, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

STACK = "gcp-models"
SETTINGS = {
    "trifold:cloud": "gcp",
    "trifold:account": "local",
    "trifold:size": "e2-standard-2",
    "gcp:region": "us-central1",
    "gcp:project": "local",
}
# A server that may not read its model says so without waiting for a grant.
AT_ONCE = [{"name": "TRIFOLD_GRANT_SECONDS", "value": "0"}]
PARENT = "projects/local/locations/us-central1"
VERTEX = "https://us-central1-aiplatform.googleapis.com/v1"
STORAGE = "https://storage.googleapis.com"


def client(env):
    """Google's REST APIs through the door, from this process."""
    import requests
    from google.auth.transport.requests import AuthorizedSession, Request
    from google.oauth2.service_account import Credentials

    def through_the_door(session):
        session.proxies, session.verify = {"https": env["HTTPS_PROXY"]}, env["REQUESTS_CA_BUNDLE"]
        session.trust_env = False
        return session

    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
    credentials = Credentials.from_service_account_file(env["GOOGLE_APPLICATION_CREDENTIALS"], scopes=scopes)
    asking = Request(through_the_door(requests.Session()))
    return through_the_door(AuthorizedSession(credentials, auth_request=asking))


@pytest.fixture(scope="module")
def stack(clouds, tmp_path_factory):
    with Stack(clouds, STACK, tmp_path_factory.mktemp("packages")).up(SETTINGS) as found:
        yield found


@pytest.fixture(scope="module")
def http(clouds):
    return client(clouds.env)


def caller(stack):
    """Asks once; the number of the version that answered."""
    http, body = client(stack.clouds.env), stack.body()
    url = f"{VERTEX}/{stack.outputs()['endpoint_id']}:predict"
    return lambda: ok(http.post(url, json=body))["modelVersionId"]


def calling(stack):
    return Load([caller(stack) for _ in range(3)])


def endpoint(stack, http):
    return ok(http.get(f"{VERTEX}/{stack.outputs()['endpoint_id']}"))


def versions(http):
    """{version number: digest in its label} of the stack's model."""
    found = ok(http.get(f"{VERTEX}/{PARENT}/models/trifold-{STACK}-digits:listVersions")).get("models", [])
    return {one["versionId"]: one["labels"]["package"] for one in found}


def label(stack, name):
    return stack.digests[name][:32]


def test_a_new_package_comes_in_without_a_failed_request(stack, http):
    assert versions(http) == {"1": label(stack, "first")}
    with calling(stack) as load:
        stack.serve("second")
        wait_for(lambda: load.said[-1] == "2")
    assert load.failures == [] and set(load.said) == {"1", "2"}
    assert versions(http) == {"2": label(stack, "second")}, "the old version went, last"
    assert "unchanged" in stack.run("preview") and len(endpoint(stack, http)["deployedModels"]) == 1


def test_a_bad_package_fails_with_the_reason_and_the_old_one_serves_on(stack, http):
    with calling(stack) as load:
        printed = stack.serve("bad", fails=True)
    assert "Model server exited unexpectedly. Model server logs can be found at" in printed and "card.md" in printed
    assert load.failures == [] and set(load.said) == {"2"}
    stack.serve("second")
    assert versions(http) == {"2": label(stack, "second")}


def test_a_killed_server_is_healed(stack, http):
    name = stack.outputs()["endpoint_name"]
    (pid,) = stack.server_pids(name)
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: stack.server_pids(name) not in ([pid], []))
    wait_for(lambda: endpoint(stack, http)["deployedModels"][0]["status"].get("availableReplicaCount") == 1)
    with calling(stack) as load:
        pass
    assert load.failures == []


# ---- the account a server runs as ----------------------------------------------------------------------------------


@pytest.fixture
def place(clouds):
    """A bucket with the digits in it, an account, an endpoint, and a model of them; (http, names)."""
    assert clouds.trifold("model", "build", "digits").returncode == 0
    http, name = client(clouds.env), f"grant-{uuid.uuid4().hex[:8]}"
    package = Path(clouds.state) / "packages" / "digits" / "current" / "model.tar.gz"
    made = {"bucket": name, "account": f"{name}@local.iam.gserviceaccount.com"}
    ok(http.post(f"{STORAGE}/storage/v1/b?project=local", json={"name": name, "location": "us-central1"}))
    where = f"{STORAGE}/upload/storage/v1/b/{name}/o?uploadType=media&name=m/model.tar.gz"
    ok(http.post(where, data=package.read_bytes()))
    ok(http.post("https://iam.googleapis.com/v1/projects/local/serviceAccounts", json={"accountId": name}))
    image = f"us-central1-docker.pkg.dev/local/images/{IMAGE}"
    model = {"displayName": name, "artifactUri": f"gs://{name}/m", "containerSpec": {"imageUri": image, "env": AT_ONCE}}
    made["model"] = ok(http.post(f"{VERTEX}/{PARENT}/models:upload", json={"model": model}))["response"]["model"]
    made["endpoint"] = ok(http.post(f"{VERTEX}/{PARENT}/endpoints", json={"displayName": name}))["response"]["name"]
    yield http, made
    for name in (made["endpoint"], made["model"]):
        ok(http.delete(f"{VERTEX}/{name}"))
    ok(http.delete(f"https://iam.googleapis.com/v1/projects/local/serviceAccounts/{made['account']}"))
    http.delete(f"{STORAGE}/storage/v1/b/{made['bucket']}/o/m%2Fmodel.tar.gz")
    http.delete(f"{STORAGE}/storage/v1/b/{made['bucket']}")


def ok(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()


def deploy(http, made):
    """The finished operation of a deployment that runs as the account."""
    resources = {"machineSpec": {"machineType": "e2-standard-2"}, "minReplicaCount": 1}
    deployed = {"model": made["model"], "serviceAccount": made["account"], "dedicatedResources": resources}
    body = {"deployedModel": deployed, "trafficSplit": {"0": 100}}
    name = ok(http.post(f"{VERTEX}/{made['endpoint']}:deployModel", json=body))["name"]
    return wait_for(lambda: (found := ok(http.get(f"{VERTEX}/{name}"))).get("done") and found)


def test_without_the_grant_the_server_cannot_read_its_model_and_with_it_it_can(place):
    http, made = place
    message = deploy(http, made)["error"]["message"]
    assert f"{made['account']} does not have storage.objects" in message
    binding = {"role": "roles/storage.objectViewer", "members": [f"serviceAccount:{made['account']}"]}
    ok(http.put(f"{STORAGE}/storage/v1/b/{made['bucket']}/iam", json={"bindings": [binding]}))
    ident = deploy(http, made)["response"]["deployedModel"]["id"]
    undeploy = ok(http.post(f"{VERTEX}/{made['endpoint']}:undeployModel", json={"deployedModelId": ident}))
    wait_for(lambda: ok(http.get(f"{VERTEX}/{undeploy['name']}")).get("done"))
