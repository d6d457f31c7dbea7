"""The stacks of a backend and what each holds: its files where it is a folder, else what `pulumi` says of it.

Ids and ARNs are no secrets in state files, so no passphrase is needed.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trifold.errors import UserError

if TYPE_CHECKING:
    from trifold.engine.project import Project
    from trifold.sweep.thing import Stack

Resources = Iterable[Mapping[str, Any]]


def address(project: "Project", local: bool) -> str:
    """The backend's address; "pulumi's backend" where it is the one that `pulumi` is logged in to."""
    url = os.environ.get("PULUMI_BACKEND_URL") or project.backend
    if local and ("TRIFOLD_LOCAL" in os.environ or not url):
        from trifold.cli.local_run import local_run

        return local_run(project, "", start=False).environment["PULUMI_BACKEND_URL"]
    return url or "pulumi's backend"


def known(project: "Project", local: bool) -> list["Stack"]:
    """All stacks of the backend, of other projects too: what any of them holds is nobody's to remove."""
    url = address(project, local)
    if url.startswith("file://"):
        return list(_of_files(url, project.folder))
    return list(_of_pulumi(project))


def _of_files(url: str, base: Path) -> Iterator["Stack"]:
    from trifold.engine.backend import open_backend
    from trifold.engine.stack import content_of

    for files in open_backend(url, base).stacks():
        latest = (content_of(files).get("checkpoint") or {}).get("latest") or {}
        yield _stack(files.project, files.name, latest.get("resources") or [], busy=bool(files.held()))


def _of_pulumi(project: "Project") -> Iterator["Stack"]:
    if not shutil.which("pulumi"):
        raise UserError(
            "what belongs to a stack is not known: no backend is chosen, and there is no `pulumi` to ask",
            next="export PULUMI_BACKEND_URL=file://FOLDER  # or install pulumi and log in",
        )
    for one in _pulumi(project, "stack", "ls", "--all", "--json"):
        parts = one["name"].split("/")
        exported = _pulumi(project, "stack", "export", "--stack", one["name"])
        resources = (exported.get("deployment") or {}).get("resources") or []
        yield _stack(
            parts[-2] if len(parts) > 2 else project.name, parts[-1], resources, busy=bool(one.get("updateInProgress"))
        )


def _pulumi(project: "Project", *arguments: str) -> Any:
    done = subprocess.run(
        ["pulumi", *arguments, "--non-interactive"], cwd=project.folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UserError(
            "`pulumi` does not tell its stacks, so nothing is known to be forgotten",
            where=done.stderr.strip().rpartition("\n")[2],
            next="pulumi login  # to the backend that has them",
        )
    return json.loads(done.stdout)


def _stack(project: str, name: str, resources: Resources, *, busy: bool) -> "Stack":
    from infra.tags import value
    from trifold.sweep.thing import Stack

    return Stack(value(project), value(name), frozenset(_held(resources)), busy)


def _held(resources: Resources) -> Iterator[tuple[str, str]]:
    """Each resource by its id, and by its ARN where it has one."""
    from trifold.sweep.thing import same

    for one in resources:
        arn = (one.get("outputs") or {}).get("arn")
        for id in (one.get("id"), arn):
            if one.get("custom") and isinstance(id, str) and id:
                yield one["type"], same(id)
