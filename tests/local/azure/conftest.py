"""Fixtures: one Azurite for the session, a fresh subscription for each test that asks for one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.local.azure import rig
from trifold.local.hostile import Measures


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with rig.azurite(tmp_path_factory.mktemp("azurite")) as address:
        yield address


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[rig.Local]:
    """A subscription without a place for blobs: all that is asked of it is Resource Manager's and Entra ID's."""
    made = rig.Local(tmp_path / "state", "http://127.0.0.1:1")
    yield made
    made.close()


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Callable[..., rig.Local]]:
    """hostile(measures) -> the same, and hostile; its clock stands still until the test moves it (`.clock.now`)."""
    made: list[rig.Local] = []

    def make(**measures: object) -> rig.Local:
        made.append(rig.hostile(tmp_path / "state", Measures(**measures)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def spaced(tmp_path: Path, azurite: str) -> Iterator[Callable[..., rig.Local]]:
    """spaced(measures) -> a hostile subscription that has got a workspace, with a model and an endpoint."""
    made: list[rig.Local] = []

    def make(**measures: object) -> rig.Local:
        given = Measures(**{**rig.CALM, "lag": (0.0, 0.0), **measures})  # type: ignore[arg-type]
        made.append(rig.hostile(tmp_path / "state", given, azurite))
        return rig.with_workspace(rig.registered(made[-1]))

    yield make
    for one in made:
        one.emptied()
        one.close()


@pytest.fixture
def local(tmp_path: Path, azurite: str) -> Iterator[rig.Local]:
    made = rig.Local(tmp_path, azurite)
    yield made
    made.emptied()
    made.close()
