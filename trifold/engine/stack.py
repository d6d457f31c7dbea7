"""A stack: its project, configuration, secrets and state files, opened together."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trifold.engine import checkpoint, journal
from trifold.engine.backend import FileBackend, StackFiles
from trifold.engine.checkpoint import Snapshot
from trifold.engine.config import Resolved, StackConfig, load_config, resolve
from trifold.engine.journal import Recorder
from trifold.engine.orphans import orphans
from trifold.engine.project import Project
from trifold.engine.secrets import Passphrase, find_passphrase
from trifold.errors import Status, UserError


@dataclass
class Stack:
    """An existing stack, opened. Content is read when it is asked for."""

    project: Project
    name: str
    files: StackFiles
    file_config: StackConfig
    environment: Mapping[str, str]
    _secrets: Passphrase | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    # What a killed run made, and another engine that went on does not know; found when the stack is locked.
    orphans: list[str] = field(default_factory=list)

    @property
    def secrets(self) -> Passphrase:
        """The stack's secrets: of the configuration file's salt, else of the state's."""
        with self._lock:
            if self._secrets is None:
                salt = self.file_config.salt or self._state_salt()
                self._secrets = Passphrase(find_passphrase(self.environment, interactive=True), salt)
                if not self.file_config.salt:
                    self.file_config.content = {"encryptionsalt": self._secrets.salt, **self.file_config.content}
                    self.file_config.save()
            return self._secrets

    def _state_salt(self) -> str:
        return checkpoint.secrets_salt(self.content(), str(self.files.checkpoint)) if self.files.exists() else ""

    def content(self) -> dict[str, Any]:
        """The state file's content, with what a killed run left in its journal."""
        return content_of(self.files)

    def load(self) -> Snapshot:
        """The stack's state. UserError for a file that is damaged, or that another passphrase sealed."""
        where = str(self.files.checkpoint)
        found = self.content()
        return checkpoint.load(found, self._decrypter(checkpoint.secrets_salt(found, where)), where)

    def _decrypter(self, salt: str) -> Any:
        if not salt or salt == self.secrets.salt:
            return self.secrets.decrypt
        return Passphrase(find_passphrase(self.environment), salt).decrypt

    def config(self) -> Resolved:
        return resolve(self.project, self.file_config, lambda text: self.secrets.decrypt_text(text))

    def config_record(self) -> dict[str, Any]:
        """The configuration as a history record holds it: as in its file, secrets encrypted."""
        return dict(self.file_config.values)

    @contextmanager
    def locked(self, preview: bool) -> Iterator[None]:
        """Hold the stack for a run; a preview holds nothing. Folds what a killed run left into the state file."""
        if preview:
            yield
            return
        with self.files.locked():
            self._fold()
            self.files.back_up()
            yield

    def _fold(self) -> None:
        if self.files.journal.exists():
            found = checkpoint.parse(self.files.checkpoint.read_text(errors="replace"), str(self.files.checkpoint))
            if not journal.belongs(self.files.journal, self.files.checkpoint):
                self.orphans = orphans(self.files.journal, found)
            self.files.save(checkpoint.dump(self.files.full_name, self.load(), self.secrets))
            self.files.journal.unlink(missing_ok=True)

    def recorder(self, base: Snapshot) -> Recorder:
        return Recorder(self.files, base, self.secrets)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs as property values."""
        return _outputs(self.load())

    def outputs_of(self, name: str) -> dict[str, Any]:
        """Another stack's outputs: STACK, PROJECT/STACK or organization/PROJECT/STACK."""
        parts = name.split("/")
        project = (
            parts[-2] if len(parts) > 1 and not (len(parts) == 2 and parts[0] == "organization") else self.project.name
        )
        files = self.files.backend.stack(project, parts[-1])
        if not files.exists():
            raise UserError(f"unknown stack '{name}'", where=str(files.checkpoint))
        other = Stack(self.project, parts[-1], files, self.file_config, self.environment, _secrets=self._secrets)
        return other.outputs()


def content_of(files: StackFiles) -> dict[str, Any]:
    """A state file's content, with what a killed run left in its journal; secrets stay as they are."""
    text = files.checkpoint.read_bytes()
    try:
        found = checkpoint.parse(text.decode(errors="replace"), str(files.checkpoint))
    except checkpoint.Damaged as damaged:
        raise UserError(damaged.what, damaged.where, _way_out(files)) from damaged
    return journal.fold(found, text, files.journal) or found


def _way_out(files: StackFiles) -> str:
    """What to do about a damaged checkpoint: the newest copy that is whole is named."""
    for copy in files.copies():
        try:
            checkpoint.parse(copy.read_text(errors="replace"), str(copy))
        except UserError:
            continue
        return f"cp {copy} {files.checkpoint}   (the newest whole copy), then `trifold refresh`"
    return "there is no whole copy of it; bring one from a backup of your own, or import what there is"


def _outputs(snapshot: Snapshot) -> dict[str, Any]:
    from trifold.engine import urn as urns

    for resource in snapshot.resources:
        if urns.is_root(resource.urn) and not resource.delete:
            return resource.outputs
    return {}


def create(
    project: Project, name: str, backend: FileBackend, environment: Mapping[str, str], config_folder: Path | None = None
) -> Stack:
    """Make a stack. UserError if it exists."""
    backend.prepare()
    files = backend.stack(project.name, name)
    if files.exists():
        raise UserError(f"stack '{files.full_name}' already exists")
    stack = Stack(project, name, files, load_config(project, name, config_folder), environment)
    stack.secrets.verify()
    files.save(checkpoint.empty(files.full_name, stack.secrets))
    return stack


def open_stack(
    project: Project,
    name: str,
    backend: FileBackend,
    environment: Mapping[str, str],
    config_folder: Path | None = None,
    *,
    exists: bool = True,
) -> Stack:
    """Open a stack. UserError if there is none and it must exist."""
    files = backend.stack(project.name, name)
    if exists and not files.exists():
        text, init = f"no stack named '{name}' found", f"trifold stack init {name}"
        raise UserError(text, where=str(files.checkpoint), next=init, status=Status.NO_SUCH_STACK)
    return Stack(project, name, files, load_config(project, name, config_folder), environment)
