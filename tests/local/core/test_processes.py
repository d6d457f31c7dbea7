"""Model servers as processes."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.local.core.conftest import CHECKOUT, IMAGE
from trifold.local import record
from trifold.local.contract import ServerSpec, UnknownImage
from trifold.local.processes.image import resolve
from trifold.local.processes.runner import Runner

COMMAND = [sys.executable, "-m", "tests.local.core.fakes.server"]


def runner(folder: Path) -> Runner:
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "AWS_SECRET_ACCESS_KEY": "real"}
    return Runner("tiny", folder / "logs", folder / "servers.json", lambda image: COMMAND, environment)


def spec(folder: Path, name: str = "endpoint/variant", **more) -> ServerSpec:
    given = {"name": name, "image": IMAGE, "platform": "sagemaker", "environment": {}, "workspace": folder / "work"}
    return ServerSpec(**{**given, **more})


def listed(folder: Path) -> list[str]:
    return [entry["name"] for entry in record.read(folder / "servers.json") or []]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_server_gets_its_platforms_contract_and_nothing_of_ours(tmp_path: Path) -> None:
    async def main() -> None:
        processes = runner(tmp_path)
        server = await processes.start(spec(tmp_path, arguments=("serve",), environment={"SM_MODEL_DIR": "/m"}))
        await until(lambda: "ready" in server.log.read_text())
        said = json.loads(server.log.read_text().splitlines()[0])
        assert said["arguments"] == ["serve"] and said["folder"] == str(tmp_path / "work")
        environment = said["environment"]
        assert environment["SM_MODEL_DIR"] == "/m"
        assert server.url == f"http://{environment['TRIFOLD_HOST']}:{environment['TRIFOLD_PORT']}"
        assert environment["TRIFOLD_WORKSPACE"] == environment["HOME"] == str(tmp_path / "work")
        assert not [name for name in environment if name.startswith("AWS_")]
        assert server.alive() and server.exit_status() is None and listed(tmp_path) == ["endpoint/variant"]
        await processes.close()
        assert not server.alive() and listed(tmp_path) == []

    asyncio.run(main())


def test_vertex_servers_are_told_their_port_by_its_name_there(tmp_path: Path) -> None:
    async def main() -> None:
        processes = runner(tmp_path)
        server = await processes.start(spec(tmp_path, platform="vertex"))
        await until(lambda: "ready" in server.log.read_text())
        environment = json.loads(server.log.read_text().splitlines()[0])["environment"]
        assert environment["AIP_HTTP_PORT"] == environment["TRIFOLD_PORT"]
        await processes.close()

    asyncio.run(main())


def test_stop_is_a_request_and_then_a_kill(tmp_path: Path) -> None:
    async def main() -> None:
        processes = runner(tmp_path)
        polite = await processes.start(spec(tmp_path, "polite"))
        stubborn = await processes.start(spec(tmp_path, "stubborn", arguments=("stubborn",)))
        await until(lambda: all("ready" in one.log.read_text() for one in (polite, stubborn)))
        await asyncio.gather(polite.stop(20), stubborn.stop(0.2))
        assert polite.exit_status() == -signal.SIGTERM and stubborn.exit_status() == -signal.SIGKILL
        await polite.stop()  # once more is no error
        await processes.close()

    asyncio.run(main())


def test_a_server_that_fails_shows_its_status_and_its_log(tmp_path: Path) -> None:
    async def main() -> None:
        processes = runner(tmp_path)
        server = await processes.start(spec(tmp_path, arguments=("fails",)))
        await until(lambda: not server.alive())
        assert server.exit_status() == 1 and "the model is broken" in server.log.read_text()
        await until(lambda: listed(tmp_path) == [])
        await processes.close()

    asyncio.run(main())


def test_many_at_once_have_ports_of_their_own(tmp_path: Path) -> None:
    async def main() -> None:
        processes = runner(tmp_path)
        servers = await asyncio.gather(*(processes.start(spec(tmp_path, f"s{number}")) for number in range(8)))
        assert len({server.port for server in servers}) == 8
        await processes.close()

    asyncio.run(main())


def test_the_kits_image_runs_the_kits_server() -> None:
    assert resolve(IMAGE) == [sys.executable, "-m", "trifold.serving"]
    assert resolve(f"trifold-serving:1.2@sha256:{'0' * 64}") == resolve(IMAGE)


@pytest.mark.parametrize(
    "image",
    ["trifold-serving", "trifold-serving:latest", f"nginx@sha256:{'0' * 64}", "trifold-serving@sha256:abc",
     f"trifold-serving/nginx@sha256:{'0' * 64}", ""],
)  # fmt: skip
def test_any_other_image_is_unknown(image: str) -> None:
    with pytest.raises(UnknownImage, match=r"pinned|not found"):
        resolve(image)
