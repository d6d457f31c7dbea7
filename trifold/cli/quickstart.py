"""`trifold quickstart`, which `make up` runs: three local clouds, one model, three stacks, one table.

Each part is the command a user would type, as a process of its own; the three stacks come up side by side. A second
run with nothing changed shows the same table and changes nothing.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from trifold.errors import UserError

CLOUDS = ("aws", "azure", "gcp")
PACKAGE = "flights"
NEXT = (
    ("trifold predict all", "ask the three endpoints again, through each vendor's own SDK"),
    ("trifold local status", "what runs on this machine, where, and where its log is"),
    ("trifold destroy -s aws --yes", "take one cloud's stack down again"),
)
# What a stack is made from: a change in any of it makes the next `make up` bring the stacks up again.
INPUTS = ("Pulumi.yaml", "stacks", "infra", "trifold/plugin", "trifold/local", "requirements/kit.txt")


def register(app: typer.Typer) -> None:
    app.command("quickstart")(quickstart)


def quickstart() -> None:
    """Bring one model up on three local clouds, and ask each for the same prediction."""
    from trifold.cli.project import project_folder, state_folder

    state, project = state_folder(), project_folder()
    state.mkdir(exist_ok=True)
    started = time.monotonic()
    run_step("local clouds", "local", "start")
    run_step(f"package '{PACKAGE}'", "model", "build", PACKAGE)
    record = Record(state / "quickstart.json", fingerprint(project, state))
    known = record.read()
    if known:
        finish(known, f"nothing changed since {known['at']}: this is what the endpoints answered then")
        return
    seconds = bring_up(state / "logs")
    answers = [{**answer, "up_seconds": seconds[answer["cloud"]]} for answer in ask_all()]
    record.write(answers)
    finish({"answers": answers}, f"up in {time.monotonic() - started:.0f} s")


# ---- what was done before --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Record:
    """The last run's answers, and what they were made from."""

    file: Path
    inputs: str

    def read(self) -> dict[str, Any] | None:
        """The record, if it was made from the same inputs; a damaged one counts as none."""
        try:
            found = json.loads(self.file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        return found if found.get("inputs") == self.inputs else None

    def write(self, answers: list[dict[str, Any]]) -> None:
        at = time.strftime("%Y-%m-%d %H:%M:%S")
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps({"inputs": self.inputs, "at": at, "answers": answers}, indent=1))
        part.replace(self.file)


def fingerprint(project: Path, state: Path) -> str:
    """A digest of the sources, the package, the stacks' states and the local clouds' present run."""
    digest = hashlib.sha256()
    for name in INPUTS:
        place = project / name
        for file in [place] if place.is_file() else sorted(place.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(project)}\n".encode() + file.read_bytes())
    digest.update(str((state / "packages" / PACKAGE / "current").resolve()).encode())
    digest.update(running(state))
    return digest.hexdigest()


def running(state: Path) -> bytes:
    """What tells one run of the local clouds, and one set of serving processes, from another."""
    from trifold.local.supervisor import identity

    return identity(state).encode()


# ---- the steps -------------------------------------------------------------------------------------------------


def trifold(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "trifold.cli.main", *arguments]


def run_step(title: str, *arguments: str) -> None:
    """Run one command of ours, its output shown as it comes. Raises UserError where it fails."""
    say(f"{title} ...")
    if subprocess.run(trifold(*arguments)).returncode:
        raise UserError(f"{title}: that failed, see above", next=f"trifold {' '.join(arguments)}")


def bring_up(logs: Path) -> dict[str, float]:
    """`trifold up` for the three stacks at once; returns seconds by cloud."""
    from trifold.cli.progress import follow

    logs.mkdir(exist_ok=True)
    jobs = [start_up(cloud, logs / f"up-{cloud}.log") for cloud in CLOUDS]
    ended = follow(jobs)
    failed = [job for job in ended if job.process.returncode]
    for job in failed:
        print(f"\n---- {job.name}, the end of its log ----\n{tail(job.log, 30)}", file=sys.stderr)
    if failed:
        names = ", ".join(job.name for job in failed)
        raise UserError(f"not up: {names}", where=str(failed[0].log), next=f"trifold up -s {failed[0].name}")
    return {job.name: job.seconds for job in ended}


def start_up(cloud: str, log: Path):
    from trifold.cli.progress import Job

    with log.open("wb") as out:
        command = trifold("up", "-s", cloud, "--yes", "--skip-preview", "--non-interactive")
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    return Job(cloud, process, log, time.monotonic())


def ask_all() -> list[dict[str, Any]]:
    """One prediction from each cloud, side by side: importing a vendor's SDK takes seconds."""
    say("asking each endpoint, through its vendor's SDK ...")
    with ThreadPoolExecutor(len(CLOUDS)) as pool:
        return [answer for answers in pool.map(ask, CLOUDS) for answer in answers]


def ask(cloud: str) -> list[dict[str, Any]]:
    got = subprocess.run(trifold("predict", cloud, "--json"), capture_output=True, text=True, env=os.environ)
    if got.returncode:
        raise UserError(f"{cloud} did not answer", where=got.stderr.strip()[-800:], next=f"trifold predict {cloud}")
    return json.loads(got.stdout)


def tail(file: Path, lines: int) -> str:
    return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])


def say(text: str) -> None:
    print(text, flush=True)


# ---- the end ---------------------------------------------------------------------------------------------------


def finish(record: dict[str, Any], headline: str) -> None:
    """The table, whether the clouds agree, and what to do next. Raises UserError where they do not agree."""
    from trifold.cli import tables

    out, answers = tables.console(), record["answers"]
    out.print(f"\n{flight_text()}\n")
    out.print(tables.answers_table(answers))
    agree, line = tables.agreement(answers)
    out.print(f"\n[{'green' if agree else 'red'}]{line}[/]\n{headline}\n\nnext:")
    for command, why in NEXT:
        out.print(f"  .venv/bin/{command:<30} {why}")
    if not agree:
        raise UserError("the three clouds do not agree", next="trifold predict all --json")


def flight_text() -> str:
    """The flight that was asked about, in words."""
    from trifold.cli.predict import sample_instances

    flight = sample_instances(PACKAGE)[0]
    fields = ", ".join(f"{key} {value}" for key, value in list(flight.items())[:8] if value is not None)
    return f"the same real flight on each cloud: {fields}, ..."
