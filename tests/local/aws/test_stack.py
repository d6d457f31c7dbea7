"""A stack on the local AWS as its model changes: no request fails, a bad package is rolled back, a kill is healed."""

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.local.stacks import Load, Stack, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

STACK = "aws-models"
ENDPOINT = f"trifold-{STACK}"
SETTINGS = {
    "trifold:cloud": "aws",
    "trifold:account": "000000000000",
    "trifold:size": "ml.t2.medium",
    "aws:region": "us-east-1",
}


@pytest.fixture(scope="module")
def stack(clouds: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(clouds, STACK, tmp_path_factory.mktemp("packages")).up(SETTINGS) as found:
        yield found


def client(clouds: Any, service: str) -> Any:
    keys = {name.lower(): clouds.env[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    config = Config(proxies={"https": clouds.env["HTTPS_PROXY"]}, retries={"total_max_attempts": 1})
    certificates, region = clouds.env["AWS_CA_BUNDLE"], clouds.env["AWS_REGION"]
    return boto3.client(service, config=config, verify=certificates, region_name=region, **keys)


class Caller:
    """Asks once; the digest of the package that answered."""

    def __init__(self, stack: Stack) -> None:
        self._runtime, self._body = client(stack.clouds, "sagemaker-runtime"), json.dumps(stack.body())

    def __call__(self) -> str:
        answer = self._runtime.invoke_endpoint(EndpointName=ENDPOINT, ContentType="application/json", Body=self._body)
        answer["Body"].read()
        return str(answer["CustomAttributes"]).removeprefix("trifold-digest=")


def calling(stack: Stack) -> Load:
    return Load([Caller(stack) for _ in range(3)])


def models(stack: Stack) -> list[str]:
    return [one["ModelName"] for one in client(stack.clouds, "sagemaker").list_models(NameContains=ENDPOINT)["Models"]]


def test_a_new_package_comes_in_without_a_failed_request(stack: Stack) -> None:
    with calling(stack) as load:
        stack.serve("second")
        wait_for(lambda: load.said[-1] == stack.digests["second"])
    assert load.failures == []
    assert set(load.said) == {stack.digests["first"], stack.digests["second"]}
    assert [stack.digests["second"][:6] in name for name in models(stack)] == [True], "the old model went, last"


def test_a_bad_package_is_rolled_back_and_the_old_one_serves_on(stack: Stack) -> None:
    with calling(stack) as load:
        printed = stack.serve("bad", fails=True)
    assert f"SageMaker rolled endpoint {ENDPOINT} back" in printed
    assert "did not pass the ping health check" in printed
    assert load.failures == []
    assert set(load.said) == {stack.digests["second"]}
    stack.serve("second")
    assert len(models(stack)) == 1


def test_a_killed_server_is_healed(stack: Stack) -> None:
    sagemaker = client(stack.clouds, "sagemaker")
    (pid,) = stack.server_pids(ENDPOINT)
    os.kill(pid, signal.SIGKILL)
    variant = wait_for(lambda: unwell(sagemaker))
    assert "did not pass the ping health check" in variant["VariantStatus"][0]["StatusMessage"]
    wait_for(lambda: not unwell(sagemaker))
    assert Caller(stack)() == stack.digests["second"]
    assert stack.server_pids(ENDPOINT) != [pid]


def unwell(sagemaker: Any) -> dict[str, Any] | None:
    (variant,) = sagemaker.describe_endpoint(EndpointName=ENDPOINT)["ProductionVariants"]
    return variant if "VariantStatus" in variant else None
