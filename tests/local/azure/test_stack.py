"""A stack on the local Azure as it changes under load: a new package, new tags, a bad package; no request fails."""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import CHECKOUT
from tests.local import stacks
from trifold.local.azure.cloud import CLIENT_ID, CLIENT_SECRET, MANAGEMENT_HOST, SUBSCRIPTION, TENANT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

STACK = "models"
IMAGE = f"trifold-serving@sha256:{'0' * 64}"
SETTINGS = {"trifold:cloud": "azure", "trifold:account": SUBSCRIPTION, "trifold:image": IMAGE,
            "trifold:size": "Standard_F2s_v2", "trifold:ephemeral": "true",
            "azure-native:subscriptionId": SUBSCRIPTION, "azure-native:location": "eastus"}  # fmt: skip
# The same program by somebody who puts one more tag on everything.
TAGGING = f"""import runpy

import infra.tags

plain = infra.tags.tags
infra.tags.tags = lambda *given: {{**plain(*given), "owner": "someone"}}
runpy.run_path({str(CHECKOUT / "stacks" / "__main__.py")!r}, run_name="__main__")
"""


@dataclass
class Stack:
    """A stack of its own beside that of the other tests, serving a package given by its folder."""

    clouds: Any
    folder: Path
    digests: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, fails: bool = False) -> str:
        return stacks.run(self.clouds, STACK, *arguments, fails=fails)

    def serve(self, name: str, *more: str, fails: bool = False) -> str:
        """`trifold up` with a package."""
        self.run("config", "set", "trifold:package", str(self.folder / name))
        return self.run("up", "--yes", "--skip-preview", *more, fails=fails)

    def package(self, name: str, spoilt: bool = False) -> None:
        self.digests[name] = stacks.digits(self.clouds, self.folder / name, name, spoilt)

    def session(self) -> requests.Session:
        made = requests.Session()
        made.trust_env = False
        made.proxies = {"https": self.clouds.env["HTTPS_PROXY"]}
        made.verify = self.clouds.env["REQUESTS_CA_BUNDLE"]
        return made

    def address(self) -> tuple[str, str]:
        """The scoring address and a key."""
        outputs = json.loads(self.run("stack", "output", "--json"))
        form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
                "scope": f"https://{MANAGEMENT_HOST}/.default"}  # fmt: skip
        session = self.session()
        login = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
        token = session.post(login, data=form).json()["access_token"]
        keys = f"https://{MANAGEMENT_HOST}{outputs['endpoint_id']}/listKeys?api-version=2025-12-01"
        key = session.post(keys, headers={"authorization": f"Bearer {token}"}).json()["primaryKey"]
        return outputs["endpoint_url"], key


class Load:
    """Callers that keep asking, without retries; said: the digests in their order, failures: what went wrong."""

    def __init__(self, stack: Stack, callers: int = 3) -> None:
        self.said: list[str] = []
        self.failures: list[str] = []
        self._done = threading.Event()
        sample = json.loads((stack.folder / "first" / "package" / "sample.json").read_text())
        self._body = {"instances": sample["request"]["instances"][:1]}
        self._url, self._key = stack.address()
        self._threads = [threading.Thread(target=self._call, args=(stack.session(),)) for _ in range(callers)]

    def _call(self, session: requests.Session) -> None:
        headers = {"authorization": f"Bearer {self._key}"}
        while not self._done.wait(0.02):
            try:
                answer = session.post(self._url, json=self._body, headers=headers)
            except requests.RequestException as failure:
                self.failures.append(repr(failure))
                continue
            if answer.status_code == 200:
                self.said.append(answer.headers["x-trifold-digest"])
            else:
                self.failures.append(f"{answer.status_code} {answer.text}")

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        wait_for(lambda: self.said)
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def stack(clouds: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    assert clouds.trifold("model", "build", "digits").returncode == 0
    made = Stack(clouds, tmp_path_factory.mktemp("packages"))
    for name, spoilt in (("first", False), ("second", False), ("bad", True)):
        made.package(name, spoilt)
    made.run("stack", "init")
    for key, value in SETTINGS.items():
        made.run("config", "set", key, value)
    made.serve("first")
    yield made
    made.run("destroy", "--yes", "--skip-preview")
    made.run("stack", "rm", "--yes")


def test_a_new_package_comes_in_without_a_failed_request(stack: Stack) -> None:
    with Load(stack) as load:
        stack.serve("second")
        wait_for(lambda: load.said[-1] == stack.digests["second"])
    assert load.failures == []
    assert set(load.said) == {stack.digests["first"], stack.digests["second"]}


def test_new_tags_keep_the_weights_and_lose_no_request(stack: Stack, tmp_path: Path) -> None:
    """The endpoint and its deployment are PUT anew, and a PUT replaces: see infra/azure/live.py."""
    project = (CHECKOUT / "Pulumi.yaml").read_text().replace("main: stacks", "main: program")
    (tmp_path / "Pulumi.yaml").write_text(project)
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "__main__.py").write_text(TAGGING)
    (tmp_path / ".venv").symlink_to(CHECKOUT / ".venv")
    shutil.copytree(CHECKOUT / "stacks", tmp_path / "stacks")
    with Load(stack) as load:
        printed = stack.serve("second", "-C", str(tmp_path))
        asked = len(load.said)
        wait_for(lambda: len(load.said) > asked)
    assert "OnlineEndpoint endpoint-endpoint updated" in printed
    assert load.failures == []
    assert set(load.said) == {stack.digests["second"]}


def test_a_bad_package_fails_with_its_reason_and_the_old_one_serves_on(stack: Stack) -> None:
    with Load(stack) as load:
        printed = stack.serve("bad", fails=True)
    assert "ResourceNotReady: User container has crashed or terminated with exit code" in printed
    assert "card.md" in printed
    assert load.failures == []
    assert set(load.said) == {stack.digests["second"]}
    stack.serve("second")
