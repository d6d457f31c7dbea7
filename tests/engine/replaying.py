"""Runs the reference cases with the engine's command forked from a prepared process, programs too."""

import importlib
import pkgutil
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import trifold.engine
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
    recorded = replay.json.loads((HERE / "recorded" / f"{name}.json").read_text())
    return lines + replay.compare(recorded, got), case.output


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
            arguments = (*argv, *(["-s", "dev"] if stack else []), "-C", str(directory))
            status, text = self._fork(arguments, self.environment())
            assert status == 0, f"{shlex.join(argv)}: {text}"

    return Forked


def names() -> list[str]:
    return sorted(folder.name for folder in (HERE / "cases").iterdir())


def main() -> int:
    """Replay the named cases (default: all), and print what differs."""
    chosen = [name for name in names() if not sys.argv[1:] or any(name.startswith(one) for one in sys.argv[1:])]
    failed = 0
    with ForkServer(MODULES) as server:
        for name in chosen:
            try:
                lines, output = run_case(name, server)
            except Exception as error:
                lines, output = [f"{type(error).__name__}: {error}"], ""
            failed += bool(lines)
            print(f"{'FAIL' if lines else 'ok'} {name}", flush=True)
            for line in lines[:24]:
                print(f"    {line}"[:2500])
            if lines:
                print(output[-1500:])
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
