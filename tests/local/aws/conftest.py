"""The AWS API on a thread, with real server processes, and boto3 clients that reach it as through a proxy."""

import asyncio
import io
import itertools
import json
import socket
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
import uvicorn
from botocore.config import Config

from trifold.local.aws.cloud import ACCESS_KEY_ID, ACCOUNT, REGION, SECRET_ACCESS_KEY, SERVICE_HOSTS
from trifold.local.contract import Context
from trifold.local.processes.image import resolve
from trifold.local.processes.runner import Runner

IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/stub@sha256:{'0' * 64}"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)

STUB = [sys.executable, str(Path(__file__).parent / "stub_server.py")]
NUMBERS = itertools.count(1)


def images(reference: str) -> list[str]:
    """The stub container beside this file; all else as the kit resolves it."""
    if "/stub@" in reference:
        return STUB
    return resolve(reference)


class Cloud:
    """A running API. client(service) -> boto3 client."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.session = boto3.Session(ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION)

    def client(self, service: str, **config: Any) -> Any:
        name = "sagemaker-runtime" if service == "runtime.sagemaker" else service
        proxies = {"http": f"http://127.0.0.1:{self.port}"}
        settings = Config(proxies=proxies, **{"retries": {"total_max_attempts": 1}, **config})
        return self.session.client(name, endpoint_url=f"http://{SERVICE_HOSTS[name][0]}", config=settings)


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    from trifold.local.aws.api.app import create

    state = tmp_path_factory.mktemp("aws")
    runner = Runner("aws", state / "logs", state / "servers.json", images)
    app = create(Context("aws", state / "run", runner, {}))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    wait_for(lambda: server.started)
    yield Cloud(port)
    server.should_exit = True
    thread.join(30)
    listing = state / "servers.json"
    assert not listing.exists() or json.loads(listing.read_text()) == [], "no server is left behind"


CALM = {"refused": 0.0, "conflicts": 0.0, "late": 0.0, "grants": [0.0, 0.0], "lag": [0.0, 0.0]}


@contextmanager
def separate(state: Path, hostile: bool = True, seed: int = 1, **measures: Any) -> Iterator[Cloud]:
    """An API in a process of its own: one that is hostile in these measures only, or a friendly one."""
    given = [str(state), str(seed), json.dumps({**CALM, **measures} if hostile else {})]
    command = [sys.executable, "-W", "ignore", "-m", "tests.local.aws.separate_server", *given]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin and server.stdout
        yield Cloud(int(server.stdout.readline()))
        server.stdin.close()
        server.wait(30)


def wait_for(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """What `condition` gives, once that is true."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)
    return found


def archive(**files: str) -> bytes:
    """A model.tar.gz with these files."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return made.getvalue()


def may_start(archive: str) -> str:
    """A policy: read the archive (an ARN), and pull any image."""
    statements = [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": archive},
        {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"},
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


class World:
    """What an endpoint needs, made by name: bucket, role, models, configurations; `end` deletes the endpoints."""

    def __init__(self, aws: Cloud, name: str) -> None:
        self.aws, self.name = aws, name
        self.sagemaker, self.runtime = aws.client("sagemaker"), aws.client("sagemaker-runtime", read_timeout=70)
        self.s3, self.iam = aws.client("s3"), aws.client("iam")
        self.bucket = f"models-{name}"
        self.s3.create_bucket(Bucket=self.bucket)
        self.role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        self.allow(f"arn:aws:s3:::{self.bucket}/*")

    def allow(self, resource: str) -> None:
        """The role may read the resource, and pull any image."""
        self.iam.put_role_policy(RoleName=self.name, PolicyName="read", PolicyDocument=may_start(resource))

    def model(self, name: str, image: str = IMAGE, content: bytes | None = None, **files: str) -> str:
        """A model whose container says its own name."""
        data = content if content is not None else archive(**{"says": name, **files})
        self.s3.put_object(Bucket=self.bucket, Key=f"{name}/model.tar.gz", Body=data)
        container = {"Image": image, "ModelDataUrl": f"s3://{self.bucket}/{name}/model.tar.gz"}
        self.sagemaker.create_model(
            ModelName=f"{self.name}-{name}", PrimaryContainer=container, ExecutionRoleArn=self.role
        )
        return f"{self.name}-{name}"

    def config(self, name: str, **variants: float) -> str:
        """A configuration with one instance a variant, which has the name of its model, by weight."""
        production = [
            {
                "VariantName": variant,
                "ModelName": f"{self.name}-{variant}",
                "InitialInstanceCount": 1,
                "InstanceType": "ml.t2.medium",
                "InitialVariantWeight": weight,
            }
            for variant, weight in variants.items()
        ]
        made = f"{self.name}-{name}"
        self.sagemaker.create_endpoint_config(EndpointConfigName=made, ProductionVariants=production)
        return made

    def create(self, config: str) -> dict[str, Any]:
        """The endpoint, once it is settled."""
        self.sagemaker.create_endpoint(EndpointName=self.name, EndpointConfigName=config)
        return self.settled()

    def settled(self) -> dict[str, Any]:
        return wait_for(lambda: self._if_settled())

    def _if_settled(self) -> dict[str, Any] | None:
        found = self.describe()
        return found if found["EndpointStatus"] in ("InService", "Failed") else None

    def describe(self) -> dict[str, Any]:
        return self.sagemaker.describe_endpoint(EndpointName=self.name)

    def ask(self, body: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        answer = self.runtime.invoke_endpoint(
            EndpointName=self.name, Body=json.dumps(body or {}), ContentType="application/json", **more
        )
        return answer | {"Body": json.loads(answer["Body"].read())}

    def end(self) -> None:
        for found in self.sagemaker.list_endpoints(NameContains=self.name)["Endpoints"]:
            if found["EndpointStatus"] != "Deleting":
                self.settled()
                self.sagemaker.delete_endpoint(EndpointName=found["EndpointName"])
        wait_for(lambda: not self.sagemaker.list_endpoints(NameContains=self.name)["Endpoints"])


@pytest.fixture
def world(aws: Cloud, request: pytest.FixtureRequest) -> Iterator[World]:
    words = request.node.name.removeprefix("test_").replace("_", "-").split("[")[0]
    name = f"{words[:26].strip('-')}-{next(NUMBERS)}"
    made = World(aws, name)
    yield made
    made.end()
