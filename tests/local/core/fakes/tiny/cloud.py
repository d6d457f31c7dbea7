"""A cloud with everything a cloud can have: REST, gRPC, a sidecar, a provider, model servers."""

import sys
from pathlib import Path

from trifold.local.contract import Cloud, Sidecar


def environment(state: Path) -> dict[str, str]:
    return {"TINY_KEY": 'it\'s a "local" $key', "AWS_ACCESS_KEY_ID": "LOCAL", "AWS_PROFILE": ""}


def sidecar(folder: Path, ports: tuple[int, ...]) -> list[str]:
    return [sys.executable, "-m", "http.server", str(ports[0]), "--bind", "127.0.0.1", "--directory", str(folder)]


CLOUD = Cloud(
    name="tiny",
    hosts=("api.tiny.example", "plain.tiny.example", "*.tiny.example"),
    plain_hosts=("plain.tiny.example",),
    grpc_hosts=("rpc.tiny.example",),
    plugin="tiny",
    api="tests.local.core.fakes.tiny.api:create",
    grpc="tests.local.core.fakes.tiny.api:create_grpc",
    provider="tests.local.core.fakes.provider:create",
    environment=environment,
    sidecars=(Sidecar("files", sidecar),),
)
