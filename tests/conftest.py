"""`clouds`: the real local clouds, once a session.

They run in a state folder of the session's own, so that tests never touch what a user has running, and share the
checkout's model packages, which are built once. Under pytest-xdist all workers use one set: whoever comes first starts
it (`ensure` is safe for that), and the process that began the session stops it when all workers are done. If that
process is killed, they end with it.
"""

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Clouds:
    """The running local clouds. env: what to run a client with; state: the state folder ($TRIFOLD_STATE)."""

    state: Path
    env: dict[str, str]

    def trifold(self, *arguments: str, timeout: float = 240) -> subprocess.CompletedProcess:
        """Run a `trifold` command in the checkout, as a client of these clouds; its output is text."""
        command = [sys.executable, "-m", "trifold.cli.main", *arguments]
        return subprocess.run(command, cwd=CHECKOUT, env=self.env, capture_output=True, text=True, timeout=timeout)


@pytest.fixture(scope="session")
def clouds(request: pytest.FixtureRequest) -> Clouds:
    from trifold.local import supervisor

    state = state_folder(request.config)
    build_packages()
    share_packages(state)
    session = os.getppid() if hasattr(request.config, "workerinput") else os.getpid()
    supervisor.ensure(state, owner=session, hostile=hostile_seed())
    return Clouds(state, {**supervisor.client_environment(state), "TRIFOLD_STATE": str(state)})


def hostile_seed() -> int | None:
    """`make soak-hostile SEED=n` runs the tests on clouds that make it hard for their callers."""
    seed = os.environ.get("TRIFOLD_HOSTILE")
    return int(seed) if seed else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    from tests.scheduling import ByFileAndClouds

    return ByFileAndClouds(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the clouds where the session began, after its last worker."""
    if hasattr(session.config, "workerinput"):
        return
    state = state_folder(session.config)
    if state.exists():
        from trifold.local import supervisor

        supervisor.stop(state)


def state_folder(config: pytest.Config) -> Path:
    """One folder for all workers: theirs are one level below that of the process that started them."""
    base = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    return (base.parent if hasattr(config, "workerinput") else base) / "clouds"


def build_packages() -> None:
    """What the stack files name, as `make up` builds it; nothing happens where it is there."""
    command = [sys.executable, "-m", "trifold.cli.main", "model", "build", "flights"]
    environment = {name: value for name, value in os.environ.items() if name != "TRIFOLD_STATE"}
    subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, capture_output=True, text=True, timeout=240)


def share_packages(state: Path) -> None:
    """Packages are named by their digests, so one folder serves all."""
    packages = CHECKOUT / ".trifold" / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    state.mkdir(exist_ok=True)
    with contextlib.suppress(FileExistsError):
        (state / "packages").symlink_to(packages)
