"""The local Google Cloud in this process, with a small container of our own; asked as requests would ask it."""

import asyncio
import json
import sys
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from trifold.local.contract import Context, UnknownImage
from trifold.local.gcp.api.gate import Gate
from trifold.local.gcp.api.wire import Raw, Reply
from trifold.local.gcp.cloud import ACCOUNT, PROJECT
from trifold.local.gcp.key import new_key
from trifold.local.hostile import Hostile
from trifold.local.processes.runner import Runner

VERTEX = "us-central1-aiplatform.googleapis.com"
PARENT = f"projects/{PROJECT}/locations/us-central1"
IMAGE = f"us-central1-docker.pkg.dev/{PROJECT}/images/server@sha256:{'a' * 64}"


@cache
def owner() -> dict[str, str]:
    """The owner's key: made once for all tests, since making one takes longest."""
    return new_key(ACCOUNT, PROJECT)


def images(reference: str) -> list[str]:
    if reference != IMAGE and "/trifold-serving@" not in reference:
        raise UnknownImage(f"{reference}: not found")
    return [sys.executable, str(Path(__file__).with_name("server.py"))]


class Answer:
    """As much of requests.Response as clients use."""

    def __init__(self, reply: Reply) -> None:
        self.status_code, self.content, self.text = reply.status, reply.body, reply.body.decode(errors="replace")
        self.headers = {name.title(): value for name, value in reply.headers.items()}

    def json(self) -> Any:
        return json.loads(self.content)


class Client:
    """The cloud as one identity asks it, with its token: what a provider has for an HTTP session."""

    def __init__(self, cloud: "Cloud", token: str) -> None:
        self.cloud, self._headers = cloud, {"authorization": f"Bearer {token}"}

    def request(self, verb: str, url: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:
        return self.cloud.request(verb, url, headers={**(headers or {}), **self._headers}, **more)

    def post(self, url: str, **more: Any) -> Answer:
        return self.request("POST", url, **more)


class Cloud:
    """caller: who asks; an account with a key."""

    def __init__(self, state: Path, hostile: Hostile | None = None) -> None:
        self.state = state
        self.key = owner()
        (state / "key.json").write_text(json.dumps(self.key))
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.processes = self.run(self._processes())
        environment = {"GOOGLE_APPLICATION_CREDENTIALS": str(state / "key.json")}
        self.gate = Gate(Context("gcp", state, self.processes, environment, hostile=hostile))
        self._tokens = {ACCOUNT: self.token(self.key)}
        self.caller = ACCOUNT

    async def _processes(self) -> Runner:
        return Runner("gcp", self.state / "logs", self.state / "servers.json", images)

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    def close(self) -> None:
        self.run(self.gate.close())
        self.run(self.processes.close())
        self._loop.call_soon_threadsafe(self._loop.stop)

    # ---- who asks --------------------------------------------------------------------------------------------------

    def token(self, key: dict[str, str], **claims: Any) -> str:
        answer = self.grant(assertion(key, **claims))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def grant(self, signed: str, kind: str = "urn:ietf:params:oauth:grant-type:jwt-bearer") -> Answer:
        body = urlencode({"grant_type": kind, "assertion": signed}).encode()
        return Answer(self.run(self.gate.handle(Raw("POST", "oauth2.googleapis.com", "/token", "", {}, body))))

    @property
    def owner(self) -> Client:
        """As the account of the users' key file."""
        return Client(self, self._tokens[ACCOUNT])

    def as_(self, caller: str, verb: str, url: str, **more: Any) -> Answer:
        """What another caller is answered."""
        mine, self.caller = self.caller, caller
        try:
            return self.request(verb, url, **more)
        finally:
            self.caller = mine

    def account(self, ident: str) -> str:
        """A service account of the project, with a key the cloud knows; its address."""
        address = f"{ident}@{PROJECT}.iam.gserviceaccount.com"
        where = f"https://iam.googleapis.com/v1/projects/{PROJECT}/serviceAccounts"
        assert self.request("POST", where, json={"accountId": ident}).status_code == 200
        self.sign_in(address)
        return address

    def sign_in(self, address: str) -> None:
        """The account has a key, and may be a caller from now on."""
        file = self.gate._identities.issue_key(address, PROJECT)
        self._tokens[address] = self.token(json.loads(file.read_text()))

    # ---- asking ----------------------------------------------------------------------------------------------------

    def request(self, verb: str, url: str, json: Any = None, params: Any = None, data: Any = None,
                headers: dict[str, str] | None = None) -> Answer:  # fmt: skip
        content = _encoded(json) if json is not None else (data.read() if hasattr(data, "read") else data or b"")
        parts = urlsplit(url)
        query = "&".join(part for part in (parts.query, urlencode(params or {}, doseq=True)) if part)
        sent = {"content-type": "application/json", **(headers or {})}
        if self.caller:
            sent.setdefault("authorization", f"Bearer {self._tokens[self.caller]}")
        raw = Raw(verb, parts.netloc, parts.path, query, {key.lower(): value for key, value in sent.items()}, content)
        return Answer(self.run(self.gate.handle(raw)))

    def post(self, url: str, **more: Any) -> Answer:
        return self.request("POST", url, **more)

    def put(self, url: str, **more: Any) -> Answer:
        return self.request("PUT", url, **more)

    def once(self, _key: Any, _make: Any) -> "Cloud":
        """What the kit's plugin asks a session for: the HTTP client."""
        return self

    # ---- Cloud Storage ---------------------------------------------------------------------------------------------

    def storage(self, verb: str, path: str, **more: Any) -> Answer:
        return self.request(verb, f"https://storage.googleapis.com/storage/v1/{path}", **more)

    def bucket(self, name: str, **meta: Any) -> Any:
        answer = self.storage(
            "POST", "b", json={"name": name, "location": "US-CENTRAL1", **meta}, params={"project": PROJECT}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def upload(self, bucket: str, name: str, content: bytes = b"content", **query: Any) -> Answer:
        url = f"https://storage.googleapis.com/upload/storage/v1/b/{bucket}/o"
        headers = {"content-type": "text/plain", **query.pop("headers", {})}
        query = {"uploadType": "media", "name": name, **query}
        return self.request("POST", url, data=content, params=query, headers=headers)

    # ---- Vertex AI -------------------------------------------------------------------------------------------------

    def vertex(self, verb: str, name: str, **more: Any) -> Answer:
        return self.request(verb, f"https://{VERTEX}/v1/{name}", **more)

    def ok(self, verb: str, name: str, **more: Any) -> Any:
        """The JSON of an answer that must be good."""
        answer = self.vertex(verb, name, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def done(self, operation: Any, seconds: float = 30) -> Any:
        """The operation once it is done."""
        limit = time.monotonic() + seconds
        while not operation.get("done"):
            assert time.monotonic() < limit, operation
            operation = self.ok("POST", f"{operation['name']}:wait", params={"timeout": "1s"})
        return operation

    def model(self, ident: str = "flights", **more: Any) -> str:
        """A model version, uploaded; "projects/1/.../models/ID@VERSION"."""
        environment = [{"name": name, "value": value} for name, value in more.pop("env", {}).items()]
        container = {"imageUri": IMAGE, "env": environment, **more.pop("container", {})}
        exists = self.vertex("GET", f"{PARENT}/models/{ident}").status_code == 200
        where = {"parentModel": f"{PARENT}/models/{ident}"} if exists else {"modelId": ident}
        body = {**where, "model": {"displayName": ident, "containerSpec": container, **more}}
        made = self.done(self.ok("POST", f"{PARENT}/models:upload", json=body))["response"]
        return f"{made['model']}@{made['modelVersionId']}"

    def endpoint(self, ident: str = "1234567890", **more: Any) -> str:
        body = {"displayName": "an endpoint", **more}
        made = self.done(self.ok("POST", f"{PARENT}/endpoints", json=body, params={"endpointId": ident}))
        return str(made["response"]["name"])

    def deploy(self, endpoint: str, model: str, split: Any = None, **more: Any) -> Any:
        """The finished operation. split: what DeployModel takes, all to the new one if not given."""
        resources = {"machineSpec": {"machineType": "e2-standard-2"}, "minReplicaCount": 1}
        deployed = {"model": model, "dedicatedResources": resources, **more}
        body = {"deployedModel": deployed, "trafficSplit": {"0": 100} if split is None else split}
        return self.done(self.ok("POST", f"{endpoint}:deployModel", json=body))

    def deployed(self, endpoint: str, model: str, split: Any = None, **more: Any) -> str:
        """The id of a deployed model that serves."""
        operation = self.deploy(endpoint, model, split, **more)
        assert "error" not in operation, operation["error"]
        return str(operation["response"]["deployedModel"]["id"])

    def predict(self, endpoint: str, **parameters: Any) -> Answer:
        return self.vertex("POST", f"{endpoint}:predict", json={"instances": [1], "parameters": parameters})


def assertion(key: dict[str, str], **claims: Any) -> str:
    """What a client signs to get a token."""
    from google.auth import crypt, jwt

    moment = int(time.time())
    said = {"iss": key["client_email"], "scope": "x", "aud": key["token_uri"], "iat": moment, "exp": moment + 3600}
    signer = crypt.RSASigner.from_string(key["private_key"], key["private_key_id"])
    return jwt.encode(signer, {**said, **claims}).decode()


def stranger(address: str = ACCOUNT) -> dict[str, str]:
    """A key that the cloud does not know."""
    return new_key(address, PROJECT)


def _encoded(content: Any) -> bytes:
    return json.dumps(content).encode()
