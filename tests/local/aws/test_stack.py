"""A stack on the local AWS as its model changes: no request fails, a bad package is rolled back, a kill is healed."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.local import stacks
from tests.local.aws.conftest import wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

STACK = "models"
IMAGE = f"trifold-serving@sha256:{'0' * 64}"


@dataclass
class Stack:
    """A stack of its own beside that of the other tests, serving a package given by its folder."""

    clouds: Any
    folder: Path
    session: boto3.Session
    digests: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, fails: bool = False) -> str:
        return stacks.run(self.clouds, STACK, *arguments, fails=fails)

    def serve(self, name: str, fails: bool = False) -> str:
        """`trifold up` with a package."""
        self.run("config", "set", "trifold:package", str(self.folder / name))
        return self.run("up", "--yes", "--skip-preview", fails=fails)

    def package(self, name: str, spoilt: bool = False) -> None:
        self.digests[name] = stacks.digits(self.clouds, self.folder / name, name, spoilt)

    def client(self, service: str) -> Any:
        proxy = {"https": self.clouds.env["HTTPS_PROXY"]}
        config = Config(proxies=proxy, retries={"total_max_attempts": 1})
        return self.session.client(service, config=config, verify=self.clouds.env["AWS_CA_BUNDLE"])

    @property
    def endpoint(self) -> str:
        return f"trifold-{STACK}"

    def body(self) -> str:
        sample = json.loads((self.folder / "first" / "package" / "sample.json").read_text())
        return json.dumps({"instances": sample["request"]["instances"][:1]})

    def served(self) -> str:
        """The digest of the package that answers."""
        return ask(self.client("sagemaker-runtime"), self.endpoint, self.body())


def ask(runtime: Any, endpoint: str, body: str) -> str:
    answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType="application/json", Body=body)
    answer["Body"].read()
    return str(answer["CustomAttributes"]).removeprefix("trifold-digest=")


class Load:
    """Callers that keep asking, without retries; said: the digests in their order, failures: what went wrong."""

    def __init__(self, stack: Stack, callers: int = 3) -> None:
        self.said: list[str] = []
        self.failures: list[Exception] = []
        self._done = threading.Event()
        body = stack.body()
        clients = [stack.client("sagemaker-runtime") for _ in range(callers)]
        self._threads = [threading.Thread(target=self._call, args=(one, stack.endpoint, body)) for one in clients]

    def _call(self, runtime: Any, endpoint: str, body: str) -> None:
        while not self._done.wait(0.02):
            try:
                self.said.append(ask(runtime, endpoint, body))
            except Exception as failure:
                self.failures.append(failure)

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        wait_for(lambda: self.said)
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture(scope="module")
def stack(clouds: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    assert clouds.trifold("model", "build", "digits").returncode == 0
    keys = {name: clouds.env[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    session = boto3.Session(*keys.values(), region_name=clouds.env["AWS_REGION"])
    made = Stack(clouds, tmp_path_factory.mktemp("packages"), session)
    for name, spoilt in (("first", False), ("second", False), ("bad", True)):
        made.package(name, spoilt)
    settings = {"cloud": "aws", "account": "000000000000", "image": IMAGE, "size": "ml.t2.medium", "ephemeral": "true"}
    made.run("stack", "init")
    for key, value in settings.items():
        made.run("config", "set", f"trifold:{key}", value)
    made.run("config", "set", "aws:region", "us-east-1")
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
    models = stack.client("sagemaker").list_models(NameContains=stack.endpoint)["Models"]
    assert [stack.digests["second"][:6] in model["ModelName"] for model in models] == [True]


def test_a_bad_package_is_rolled_back_and_the_old_one_serves_on(stack: Stack) -> None:
    with Load(stack) as load:
        printed = stack.serve("bad", fails=True)
    assert f"SageMaker rolled endpoint {stack.endpoint} back" in printed
    assert "did not pass the ping health check" in printed
    assert load.failures == []
    assert set(load.said) == {stack.digests["second"]}
    stack.serve("second")
    assert len(stack.client("sagemaker").list_models(NameContains=stack.endpoint)["Models"]) == 1


def test_a_killed_server_is_healed(stack: Stack) -> None:
    sagemaker = stack.client("sagemaker")
    (pid,) = server_pids(stack)
    os.kill(pid, signal.SIGKILL)
    variant = wait_for(lambda: unwell(sagemaker, stack.endpoint))
    assert "did not pass the ping health check" in variant["VariantStatus"][0]["StatusMessage"]
    wait_for(lambda: not unwell(sagemaker, stack.endpoint))
    assert stack.served() == stack.digests["second"]
    assert server_pids(stack) != [pid]


def unwell(sagemaker: Any, endpoint: str) -> dict[str, Any] | None:
    (variant,) = sagemaker.describe_endpoint(EndpointName=endpoint)["ProductionVariants"]
    return variant if "VariantStatus" in variant else None


def server_pids(stack: Stack) -> list[int]:
    """The processes that serve this stack's endpoint, as `trifold local status` shows them."""
    status = json.loads(stack.clouds.trifold("local", "status", "--json").stdout)
    return [one["pid"] for one in entries(status) if one.get("labels", {}).get("endpoint") == stack.endpoint]


def entries(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from entries(inner)
