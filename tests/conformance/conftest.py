"""Fixtures of the conformance tests: the cloud, and a recording of the real program on it."""

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import brought, gaps, rig
from tests.conformance.emulated import Emulated
from tests.conformance.live import Live
from tests.conformance.up import Up

PACKAGES = {"flights": "f" * 64, "digits": "d" * 64, "newer": "e" * 64}


@pytest.fixture(params=rig.CLOUDS)
def cloud(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with packages that have a name, a digest and an archive: all that a program reads."""
    state = tmp_path_factory.mktemp("state")
    for name, digest in PACKAGES.items():
        home = state / "packages" / name / digest
        (home / "package").mkdir(parents=True)
        (home / "package" / "manifest.json").write_text(json.dumps({"name": name, "digest": digest}))
        (home / "model.tar.gz").write_bytes(name.encode())
        (home.parent / "current").symlink_to(digest)
    return state


@pytest.fixture
def record(cloud: str, packages: Path) -> Callable[..., rig.Recording]:
    """record({"trifold:size": ...}, stack=..., account=..., preview=...) -> what would be asked of the cloud."""
    return functools.partial(rig.record, cloud, packages)


@pytest.fixture
def recording(record: Callable[..., rig.Recording]) -> rig.Recording:
    """The program on the cloud's own stack file, unchanged."""
    found = record()
    assert found.error == ""
    return found


@pytest.fixture
def enclosed(record, cloud):
    """A stack in a private network, with a key and an organisation's tags: one recording for all that ask of those."""
    settings = {"network": brought.NETWORKS[cloud], "key": brought.KEYS[cloud], "tags": brought.TAGS[cloud]}
    found = record(brought.file(**settings))
    assert found.error == ""
    return found


UP: dict[str, str] = {}  # cloud -> why its stack is not up, or ""


@pytest.fixture
def stack(cloud: str, request: pytest.FixtureRequest) -> Up:
    """The cloud's stack, up on the local cloud; brought up by the first test that asks for it. At live depth, the one
    that tests/live brought up."""
    if suite := live_suite(request.config):
        return Live(cloud, suite.stack, suite.engine, suite.folder)
    found = Emulated(request.getfixturevalue("clouds"), cloud)
    if cloud not in UP:
        UP[cloud] = ""
        try:
            found.run("up", "--yes")
        except AssertionError as error:
            UP[cloud] = str(error)
    if UP[cloud]:
        pytest.fail(f"the {cloud} stack did not come up: {UP[cloud]}", pytrace=False)
    return found


def live_suite(config: pytest.Config) -> Any:
    """What is known of the stack that is live (tests.live.plugin.Job), None at any other depth."""
    return config.pluginmanager.get_plugin("live depth")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    live = live_suite(config) is not None
    for item in items:
        if Path(__file__).parent in item.path.parents:
            gaps.apply(item, live=live)
