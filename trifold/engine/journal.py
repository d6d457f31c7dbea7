"""Keeps a stack's state on disk true at every moment of a run, at a cost that grows with the number of steps only.

The state of a run is two lists: what it made so far, then what it has not touched of what it found. The checkpoint,
which all readers of Pulumi's format know, is written whole at a change as long as that takes less than a fifth of the
run's time: for a small stack at each step, for a large one every few seconds. In between, each change is one line in a
journal beside the checkpoint, written before the step goes on. A run that was killed leaves a journal; who opens the
stack next folds it into the checkpoint. A line that was cut off is ignored: it stands for nothing that had begun.

Lines: {"base": SHA-256 of the checkpoint, "made": how many of its resources are the run's own, "pending": [KEY of each
    of its operations that is the run's own]}, then
    {"new": KEY, "resource": R}   {"set": KEY, "resource": R}   {"done": KEY}
    {"begin": KEY, "type": KIND, "resource": R}   {"end": KEY}
"""

import hashlib
import json
import os
import threading
import time
from pathlib import Path
from typing import Any, Final

from trifold.engine import checkpoint
from trifold.engine.backend import StackFiles
from trifold.engine.checkpoint import Operation, Snapshot, dump_json
from trifold.engine.rebase import without_dangling
from trifold.engine.renames import renamed
from trifold.engine.secrets import Passphrase
from trifold.engine.state import Resource, resource_to_json
from trifold.errors import UserError

SHARE: Final = 0.2
# Seconds that whole checkpoints may take before that counts: a small stack's run is over before it has a fifth of much.
HEAD_START: Final = 0.5


class Recorder:
    """The state of a run in the making. Methods may be called from any thread."""

    def __init__(self, files: StackFiles, base: Snapshot, secrets: Passphrase) -> None:
        self.files, self.base, self.secrets = files, base, secrets
        self.made: list[Resource] = []
        self._done: set[Resource] = set()
        self._pending: dict[Resource, str] = {}
        self._keys: dict[Resource, int] = {}
        self._texts: dict[Resource, str] = {}
        self._lock = threading.RLock()
        self._journal: Any = None
        self._refreshed = self._finished = False
        self._started = time.monotonic()
        self._spent = 0.0

    # ---- what happened -----------------------------------------------------------------------------------------

    def begin(self, resource: Resource, kind: str) -> None:
        """An operation on the resource begins."""
        with self._lock:
            self._pending[resource] = kind
            self._changed({"begin": self._key(resource), "type": kind, "resource": self._raw(resource)})

    def end(
        self,
        resource: Resource,
        *,
        made: Resource | None = None,
        gone: tuple[Resource | None, ...] = (),
        marked: Resource | None = None,
    ) -> None:
        """The operation ended: `made` is in state from now on, `gone` no more, `marked` has other marks than before."""
        with self._lock:
            lines: list[dict[str, Any]] = []
            if made is not None:
                self.made.append(made)
                lines.append({"new": self._key(made), "resource": self._raw(made)})
            for one in gone:
                if one is not None:
                    self._done.add(one)
                    lines.append({"done": self._key(one)})
            if marked is not None:
                lines.append({"set": self._key(marked), "resource": self._raw(marked)})
            if self._pending.pop(resource, None):
                lines.append({"end": self._key(resource)})
            self._changed(*lines)

    def same(self, old: Resource, new: Resource, *, write: bool) -> None:
        """Nothing was done to the resource; `write` if its record changed all the same."""
        with self._lock:
            self.made.append(new)
            self._done.add(old)
            if write or self._refreshed:
                self._changed({"new": self._key(new), "resource": self._raw(new)}, {"done": self._key(old)})
            else:
                self._append({"new": self._key(new), "resource": self._raw(new)}, {"done": self._key(old)})

    def update(self, resource: Resource) -> None:
        """The resource's properties changed since it was recorded."""
        with self._lock:
            self._changed({"set": self._key(resource), "resource": self._raw(resource)})

    def refreshed(self, old: Resource, new: Resource | None) -> None:
        """The resource was looked at while the program runs. What it was found to be, None: gone."""
        with self._lock:
            self._refreshed = True
            self.end(old, made=new, gone=(old,))

    def rebase(self) -> None:
        """What was found at the start has been changed in place (a refresh)."""
        with self._lock:
            self._texts.clear()
            self._write_whole()

    # ---- the state as it is ------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        with self._lock:
            kept = without_dangling(self.kept()) if self._refreshed else self.kept()
            pending = [Operation(resource, kind) for resource, kind in self._pending.items()]
            return Snapshot(renamed(kept), pending + [one for one in self.base.pending if one.kind == "creating"])

    def kept(self) -> list[Resource]:
        """The run's own entries of what is in state, as they are written but for the names of others."""
        return [one for one in [*self.made, *self.base.resources] if one not in self._done]

    def start(self) -> None:
        """Begin to write; what a killed run left was folded in when the stack was opened."""
        with self._lock:
            self._open_journal(self.files.checkpoint.read_bytes(), 0)

    def finish(self) -> None:
        """Write the checkpoint whole, and take the journal away."""
        with self._lock:
            self._write_whole()
            self._close()
            self.files.journal.unlink(missing_ok=True)
            self._finished = True

    def open_operations(self) -> list[Operation]:
        """What was begun in this run, and has not ended."""
        with self._lock:
            return [Operation(resource, kind) for resource, kind in self._pending.items()]

    def _changed(self, *lines: dict[str, Any]) -> None:
        if self._finished:  # a step that nobody waited for: the stack is not this run's any more
            return
        # After a resource is found gone, others' lines would still name it.
        if self._refreshed or self._spent <= HEAD_START + SHARE * (time.monotonic() - self._started):
            self._write_whole()
        else:
            self._append(*lines)

    def _append(self, *lines: dict[str, Any]) -> None:
        if self._journal is None:
            return
        text = "".join(f"{dump_json(line)}\n" for line in lines)
        try:
            os.write(self._journal, text.encode())
        except OSError as error:
            raise UserError(
                f"cannot write state: {error.strerror}",
                where=str(self.files.journal),
                next="make room, then run it again",
            ) from error

    def _write_whole(self) -> None:
        started = time.monotonic()
        snapshot = self.snapshot()
        resources = [self._text(one) for one in snapshot.resources]
        pending = [
            f'{{"resource":{dump_json(self._raw(one.resource))},"type":{dump_json(one.kind)}}}'
            for one in snapshot.pending
        ]
        features = checkpoint.features_of(snapshot.resources)
        text = checkpoint.assemble(self.files.full_name, resources, pending, self.secrets, features)
        self.files.save(text)
        made = sum(one not in self._done for one in self.made)
        self._keys = {one: index for index, one in enumerate(self.kept())}
        self._open_journal(text.encode(), made)
        self._spent += time.monotonic() - started

    def _open_journal(self, base: bytes, made: int) -> None:
        part = self.files.journal.with_suffix(".journal.tmp")
        self._close()
        if not self._keys:
            self._keys = {one: index for index, one in enumerate(self.base.resources)}
        mine = [self._key(one) for one in self._pending]
        first = {"base": hashlib.sha256(base).hexdigest(), "made": made, "pending": mine}
        self._journal = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        self._append(first)
        part.replace(self.files.journal)

    def _close(self) -> None:
        if self._journal is not None:
            os.close(self._journal)
            self._journal = None

    def _key(self, resource: Resource) -> int:
        return self._keys.setdefault(resource, len(self._keys))

    def _raw(self, resource: Resource) -> dict[str, Any]:
        made = resource_to_json(resource, self.secrets.encrypt)
        self._texts[resource] = dump_json(made)
        return made

    def _text(self, resource: Resource) -> str:
        if resource not in self._texts:
            self._raw(resource)
        return self._texts[resource]


def belongs(journal: Path, checkpoint: Path) -> bool:
    """Whether the journal is one of this checkpoint."""
    first = _record(journal.read_bytes().partition(b"\n")[0]) or {}
    return first.get("base") == hashlib.sha256(checkpoint.read_bytes()).hexdigest()


def fold(found: dict[str, Any], text: bytes, journal: Path) -> dict[str, Any] | None:
    """The checkpoint's content with the journal's lines applied; None if the journal is not one of this checkpoint."""
    try:
        lines = journal.read_bytes().split(b"\n")
    except FileNotFoundError:
        return None
    records = [record for record in map(_record, lines[:-1]) if record is not None]
    if not records or records[0].get("base") != hashlib.sha256(text).hexdigest():
        return None
    latest = found["checkpoint"].setdefault("latest", {})
    state = _Folded(latest, int(records[0]["made"]), records[0]["pending"])
    for record in records[1:]:
        state.apply(record)
    latest["resources"], latest["pending_operations"] = state.resources(), [*state.pending.values(), *state.found]
    return found


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        return json.loads(line)
    except ValueError:
        return None


class _Folded:
    def __init__(self, latest: dict[str, Any], made: int, mine: list[int]) -> None:
        base, pending = latest.get("resources") or [], latest.get("pending_operations") or []
        self.values: dict[int, Any] = dict(enumerate(base))
        self.made, self.rest = list(range(made)), list(range(made, len(base)))
        self.pending: dict[int, Any] = dict(zip(mine, pending, strict=False))
        self.found = pending[len(mine) :]

    def apply(self, record: dict[str, Any]) -> None:
        if "new" in record:
            self.made.append(record["new"])
            self.values[record["new"]] = record["resource"]
        elif "set" in record:
            self.values[record["set"]] = record["resource"]
        elif "done" in record:
            self.values.pop(record["done"], None)
        elif "begin" in record:
            self.pending[record["begin"]] = {"resource": record["resource"], "type": record["type"]}
        elif "end" in record:
            self.pending.pop(record["end"], None)

    def resources(self) -> list[Any]:
        return [self.values[key] for key in [*self.made, *self.rest] if key in self.values]
