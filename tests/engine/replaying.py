"""Runs the reference cases with the engine's command forked from a prepared process, programs too."""

import importlib
import os
import pkgutil
import shlex
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import trifold.engine
from tests.engine.prepared import SALT
from trifold.engine.fork_server import VARIABLE, ForkServer

HERE = Path(__file__).resolve().parent / "reference"
CLI = "trifold.cli.main:main"
ENGINE = [f"trifold.engine.{module.name}" for module in pkgutil.iter_modules(trifold.engine.__path__)]
MODULES = (
    "trifold.cli.main",
    "trifold.cli.engine_run",
    *(name for name in ENGINE if name != "trifold.engine.fork_server"),
    "cryptography.hazmat.primitives.ciphers.aead",
    "yaml",
    "pulumi",
    "pulumi.runtime",
    "runpy",
    "tests.engine.prepared",
)


def load_replay() -> Any:
    """The corpus's own replay module."""
    if str(HERE) not in sys.path:
        sys.path.insert(0, str(HERE))
    return importlib.import_module("replay")


def run_case(name: str, server: ForkServer | None) -> tuple[list[str], str]:
    """(the differences from the recording, what the engine printed) of one case."""
    replay = load_replay()
    options = SimpleNamespace(
        engine=f"{sys.executable} -m trifold.cli.main", handover=None, virtualenv=None, events=True, verbose=False
    )
    with tempfile.TemporaryDirectory() as work:
        kind = forked(replay.CaseRun, server) if server else replay.CaseRun
        case = kind(HERE / "cases" / name, Path(work).resolve(), options)
        got = case.run()
    wanted = [phase.get("ok", True) for phase in case.case["phases"]]
    both = enumerate(zip(got, wanted, strict=True), 1)
    lines = [f"phase {number}: ok is {phase['ok']}" for number, (phase, ok) in both if phase["ok"] != ok]
    return lines + replay.compare(replay.recording(HERE, name), got), case.output


def forked(base: type, server: ForkServer) -> type:
    """The replay's run of a case, its engine forked from the server."""

    class Forked(base):  # type: ignore[misc, valid-type]
        def environment(self, port: int = 0) -> dict[str, str]:
            return {**super().environment(port), VARIABLE: server.address}

        def _fork(self, argv: tuple[str, ...], environment: dict[str, str]) -> tuple[int, str]:
            with tempfile.TemporaryFile() as out:
                self.running = process = server.start(
                    CLI, argv, env=environment, cwd=str(self.work), stdout=out.fileno(), stderr=out.fileno()
                )
                try:
                    status = process.wait(120)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise
                out.seek(0)
                return status, out.read().decode(errors="replace")

        def kill(self) -> None:
            self.running.kill()

        def engine(self, command: str, directory: Path, *argv: str, port: int = 0) -> bool:
            arguments = (*argv, "-s", "dev", "-C", str(directory))
            status, text = self._fork(arguments, self.environment(port))
            self.output += f"$ {shlex.join(argv)}\n{text}"
            return status == 0

        def must(self, command: str, directory: Path, *argv: str, stack: bool = True) -> None:
            if argv[:2] == ("stack", "init"):
                (directory / "Pulumi.dev.yaml").write_text(f"encryptionsalt: {SALT}\n")
            arguments = (*argv, *(["-s", "dev"] if stack else []), "-C", str(directory))
            status, text = self._fork(arguments, self.environment())
            assert status == 0, f"{shlex.join(argv)}: {text}"

    return Forked


def names() -> list[str]:
    return sorted(folder.name for folder in (HERE / "cases").iterdir())


def try_case(name: str, server: ForkServer) -> bool:
    """Whether a case replays equal; prints so, and what differs."""
    try:
        lines, output = run_case(name, server)
    except Exception as error:
        lines, output = [f"{type(error).__name__}: {error}"], ""
    shown = [f"{'FAIL' if lines else 'ok'} {name}", *(f"    {line}"[:2500] for line in lines[:24])]
    print("\n".join([*shown, output[-1500:]] if lines else shown), flush=True)
    return not lines


def main() -> int:
    """Replay the named cases (default: all), as many at once as there are cores, and print what differs."""
    chosen = [name for name in names() if not sys.argv[1:] or any(name.startswith(one) for one in sys.argv[1:])]
    with ForkServer(MODULES) as server, ThreadPoolExecutor(os.cpu_count()) as pool:
        equal = list(pool.map(lambda name: try_case(name, server), chosen))
    print(f"{sum(equal)} passed, {len(equal) - sum(equal)} failed")
    return not all(equal)


if __name__ == "__main__":
    sys.exit(main())
