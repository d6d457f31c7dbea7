"""Runs without an exported environment are those of the local clouds: their environment, a backend in `.trifold/`.

The stacks' configuration files are copied to `.trifold/stacks/`, where their salts and what `config set` changes are
kept, so that a local run leaves the checkout as it was. A file that changed in `stacks/` is copied again.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trifold.errors import UserError

if TYPE_CHECKING:
    from trifold.engine.project import Project

MARK = ".trifold"


@dataclass(frozen=True)
class LocalRun:
    """environment: what the run, its program and its plugins see; stacks: where the configuration files are kept."""

    environment: Mapping[str, str]
    stacks: Path


def local_run(project: "Project", stack: str, *, start: bool = True) -> LocalRun:
    """The local clouds' environment, which are started first if need be. UserError outside a checkout of the kit."""
    state = Path(os.environ.get("TRIFOLD_STATE") or project.folder / MARK).resolve()
    if "trifold" not in project.plugins and not state.is_dir():
        raise UserError(
            "no backend is chosen, and this is not a checkout with local clouds",
            where=str(project.file),
            next="set PULUMI_BACKEND_URL=file://FOLDER and PULUMI_DEBUG_PROVIDERS=NAME:PORT",
        )
    stacks = state / "stacks"
    copy_configs(project.stack_folder, stacks)
    return LocalRun({**_clouds(state, start), "PULUMI_BACKEND_URL": _backend(state)}, stacks)


def _clouds(state: Path, start: bool) -> dict[str, str]:
    from trifold.local import supervisor
    from trifold.local.environment import PASSPHRASE

    if start:
        supervisor.ensure(state)
    try:
        return supervisor.client_environment(state)
    except UserError:
        if start:
            raise
        # To read a stack's state takes its passphrase, not the clouds.
        return {**os.environ, "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE}


def _backend(state: Path) -> str:
    folder = state / "backend"
    folder.mkdir(parents=True, exist_ok=True)
    return f"file://{folder}"


def copy_configs(source: Path, target: Path) -> None:
    """Copy the stacks' files that are new or have changed; the salt of a file that was copied before stays."""
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.glob("Pulumi.*.yaml")):
        content = file.read_text()
        digest = hashlib.sha256(content.encode()).hexdigest()
        copy, note = target / file.name, target / f".{file.name}.sha256"
        if copy.exists() and note.exists() and note.read_text() == digest:
            continue
        salt = _salt_line(copy.read_text()) if copy.exists() else ""
        copy.write_text(content if "encryptionsalt:" in content else salt + content)
        note.write_text(digest)


def _salt_line(content: str) -> str:
    lines = [line for line in content.splitlines() if line.startswith("encryptionsalt:")]
    return f"{lines[0]}\n" if lines else ""
