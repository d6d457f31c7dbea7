"""A run as JSON on the standard output: a preview's digest, or the events as they come."""

import json
import sys
from typing import Any

from trifold.engine import urn as urns
from trifold.engine.events import Event

REPLACING = frozenset({"create-replacement", "delete-replaced", "read-replacement", "discard-replaced"})


class JsonLines:
    """Each event as a line."""

    def __call__(self, event: Event) -> None:
        print(json.dumps(event, ensure_ascii=False, separators=(",", ":")), flush=True)

    def close(self) -> None:
        sys.stdout.flush()


class JsonDigest:
    """Pulumi's digest of a preview: its steps, messages, duration and counts."""

    takes_debug = False

    def __init__(self) -> None:
        self._digest: dict[str, Any] = {
            "config": {},
            "steps": [],
            "diagnostics": [],
            "duration": 0,
            "changeSummary": {},
        }

    def __call__(self, event: Event) -> None:
        if found := event.get("preludeEvent"):
            self._digest["config"] = found["config"]
        elif (found := event.get("resourcePreEvent")) and _told(found["metadata"]):
            self._digest["steps"].append(_step(found["metadata"]))
        elif found := event.get("diagnosticEvent"):
            if not found.get("ephemeral") and found["severity"] != "debug":
                keys = ("urn", "prefix", "message", "severity")
                self._digest["diagnostics"].append({key: found[key] for key in keys if key in found})
        elif found := event.get("summaryEvent"):
            self._digest["duration"] = found["durationSeconds"] * 1_000_000_000
            self._digest["changeSummary"] = found["resourceChanges"]

    def close(self) -> None:
        print(json.dumps({key: value for key, value in self._digest.items() if value}, indent=4, ensure_ascii=False))


def _told(step: dict[str, Any]) -> bool:
    """Whether the digest has the step: what stays as it is, and the parts of a replacement, are left out."""
    if step["op"] == "same":
        protected = [(step[side] or {}).get("protect", False) for side in ("old", "new")]
        return urns.is_root(step["urn"]) or protected[0] != protected[1]
    return bool(step.get("logical")) or step["op"] not in REPLACING


def _step(found: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"op": found["op"], "urn": found["urn"]}
    if found["provider"]:
        made["provider"] = found["provider"]
    for key, name in (("old", "oldState"), ("new", "newState")):
        if found[key]:
            made[name] = {field: value for field, value in found[key].items() if value not in ("", {})}
    if found.get("diffs"):
        made["diffReasons"] = found["diffs"]
    if found.get("keys"):
        made["replaceReasons"] = found["keys"]
    detailed = found["detailedDiff"]
    made["detailedDiff"] = detailed and {
        path: {"kind": one["diffKind"], "inputDiff": one["inputDiff"]} for path, one in detailed.items()
    }
    return made
