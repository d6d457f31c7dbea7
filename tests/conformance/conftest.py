"""Fixtures of the conformance tests: the cloud, and a recording of the real program on it."""

import functools
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance import gaps, rig
from tests.conformance.emulated import Emulated

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


UP: dict[str, str] = {}  # cloud -> why its stack is not up, or ""


@pytest.fixture
def stack(cloud: str, request: pytest.FixtureRequest) -> Emulated:
    """The cloud's stack, up on the local cloud; brought up by the first test that asks for it."""
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            gaps.apply(item)
