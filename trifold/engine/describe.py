"""Words for events: what an operation is called, what changes in a resource, what a run came to. Data in, text out."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from trifold.engine import urn as urns
from trifold.engine.events import SECRET_TEXT
from trifold.engine.options import Options
from trifold.protocol.values import UNKNOWN_TEXTS

# op: (mark, present, past, what a preview says)
WORDS = {
    "same": ("   ", "unchanged", "unchanged", "unchanged"),
    "create": (" + ", "creating", "created", "create"),
    "update": (" ~ ", "updating", "updated", "update"),
    "delete": (" - ", "deleting", "deleted", "delete"),
    "replace": ("+- ", "replacing", "replaced", "replace"),
    "create-replacement": ("++ ", "creating replacement", "created replacement", "create replacement"),
    "delete-replaced": ("-- ", "deleting original", "deleted original", "delete original"),
    "read": (" > ", "reading", "read", "read"),
    "read-replacement": (">> ", "reading replacement", "read replacement", "read replacement"),
    "refresh": (" ~ ", "refreshing", "refreshed", "refresh"),
    "discard": (" < ", "discarding", "discarded", "discard"),
    "discard-replaced": ("<< ", "discarding original", "discarded original", "discard original"),
    "remove-pending-replace": (
        " ~ ",
        "completing pending delete",
        "completed pending delete",
        "complete pending delete",
    ),
    "import": (" = ", "importing", "imported", "import"),
    "import-replacement": ("=> ", "importing replacement", "imported replacement", "import replacement"),
}
# What a refresh found.
FOUND = {"same": "unchanged", "update": "changed", "delete": "gone"}
# The order and the words of the summary.
COUNTED = ("create", "import", "read", "update", "replace", "delete", "discard")
PAST = {"replace": "replaced", "read": "read", "discard": "discarded"}


def label(step: Mapping[str, Any]) -> str:
    return f"{step['type']} {urns.name(step['urn'])}"


def operation(step: Mapping[str, Any], moment: str, preview: bool = False) -> str:
    """moment: "mark", "begins", "done" or "failed"."""
    mark, present, past, plan = WORDS.get(step["op"], ("   ", step["op"], step["op"], step["op"]))
    if moment == "mark":
        return mark
    if moment == "failed":
        return f"{present} failed"
    if moment == "done":
        return past
    why = because(step)
    return (plan if preview else present) + (f" {why}" if why else "")


def found_by_refresh(step: Mapping[str, Any]) -> str:
    """What a refresh that has ended says of its resource: "same", "update" or "delete"."""
    if step["op"] != "refresh":
        return str(step["op"])
    if step["new"] is None:
        return "delete"
    return "update" if step.get("detailedDiff") else "same"


def because(step: Mapping[str, Any]) -> str:
    """Why a resource is replaced, "" if it is not."""
    return f"(because of {', '.join(step['keys'])})" if step.get("keys") and step["op"] == "replace" else ""


def heading(options: Options, stack: str) -> str:
    """What the run does, as Pulumi says it."""
    if options.preview:
        return f"Previewing {'update' if options.verb == 'up' else options.verb} ({stack})"
    return {"up": "Updating", "refresh": "Refreshing", "destroy": "Destroying"}[options.verb] + f" ({stack})"


def summary_text(changes: Mapping[str, int], preview: bool) -> list[str]:
    """The summary's lines: what changed, all together first if there are several kinds, then what did not."""
    counted = {op: changes[op] for op in COUNTED if changes.get(op)}
    lines = []
    for op, count in counted.items():
        what = f"to {op}" if preview else PAST.get(op, WORDS[op][2])
        lines.append(f"{WORDS[op][0].strip()} {count} {what}")
    if len(counted) > 1:
        changed = sum(count for op, count in counted.items() if op != "read")
        lines.insert(0, f"{changed} {'changes' if preview else 'changed'}")
    if same := changes.get("same"):
        lines.append(f"{same} unchanged")
    return lines or ["no changes"]


def outputs_text(outputs: Mapping[str, Any]) -> list[str]:
    width = max((len(name) for name in outputs), default=0)
    return [f"{name:<{width}}: {value_text(value)}" for name, value in sorted(outputs.items())]


def value_text(value: Any) -> str:
    """A value in a line: unknown ones as [unknown]."""
    if value == SECRET_TEXT:
        return SECRET_TEXT
    if isinstance(value, str):
        return "[unknown]" if value in UNKNOWN_TEXTS else json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {value_text(item)}" for key, item in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(value_text(item) for item in value) + "]"
    return json.dumps(value)


class Diffs:
    """What changes in resources, a line each property."""

    def of(self, step: Mapping[str, Any]) -> list[str]:
        """The lines for one step: created or deleted inputs, or old -> new of what differs."""
        old, new = (step["old"] or {}).get("inputs", {}), (step["new"] or {}).get("inputs", {})
        if step["op"] in ("create", "import"):
            return [f"{key}: {value_text(value)}" for key, value in sorted(new.items())]
        if step["op"] in ("delete", "same", "refresh", "read", "create-replacement", "delete-replaced"):
            return []  # of a replacement, its step "replace" tells
        return list(self._changed(old, new, step.get("detailedDiff") or {}, set(step.get("keys") or ())))

    def of_refresh(self, step: Mapping[str, Any]) -> list[str]:
        """The lines for a refresh that has ended."""
        if found_by_refresh(step) != "update":
            return []
        return list(self._changed(step["old"]["inputs"], step["new"]["inputs"], step.get("detailedDiff") or {}, set()))

    def _changed(
        self, old: Mapping[str, Any], new: Mapping[str, Any], detailed: Mapping[str, Any], keys: set[str]
    ) -> Iterator[str]:
        replacing = keys | {path for path, one in detailed.items() if one["diffKind"].endswith("replace")}
        for key in sorted({*old, *new}):
            if old.get(key) == new.get(key) and key in old and key in new and not _touches(key, set(detailed)):
                continue  # one that is told to differ and looks the same is a secret, or holds one
            because = "  (forces replacement)" if _touches(key, replacing) else ""
            if key not in old:
                yield f"+ {key}: {value_text(new[key])}{because}"
            elif key not in new:
                yield f"- {key}: {value_text(old[key])}{because}"
            else:
                yield f"~ {key}: {value_text(old[key])} -> {value_text(new[key])}{because}"


def _touches(key: str, paths: set[str]) -> bool:
    return any(path == key or path.startswith((f"{key}.", f"{key}[")) for path in paths)
