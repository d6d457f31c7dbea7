"""A pytest plugin (`-p tests.live.plugin --live-job FILE`): which conformance tests run, and a line of JSON each.

At live depth the `stack` of a test is the one that the runner brought up; without a `depth` of live the same tests run
on the local clouds, so that both can be held against each other.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import gaps

LIVE, EMULATED = "live", "emulated"
# Told by a test's own fixtures: those that ask for the local clouds by name need them.
NEEDS, LOCAL = "stack", "clouds"


@dataclass(frozen=True)
class Job:
    """What the runner asks for. engine: the command that `up` is an argument of; folder: where Pulumi.yaml is;
    results: the file that is written; runner: its process id, without which the tests stop."""

    depth: str
    cloud: str
    stack: str
    engine: Sequence[str]
    folder: Path
    results: Path
    runner: int

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), default=str))

    @classmethod
    def read(cls, file: Path) -> "Job":
        found = json.loads(file.read_text())
        paths = {one.name: Path(found[one.name]) for one in fields(cls) if one.type is Path}
        return cls(**{**found, **paths})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--live-job", help="The job's file, by tests/live.")


def pytest_configure(config: pytest.Config) -> None:
    job = Job.read(Path(config.getoption("--live-job")))
    config.pluginmanager.register(Suite(job))
    if job.depth == LIVE:
        config.pluginmanager.register(job, "live depth")


class Suite:
    """The selection, and its results."""

    def __init__(self, job: Job) -> None:
        self._job = job

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        meant = [one for one in items if self._is_meant(one)]
        for one in (one for one in meant if not_live(one)):
            self._write({"id": one.nodeid, "outcome": "left out", "why": not_live(one), "seconds": 0.0})
        chosen = [one for one in meant if not not_live(one)]
        for one in chosen:
            one.add_marker(pytest.mark.timeout(0), append=False)  # the runner keeps the time of all of them
        config.hook.pytest_deselected(items=[one for one in items if one not in chosen])
        items[:] = chosen

    def _is_meant(self, item: pytest.Item) -> bool:
        names = getattr(item, "fixturenames", ())
        of_a_stack = bool(item.get_closest_marker("e2e")) and NEEDS in names and LOCAL not in names
        return of_a_stack and gaps.cloud_of(item) == self._job.cloud

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if os.getppid() != self._job.runner:
            pytest.exit("whoever began this run is gone; the stack is for `make live-down`")

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> Any:
        report = (yield).get_result()
        if report.when == "call" or (report.when == "setup" and report.outcome != "passed"):
            self._write({"id": item.nodeid, **outcome(report), "seconds": round(report.duration, 1)})
        elif report.when == "teardown" and report.outcome == "failed":
            self._write({"id": f"{item.nodeid} (teardown)", **outcome(report), "seconds": round(report.duration, 1)})

    def _write(self, line: Any) -> None:
        with self._job.results.open("a") as out:
            out.write(json.dumps(line) + "\n")


def not_live(item: pytest.Item) -> str:
    """Why a test is for the local clouds only; "" for one that is not."""
    mark = item.get_closest_marker("notlive")
    return mark.args[0] if mark else ""


def outcome(report: pytest.TestReport) -> dict[str, str]:
    """One word, and the last line of why."""
    if hasattr(report, "wasxfail"):
        return {"outcome": "gap" if report.outcome == "skipped" else "failed", "why": report.wasxfail}
    if report.outcome == "skipped":
        return {"outcome": "gap", "why": str(report.longrepr[2] if isinstance(report.longrepr, tuple) else "")}
    crash = getattr(report.longrepr, "reprcrash", None)
    why = "" if report.outcome == "passed" else str(crash.message if crash else report.longrepr)
    return {"outcome": report.outcome, "why": why[:2000]}
