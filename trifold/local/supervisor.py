"""The local clouds as everybody else in the kit sees them: ensure that they run, stop them, ask about them.

Two locks tell the truth, since they end with their holders: `supervisor.lock` is held while the supervisor lives,
`family.lock` while any process that it started does.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trifold.errors import UserError
from trifold.local import lock, record, registry
from trifold.local.environment import cleaned, merged, variables
from trifold.local.layout import Layout

QUIET_SECONDS = 2.0
START_SECONDS = 120.0
STOP_SECONDS = 20.0
START = "trifold local start"
OTHER = "another start or stop is under way, waiting for it ..."


@dataclass(frozen=True)
class Status:
    """What runs. running: None if nothing does; servers: the model servers of all clouds."""

    layout: Layout
    running: record.Running | None
    servers: tuple[record.ServerEntry, ...] = ()

    @property
    def healthy(self) -> bool:
        return self.running is not None and self.running.ready and not self.running.crashed()


# ---- asking ----------------------------------------------------------------------------------------------------


def status(state: Path) -> Status:
    """What runs, from the files that the supervisor and the APIs keep."""
    layout = Layout(state.absolute())
    running = _current(layout)
    if running is None:
        return Status(layout, None)
    servers = [entry for name in running.clouds for entry in record.read_servers(layout, name)]
    return Status(layout, running, tuple(servers))


def environment(state: Path) -> dict[str, str]:
    """What a client of the local clouds exports. Raises UserError if they don't run.

    Set over an environment that holds credentials of a real account, this alone leaves some variables of theirs: use
    `client_environment` for a process of one's own.
    """
    layout = Layout(state.absolute())
    running = record.read_running(layout)
    if running is None:
        raise UserError("the local clouds are not running", next=START)
    every = registry.clouds()
    return variables(layout, running, [every[name] for name in running.clouds])


def variable_names(state: Path) -> set[str]:
    """The names of all that `environment` may export, whether the local clouds run or not."""
    nothing = record.Running("", 0, "", False, 0, (), {}, ())
    return set(variables(Layout(state.absolute()), nothing, registry.clouds().values()))


def client_environment(state: Path, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """`base` for a process that is a client of the local clouds, and of nothing else."""
    return merged(base, environment(state))


@contextlib.contextmanager
def entered(state: Path) -> Iterator[None]:
    """In this block, the process is a client of the local clouds and of nothing else."""
    before, ours = dict(os.environ), client_environment(state)
    try:
        _become(ours)
        yield
    finally:
        _become(before)


def _become(variables: Mapping[str, str]) -> None:
    for name in os.environ.keys() - variables.keys():
        del os.environ[name]
    os.environ.update(variables)


def identity(state: Path) -> str:
    """Another text whenever the local clouds were restarted, or another set of model servers runs."""
    found = status(state)
    if found.running is None:
        return "not running"
    servers = sorted(f"{entry.cloud}/{entry.name}/{entry.pid}" for entry in found.servers)
    return "\n".join([found.running.run, *servers])


def _current(layout: Layout) -> record.Running | None:
    """The record, if the supervisor that wrote it lives."""
    return record.read_running(layout) if lock.is_held(layout.alone) else None


# ---- starting --------------------------------------------------------------------------------------------------


def ensure(state: Path, only: Sequence[str] = (), owner: int = 0, hostile: int | None = None) -> Status:
    """Start the local clouds if they are not running. only: the names of some of them, else all.
    owner: a process with which those started here are to end (a test session); else they outlive all but `stop`.
    hostile: the seed of clouds that make it hard for their callers (None: friendly ones, or those that run).

    Raises UserError if they can't start, if a part of them has crashed (starting again would give fresh accounts), or
    if others run than the hostile ones that were asked for.
    """
    found = status(state)
    if not found.healthy or not set(only) <= set(found.running.clouds if found.running else ()):
        with lock.held(found.layout.starting, OTHER):
            found = _started(found.layout, only, owner, hostile)
    if hostile is not None and found.running is not None and found.running.hostile != hostile:
        kind = "friendly" if found.running.hostile is None else f"hostile with the seed {found.running.hostile}"
        raise UserError(f"the local clouds that run are {kind}", next="trifold local stop, then start them so")
    return found


def _started(layout: Layout, only: Sequence[str], owner: int, hostile: int | None) -> Status:
    """The state after a start, by us or by somebody just before us."""
    found = _settled(layout)
    if found.running is None:
        _check_names(only)
        _start(layout, only, owner, hostile)
        return status(layout.state)
    for child in found.running.crashed():
        what = f"the local {child.cloud} is not whole: {child.name} ended with status {child.exit_status}"
        raise UserError(what, where=child.log, next="trifold local reset   (fresh accounts; stacks come up anew)")
    if missing := sorted(set(only) - set(found.running.clouds)):
        raise UserError(f"the local clouds run without {', '.join(missing)}", next="trifold local stop, then start")
    return found


def _settled(layout: Layout) -> Status:
    """The state once a start is over whose starter is gone (it was interrupted)."""
    end = time.monotonic() + START_SECONDS
    while True:
        found = status(layout.state)
        if found.running is None and not lock.is_held(layout.alone):
            return found
        if found.running is not None and (found.running.ready or found.running.crashed()):
            return found
        if time.monotonic() > end:
            raise UserError("the supervisor does not get ready", str(layout.supervisor_log), "trifold local stop")
        time.sleep(0.05)


def _check_names(only: Sequence[str]) -> None:
    every = registry.clouds()
    for name in only:
        if name not in every:
            raise UserError(f"there is no local cloud '{name}'", next=f"{START} [{'|'.join(every)}]")


def _start(layout: Layout, only: Sequence[str], owner: int, hostile: int | None) -> None:
    _set_logs_aside(layout)
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "trifold.local.daemon", "--state", str(layout.state), "--report", str(writing)]
    command += [] if hostile is None else ["--hostile", str(hostile)]
    with layout.supervisor_log.open("ab") as log:
        process = subprocess.Popen(
            [*command, "--owner", str(owner), *only],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**cleaned(os.environ), "TRIFOLD_STATE": str(layout.state)},
            cwd=layout.state,
            pass_fds=(writing,),
            start_new_session=True,
        )
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as report:
        _follow(report.fileno(), layout)
    process.returncode = 0  # it goes on without us: no warning about a child that nobody waited for


def _follow(report: int, layout: Layout) -> None:
    """Read the supervisor's report until it is ready. Raises UserError if it failed."""
    started, text, told = time.monotonic(), b"", False
    waiting: list[str] = []
    while True:
        readable, _, _ = select.select([report], [], [], 0.1)
        if readable:
            chunk = os.read(report, 65536)
            if not chunk:
                raise UserError("the supervisor ended while starting", str(layout.supervisor_log), START)
            *lines, text = (text + chunk).split(b"\n")
            for message in map(json.loads, lines):
                if "failed" in message:
                    raise UserError(f"the local clouds did not start: {message['failed']}", next="trifold local logs")
                if "ready" in message:
                    return
                waiting = message["waiting"]
        if not told and time.monotonic() - started > QUIET_SECONDS:
            print(f"starting the local clouds, waiting for {', '.join(waiting)} ...", flush=True)
            told = True


def _set_logs_aside(layout: Layout) -> None:
    """The logs of this run and of the one before are kept."""
    import shutil

    if layout.logs.exists():
        shutil.rmtree(layout.previous_logs, ignore_errors=True)
        layout.logs.rename(layout.previous_logs)
    layout.logs.mkdir(parents=True)


# ---- stopping --------------------------------------------------------------------------------------------------


def stop(state: Path) -> bool:
    """Stop all of it; returns once no process is left. False if nothing ran. Raises UserError if some does not end."""
    layout = Layout(state.absolute())
    if not lock.is_held(layout.family) and not lock.is_held(layout.alone):
        layout.record.unlink(missing_ok=True)
        return False
    with lock.held(layout.starting, OTHER):
        return _stop(layout)


def _stop(layout: Layout) -> bool:
    running = record.read_running(layout)
    for number in (signal.SIGTERM, signal.SIGKILL):
        if running is not None and lock.is_held(layout.alone):
            _send(running.pid, number)
        if _gone(layout, STOP_SECONDS):
            layout.record.unlink(missing_ok=True)
            return True
    what = "some process of the local clouds does not end"
    raise UserError(what, _named(running), "ps -ef | grep trifold")


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _gone(layout: Layout, seconds: float) -> bool:
    descriptor = lock.open_lock(layout.family)
    try:
        return lock.wait_for(descriptor, seconds)
    finally:
        os.close(descriptor)


def _named(running: record.Running | None) -> str:
    children = running.children if running else ()
    return ", ".join(f"{one.name} (pid {one.pid})" for one in children if record.is_running(one.pid))
