"""A stack on the local Google Cloud as its model changes: no request fails, a bad package leaves the old one serving, a
kill is healed, and nothing is left in the end. And a server reads its model only if its account may."""

import json
import os
import signal
import threading
import time
import uuid
from pathlib import Path

import pytest

from tests.local import stacks

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

STACK = "gcp-models"
IMAGE = f"trifold-serving@sha256:{'0' * 64}"
PARENT = "projects/local/locations/us-central1"
VERTEX = "https://us-central1-aiplatform.googleapis.com/v1"
STORAGE = "https://storage.googleapis.com"


def wait_for(condition, seconds=60):
    limit = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < limit, "it did not come to that"
        time.sleep(0.05)
    return found


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


class Stack:
    """A stack of its own beside that of the other tests, serving a package given by its folder."""

    def __init__(self, clouds, folder):
        self.clouds, self.folder, self.http, self.digests = clouds, folder, client(clouds.env), {}

    def run(self, *arguments, fails=False):
        return stacks.run(self.clouds, STACK, *arguments, fails=fails)

    def serve(self, name, fails=False):
        self.run("config", "set", "trifold:package", str(self.folder / name))
        return self.run("up", "--yes", "--skip-preview", fails=fails)

    def package(self, name, spoilt=False):
        self.digests[name] = stacks.digits(self.clouds, self.folder / name, f"{STACK} {name}", spoilt)[:32]

    def outputs(self):
        return json.loads(self.run("stack", "output", "--json"))

    def get(self, name):
        return self.http.get(f"{VERTEX}/{name}").json()

    def versions(self):
        """{version number: digest in its label} of the stack's model."""
        found = self.get(f"{PARENT}/models/trifold-{STACK}-digits:listVersions").get("models", [])
        return {one["versionId"]: one["labels"]["package"] for one in found}


@pytest.fixture(scope="module")
def stack(clouds, tmp_path_factory):
    assert clouds.trifold("model", "build", "digits").returncode == 0
    made = Stack(clouds, tmp_path_factory.mktemp("packages"))
    for name, spoilt in (("first", False), ("second", False), ("bad", True)):
        made.package(name, spoilt)
    made.run("stack", "init")
    settings = {"cloud": "gcp", "account": "local", "image": IMAGE, "size": "e2-standard-2", "ephemeral": "true"}
    for key, value in settings.items():
        made.run("config", "set", f"trifold:{key}", value)
    made.run("config", "set", "gcp:region", "us-central1")
    made.run("config", "set", "gcp:project", "local")
    made.serve("first")
    yield made
    made.run("destroy", "--yes", "--skip-preview")
    made.run("stack", "rm", "--yes")


class Load:
    """Callers that keep asking, without retries. said: version numbers in their order; failures: what went wrong."""

    def __init__(self, stack, callers=3):
        self.said, self.failures, self._done = [], [], threading.Event()
        sample = json.loads((stack.folder / "first" / "package" / "sample.json").read_text())
        self._body = {"instances": sample["request"]["instances"][:1]}
        self._url = f"{VERTEX}/{stack.outputs()['endpoint_id']}:predict"
        clients = [client(stack.clouds.env) for _ in range(callers)]
        self._threads = [threading.Thread(target=self._call, args=(one,)) for one in clients]

    def _call(self, http):
        while not self._done.wait(0.02):
            answer = http.post(self._url, json=self._body)
            if answer.status_code == 200:
                self.said.append(answer.json()["modelVersionId"])
            else:
                self.failures.append(answer.text)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        wait_for(lambda: self.said)
        return self

    def __exit__(self, *_):
        self._done.set()
        for thread in self._threads:
            thread.join()


def test_a_new_package_comes_in_without_a_failed_request(stack):
    assert stack.versions() == {"1": stack.digests["first"]}
    with Load(stack) as load:
        stack.serve("second")
        wait_for(lambda: load.said[-1] == "2")
    assert load.failures == [] and set(load.said) == {"1", "2"}
    assert stack.versions() == {"2": stack.digests["second"]}, "the old version went, last"
    assert "unchanged" in stack.run("preview") and len(stack.get(stack.outputs()["endpoint_id"])["deployedModels"]) == 1


def test_a_bad_package_fails_with_the_reason_and_the_old_one_serves_on(stack):
    with Load(stack) as load:
        printed = stack.serve("bad", fails=True)
    assert "Model server exited unexpectedly. Model server logs can be found at" in printed and "card.md" in printed
    assert load.failures == [] and set(load.said) == {"2"}
    stack.serve("second")
    assert stack.versions() == {"2": stack.digests["second"]}


def test_a_killed_server_is_healed(stack):
    (pid,) = server_pids(stack)
    os.kill(pid, signal.SIGKILL)
    endpoint = stack.outputs()["endpoint_id"]
    wait_for(lambda: server_pids(stack) not in ([pid], []))
    wait_for(lambda: stack.get(endpoint)["deployedModels"][0]["status"].get("availableReplicaCount") == 1)
    with Load(stack) as load:
        pass
    assert load.failures == []


def server_pids(stack):
    """The processes that serve this stack's endpoint, as `trifold local status` shows them."""
    status = json.loads(stack.clouds.trifold("local", "status", "--json").stdout)
    endpoint = stack.outputs()["endpoint_name"]
    return [one["pid"] for one in entries(status) if one.get("labels", {}).get("endpoint") == endpoint]


def entries(value):
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from entries(inner)


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
    model = {"displayName": name, "artifactUri": f"gs://{name}/m", "containerSpec": {"imageUri": image}}
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
