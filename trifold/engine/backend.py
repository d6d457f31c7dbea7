"""Pulumi's `file://` backend: where a stack's files are, and how they are written so that Pulumi reads them.

    .pulumi/meta.yaml
    .pulumi/stacks/PROJECT/STACK.json         the checkpoint, with .bak the one before
    .pulumi/backups/PROJECT/STACK/            the checkpoint as each run found it
    .pulumi/history/PROJECT/STACK/            what each run did, and the checkpoint it left
    .pulumi/locks/organization/PROJECT/STACK/ one file a running engine

Pulumi's storage library also keeps a file `.attrs` beside each; it is written here as it would be.
"""

import base64
import getpass
import hashlib
import json
import os
import re
import socket
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from trifold.engine.checkpoint import now
from trifold.engine.refusals import refusal
from trifold.errors import UserError

ORGANIZATION: Final = "organization"
NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True)
class FileBackend:
    """The backend in a folder."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / ".pulumi"

    def prepare(self) -> None:
        """Make the folder, and its note of the layout's version. UserError for a layout it does not know."""
        meta = self.root / "meta.yaml"
        if not meta.exists():
            write(meta, b"version: 1\n")
        elif "version: 1" not in meta.read_text():
            raise refusal("layout", str(meta))

    def stack(self, project: str, name: str) -> "StackFiles":
        """The files of a stack; UserError for a name that Pulumi would not take."""
        if not NAME.fullmatch(name):
            raise UserError(f"'{name}' is not a stack name: letters, digits, '-', '_' and '.', at most 100")
        return StackFiles(self, project, name)

    def stacks(self, project: str = "") -> list["StackFiles"]:
        """All stacks, or those of a project."""
        files = sorted((self.root / "stacks").glob(f"{project or '*'}/*.json"))
        return [StackFiles(self, file.parent.name, file.stem) for file in files]


@dataclass(frozen=True)
class StackFiles:
    """One stack's files in a backend."""

    backend: FileBackend
    project: str
    name: str

    @property
    def full_name(self) -> str:
        return f"{ORGANIZATION}/{self.project}/{self.name}"

    @property
    def checkpoint(self) -> Path:
        return self.backend.root / "stacks" / self.project / f"{self.name}.json"

    @property
    def journal(self) -> Path:
        """What was done since the checkpoint was last written whole; see trifold.engine.journal."""
        return self.checkpoint.with_suffix(".journal")

    @property
    def locks(self) -> Path:
        return self.backend.root / "locks" / ORGANIZATION / self.project / self.name

    def exists(self) -> bool:
        compressed = [Path(f"{self.checkpoint}{suffix}") for suffix in (".gz", ".zst")]
        for file in compressed:
            if file.exists():
                raise refusal("compressed", str(file))
        return self.checkpoint.exists()

    def save(self, text: str) -> None:
        """Replace the checkpoint at once, the one before kept as `.bak`."""
        backup = Path(f"{self.checkpoint}.bak")
        if self.checkpoint.exists():
            for old, new in ((self.checkpoint, backup), (_attrs(self.checkpoint), _attrs(backup))):
                if old.exists():
                    _link(old, new)
        write(self.checkpoint, text.encode())

    def copies(self) -> list[Path]:
        """All copies of the checkpoint that were ever kept, the newest first."""
        root, place = self.backend.root, Path(self.project) / self.name
        kept = [*(root / "history" / place).glob("*.checkpoint.json"), *(root / "backups" / place).glob("*.json")]
        backup = Path(f"{self.checkpoint}.bak")
        found = [*kept, *([backup] if backup.exists() else [])]
        return sorted(found, key=lambda file: file.stat().st_mtime_ns, reverse=True)

    def back_up(self) -> None:
        """Keep the checkpoint as this run found it."""
        if self.checkpoint.exists():
            place = self.backend.root / "backups" / self.project / self.name
            write(place / f"{self.name}.{time.time_ns()}.json", self.checkpoint.read_bytes())

    def add_history(self, record: Mapping[str, Any]) -> None:
        """Keep what a run did, and the checkpoint that it left."""
        place = self.backend.root / "history" / self.project / self.name
        base = f"{self.name}-{time.time_ns()}"
        write(place / f"{base}.history.json", json.dumps(record, separators=(",", ":")).encode())
        write(place / f"{base}.checkpoint.json", self.checkpoint.read_bytes())

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the stack's lock. UserError names who else holds one; a lock whose process is gone is taken away."""
        mine = self.locks / f"{uuid.uuid4()}.json"
        self._refuse_others(mine)
        write(mine, json.dumps(_lock_content()).encode())
        try:
            self._refuse_others(mine)
            yield
        finally:
            for file in (mine, _attrs(mine)):
                file.unlink(missing_ok=True)

    def held(self) -> list[Path]:
        """The locks that somebody holds."""
        return [file for file in sorted(self.locks.glob("*.json")) if not _stale(file)]

    def unlock(self) -> None:
        """Take all locks away, whosever they are."""
        for file in self.locks.glob("*.json"):
            for gone in (file, _attrs(file)):
                gone.unlink(missing_ok=True)

    def _refuse_others(self, mine: Path) -> None:
        others = [file for file in self.held() if file != mine]
        if others:
            lines = [f"{file}: {_describe(file)}" for file in others]
            raise UserError(
                f"the stack is currently locked by {len(others)} lock(s)",
                where="\n         ".join(lines),
                next="wait for the other process to end, or delete the lock's file if it is gone",
            )


def open_backend(url: str, base: Path) -> FileBackend:
    """The backend that a URL names. UserError for all but file:// ones."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise refusal("backend", url, scheme=parts.scheme)
    path = unquote(url.removeprefix("file://").partition("?")[0])
    folder = Path(path).expanduser()
    return FileBackend(folder if folder.is_absolute() else base / folder)


def write(file: Path, content: bytes) -> None:
    """Write a file at once, with the attributes that Pulumi's storage library keeps beside it."""
    with _told(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    _replace(file, content)
    _replace(_attrs(file), json.dumps(_attributes(content)).encode())


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """A UserError for a file that cannot be written."""
    try:
        yield
    except OSError as error:
        raise UserError(
            f"cannot write state: {error.strerror}", where=str(file), next="make room, then run it again"
        ) from error


def _replace(file: Path, content: bytes) -> None:
    part = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    with _told(file):
        try:
            with part.open("wb") as out:
                out.write(content)
            part.replace(file)
        except OSError:
            part.unlink(missing_ok=True)
            raise


def _link(old: Path, new: Path) -> None:
    part = new.with_name(f"{new.name}.{os.getpid()}.tmp")
    part.unlink(missing_ok=True)
    try:
        os.link(old, part)
    except OSError:  # a file system without hard links
        _replace(new, old.read_bytes())
        return
    part.replace(new)
    part.unlink(missing_ok=True)  # renaming one name of a file to another of its names does nothing


def _attrs(file: Path) -> Path:
    return Path(f"{file}.attrs")


def _attributes(content: bytes) -> dict[str, Any]:
    names = ("cache_control", "content_disposition", "content_encoding", "content_language")
    digest = hashlib.md5(content, usedforsecurity=False).digest()
    return {
        **{f"user.{name}": "" for name in names},
        "user.content_type": "text/plain; charset=utf-8",
        "user.metadata": None,
        "md5": base64.b64encode(digest).decode(),
    }


def _lock_content() -> dict[str, Any]:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user without a name, in a container
        user = str(os.getuid())
    # Shown by `pulumi` where it finds the lock: its own way out, `pulumi cancel`, would leave the journal behind.
    user = f"{user} with trifold (if that is gone: `trifold cancel`, before any `pulumi`)"
    return {"pid": os.getpid(), "username": user, "hostname": socket.gethostname(), "timestamp": now()}


def _stale(file: Path) -> bool:
    """Whether the lock's process ran on this machine and is gone; its file is then removed."""
    try:
        found = json.loads(file.read_text())
        if found["hostname"] != socket.gethostname():
            return False
        os.kill(int(found["pid"]), 0)
        return False
    except ProcessLookupError:
        for gone in (file, _attrs(file)):
            gone.unlink(missing_ok=True)
        return True
    except FileNotFoundError:
        return True
    except (PermissionError, ValueError, KeyError):
        return False


def _describe(file: Path) -> str:
    try:
        found = json.loads(file.read_text())
        return f"created by {found['username']}@{found['hostname']} (pid {found['pid']}) at {found['timestamp']}"
    except (OSError, ValueError, KeyError):
        return "of unknown origin"
