"""The events of a run in Pulumi's shapes, handed to whoever shows or keeps them. Secrets never leave as they are."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from trifold.engine.looks import Refresh
from trifold.engine.state import Resource
from trifold.engine.steps import (
    Create,
    Replace,
    Step,
    Update,
)
from trifold.protocol.values import OutputValue, Secret, to_wire

Event = dict[str, Any]
Sink = Callable[[Event], None]
SECRET_TEXT = "[secret]"


class Events:
    """Numbers the events and hands them to the sinks, one at a time."""

    def __init__(self, *sinks: Sink) -> None:
        self.sinks = list(sinks)
        self._sequence = 0
        self._lock = threading.RLock()

    def emit(self, kind: str, payload: Mapping[str, Any], *, internal: bool = False) -> None:
        """internal: only for those who keep all events, not for those who show them."""
        with self._lock:
            event = {"sequence": self._sequence, "timestamp": int(time.time()), kind: payload}
            self._sequence += 1
            for sink in self.sinks:
                if not internal or getattr(sink, "keeps_all", False):
                    sink(event)

    @property
    def want_debug(self) -> bool:
        """Whether any sink does something with debug messages."""
        return any(getattr(sink, "takes_debug", True) for sink in self.sinks)

    def prelude(self, config: Mapping[str, str]) -> None:
        self.emit("preludeEvent", {"config": dict(config)})

    def diagnostic(self, severity: str, urn: str, text: str, stream: int = 0, ephemeral: bool = False) -> None:
        """severity: "debug", "info", "info#err", "warning" or "error"."""
        prefix = "" if severity.startswith("info") else f"{severity}: "
        payload: dict[str, Any] = {"urn": urn} if urn else {}
        payload |= {"prefix": prefix, "message": f"{text}\n", "color": "never", "severity": severity}
        if stream:
            payload["streamID"] = stream
        if ephemeral:
            payload["ephemeral"] = True
        self.emit("diagnosticEvent", payload)

    def step_begins(self, step: Step, preview: bool) -> None:
        payload = _with_planning({"metadata": metadata(step)}, preview)
        self.emit("resourcePreEvent", payload, internal=_is_internal(step))

    def step_ends(self, step: Step, preview: bool, *, refreshing: bool = False) -> None:
        """refreshing: the run is a refresh; its steps then end as what they found: same, update or delete."""
        found = metadata(step)
        if isinstance(step, Refresh):
            found["op"] = step.result_op if refreshing else step.op
        self.emit("resOutputsEvent", _with_planning({"metadata": found}, preview), internal=_is_internal(step))

    def step_fails(self, step: Step, text: str, partial: bool) -> None:
        self.diagnostic("error", step.urn, text)
        self.emit("resOpFailedEvent", {"metadata": metadata(step), "status": 1 if partial else 2, "steps": 0})

    def summary(self, *, corrupt: bool, seconds: float, changes: Mapping[str, int], preview: bool, ok: bool) -> None:
        payload = {
            "maybeCorrupt": corrupt,
            "durationSeconds": int(seconds),
            "resourceChanges": dict(changes),
            "PolicyPacks": {},
            "isPreview": preview,
            "result": "succeeded" if ok else "failed",
        }
        self.emit("summaryEvent", payload)

    def cancel(self) -> None:
        self.emit("cancelEvent", {})


def _is_internal(step: Step) -> bool:
    return isinstance(step, Refresh) and step.internal


def _with_planning(payload: dict[str, Any], preview: bool) -> dict[str, Any]:
    return {**payload, "planning": True} if preview else payload


def metadata(step: Step) -> dict[str, Any]:
    """What an event says of its step."""
    made: dict[str, Any] = {
        "op": step.op,
        "urn": step.urn,
        "type": step.resource.type,
        "old": state(step.old),
        "new": state(step.after if isinstance(step, Refresh) else step.new),
    }
    if step.keys:
        made["keys"] = step.keys
    difference = step.difference
    if difference and difference.changed_keys:
        made["diffs"] = difference.changed_keys
    detailed = difference.detailed if difference and isinstance(step, Create | Update | Replace | Refresh) else None
    made["detailedDiff"] = None if detailed is None else {path: _kind(*found) for path, found in detailed.items()}
    if step.logical:
        made["logical"] = True
    made["provider"] = step.resource.provider
    return made


def _kind(kind: str, is_input: bool) -> dict[str, Any]:
    return {"diffKind": kind.lower().replace("_", "-"), "inputDiff": is_input}


def state(resource: Resource | None) -> dict[str, Any] | None:
    """A state as events hold it."""
    if resource is None:
        return None
    marks = {
        "custom": resource.custom,
        "delete": resource.delete,
        "protect": resource.protect,
        "taint": resource.taint,
        "external": resource.external,
        "retainOnDelete": resource.retain_on_delete,
    }
    made = {
        "type": resource.type,
        "urn": resource.urn,
        **{name: True for name, value in marks.items() if value},
        "id": to_wire(resource.id),
        "parent": resource.parent,
        "inputs": shown(resource.inputs),
        "outputs": shown(resource.outputs),
        "provider": resource.provider,
    }
    if resource.init_errors:
        made["initErrors"] = resource.init_errors
    return made


def shown(value: Any) -> Any:
    """A value for a reader: secrets are told, not shown."""
    if isinstance(value, Secret) or (isinstance(value, OutputValue) and value.secret):
        return SECRET_TEXT
    if isinstance(value, OutputValue):
        return shown(value.value)
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    return to_wire(value)


class LogFile:
    """Keeps each event as a line of JSON."""

    keeps_all = True

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._out: IO[str] = file.open("w")

    def __call__(self, event: Event) -> None:
        self._out.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._out.flush()

    def close(self) -> None:
        self._out.close()
