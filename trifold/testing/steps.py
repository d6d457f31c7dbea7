"""The steps of a run, read off its events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

# Types of which a test that asks for what happened does not mean to hear.
QUIET: Final = ("pulumi:pulumi:Stack", "pulumi:providers:")


@dataclass(frozen=True)
class Step:
    """One step of a run. op: Pulumi's word (create, update, delete, same, replace, create-replacement, delete-replaced,
    read, import, refresh, ...); in `refresh` what was found: same, update or delete.

    old, new: the states as events hold them ("inputs", "outputs", "id", ...), secrets as "[secret]", None for none.
    changed: the properties that differ; keys: those that force a replacement. error: "" if it went well.
    """

    op: str
    urn: str
    type: str
    name: str
    provider: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    changed: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    detailed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    error: str = ""

    @property
    def package(self) -> str:
        """The package of the provider that did it; "" for a component."""
        return self.provider.partition("pulumi:providers:")[2].partition("::")[0]

    def __str__(self) -> str:
        because = f" (because of {', '.join(self.keys)})" if self.keys else ""
        changed = f" [{', '.join(self.changed)}]" if self.changed and not self.keys else ""
        failed = f" FAILED: {self.error}" if self.error else ""
        return f"{self.op} {self.type} {self.name}{because}{changed}{failed}"

    __repr__ = __str__


class Steps(tuple[Step, ...]):
    """The steps in order. `steps["bucket"]` is the one step of a resource, by name, type or URN."""

    def of(self, *wanted: str) -> Steps:
        """The steps of these operations, names, types or URNs."""
        return Steps(one for one in self if {one.op, one.name, one.type, one.urn} & set(wanted))

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        found = [one for one in self if key in (one.name, one.type, one.urn)]
        done = [one for one in found if one.op != "refresh"] or found  # `up` with refresh looks first
        whole = [one for one in done if one.op == "replace"] or done
        if len(whole) != 1:
            raise LookupError(f"{len(whole)} steps are about {key!r}; the steps are:\n{self}")
        return whole[0]

    @property
    def changes(self) -> Steps:
        """The steps that change something: not `same`, and nothing of the stack itself or of providers."""
        return Steps(one for one in self if one.op != "same" and not one.type.startswith(QUIET))

    def __str__(self) -> str:
        return "\n".join(f"  {one}" for one in self if not one.type.startswith(QUIET)) or "  (none)"

    __repr__ = __str__


def steps_of(events: Iterable[Mapping[str, Any]], verb: str) -> Iterator[Step]:
    """The steps in the order in which they began."""
    begun: dict[tuple[str, str], dict[str, Any]] = {}
    said: dict[str, str] = {}
    for event in events:
        if found := event.get("diagnosticEvent"):
            if found["severity"] == "error":
                said[found.get("urn", "")] = found["message"].rstrip()
            continue
        found = event.get("resourcePreEvent") or event.get("resOutputsEvent") or event.get("resOpFailedEvent")
        if found is None:
            continue
        about = found["metadata"]
        key = (about["urn"], about["op"])
        if key not in begun and (about["urn"], "refresh") in begun and "resourcePreEvent" not in event:
            key = (about["urn"], "refresh")  # in `refresh` a step ends as what it found
        kept = begun.setdefault(key, {})
        kept.update(about)
        if "resOpFailedEvent" in event:
            kept["error"] = said.get(about["urn"]) or "failed"
    yield from (_step(about, verb) for about in begun.values())


def _step(about: Mapping[str, Any], verb: str) -> Step:
    op = about["op"]
    if op == "refresh" and verb == "refresh":
        op = _found(about["old"], about["new"])
    return Step(
        op,
        about["urn"],
        about["type"],
        about["urn"].split("::", 3)[3],
        about["provider"],
        about["old"],
        about["new"],
        tuple(about.get("diffs") or ()),
        tuple(about.get("keys") or ()),
        about.get("detailedDiff") or {},
        about.get("error", ""),
    )


def _found(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    if not new:
        return "delete"
    same = old and all(old.get(key) == new.get(key) for key in ("inputs", "outputs"))
    return "same" if same else "update"
