"""`trifold local status` as a table and as data: what runs in, a picture out."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.table import Table

from trifold.local.ports import LOOPBACK
from trifold.local.record import Child, ServerEntry
from trifold.local.supervisor import Status


def as_data(status: Status) -> dict[str, Any]:
    running = asdict(status.running) if status.running else None
    return {"healthy": status.healthy, "running": running, "servers": [asdict(one) for one in status.servers]}


def as_tables(status: Status) -> Group:
    """One line for the door, a row a process, a row a model server."""
    running = status.running
    if running is None:
        return Group("the local clouds are not running\n  next: trifold local start")
    head = f"door {LOOPBACK}:{running.door}, up since {running.started}, supervisor {running.pid}"
    if running.hostile is not None:
        head += f", hostile (seed {running.hostile})"
    log = f"its log {short(str(status.layout.supervisor_log))}"
    parts: list[Any] = [f"{head}, {log}", "", processes(running.children)]
    if status.servers:
        parts += ["", servers(status.servers)]
    if running.crashed():
        parts += ["", "a process has ended by itself; `trifold local reset` starts all anew, with fresh accounts"]
    return Group(*parts)


def processes(children: tuple[Child, ...]) -> Table:
    table = plain("cloud", "what", "state", "address", "pid", "log")
    for child in children:
        address = ", ".join(f"{LOOPBACK}:{port}" for port in child.ports)
        table.add_row(child.cloud, child.role, state(child), address, str(child.pid), short(child.log))
    return table


def servers(entries: tuple[ServerEntry, ...]) -> Table:
    table = plain("cloud", "model server", "labels", "address", "pid", "log")
    for entry in entries:
        labels = " ".join(f"{name}={value}" for name, value in entry.labels.items())
        table.add_row(entry.cloud, entry.name, labels, f"{LOOPBACK}:{entry.port}", str(entry.pid), short(entry.log))
    return table


def state(child: Child) -> str:
    if child.exit_status is not None:
        return f"ended, status {child.exit_status}"
    return f"running, restarted {child.restarts} times" if child.restarts else "running"


def short(path: str) -> str:
    """As it is typed from here, where it is below here."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


def plain(*names: str) -> Table:
    table = Table(show_edge=False, pad_edge=False, box=None, header_style="bold")
    for name in names:
        table.add_column(name, no_wrap=name in ("cloud", "state", "pid", "address"), overflow="fold")
    return table
