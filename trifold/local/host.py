"""The entry point of the local clouds' processes: `python -m trifold.local.host api|provider NAME`.

`api` runs a cloud's REST API (and its gRPC server, on the same event loop), `provider` its Pulumi provider. Both say so
to the supervisor when they are ready, and end on SIGTERM.
"""

import argparse
import logging
import signal
import socket
import threading
from pathlib import Path

from trifold.local import registry
from trifold.local.children import say_ready
from trifold.local.contract import Cloud
from trifold.local.layout import Layout

END_SECONDS = 3
# In the version that GetPluginInfo answers, so that nobody takes it for the official provider.
MARK = "trifold.local"


def main() -> None:
    arguments = parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    cloud = registry.clouds()[arguments.name]
    if arguments.role == "provider":
        serve_provider(cloud, arguments.port)
    else:
        serve_api(cloud, arguments)


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m trifold.local.host")
    found.add_argument("role", choices=("api", "provider"))
    found.add_argument("name")
    found.add_argument("--port", type=int, default=0, help="the gRPC server's port")
    found.add_argument("--socket", type=int, default=-1, help="the descriptor of the API's listening socket")
    found.add_argument("--state", type=Path, default=Path(".trifold"))
    found.add_argument("--hostile", type=int, help="the seed of a cloud that makes it hard for its callers")
    found.add_argument("--sidecar", type=parse_sidecar, action="append", default=[], metavar="NAME=PORT,PORT")
    return found


def parse_sidecar(text: str) -> tuple[str, tuple[int, ...]]:
    name, _, ports = text.partition("=")
    return name, tuple(int(port) for port in ports.split(","))


def serve_provider(cloud: Cloud, port: int) -> None:
    """The cloud's Pulumi provider, until SIGTERM."""
    from trifold.protocol.provider import serve

    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    provider = registry.load(cloud.provider)()
    version = provider.version if MARK in provider.version else f"{provider.version}+{MARK}"
    server, _ = serve(provider, port, version=version)
    say_ready()
    ended.wait()
    server.stop(grace=END_SECONDS).wait()


def serve_api(cloud: Cloud, arguments: argparse.Namespace) -> None:
    """The cloud's API, until SIGTERM."""
    from trifold.local.api_host import serve
    from trifold.local.hostile import Hostile
    from trifold.local.loop import run
    from trifold.local.supervisor import environment

    listening = socket.socket(fileno=arguments.socket)
    sidecars = dict(arguments.sidecar)
    layout = Layout(arguments.state)
    hostile = None if arguments.hostile is None else Hostile(arguments.hostile, cloud.name)
    main = serve(cloud, layout, environment(layout.state), listening, arguments.port, sidecars, hostile)
    run(main, fast=not cloud.grpc)


if __name__ == "__main__":
    main()
