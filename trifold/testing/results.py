"""What a run came to, in a form that a test asserts on: steps, resources, outputs, events, and words for all of it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from trifold.testing.steps import QUIET, Step, Steps, steps_of
from trifold.testing.values import Values, hidden, revealed

if TYPE_CHECKING:
    from trifold.engine.options import Options
    from trifold.engine.state import Resource as State

REPLACING: Final = {"create-replacement": "replace", "delete-replaced": "replace", "import-replacement": "replace"}


@dataclass(frozen=True, eq=False)
class Resource:
    """A resource in state. Secrets read "[secret]" until `reveal()`."""

    state: State
    shown: bool = False

    @property
    def inputs(self) -> Values:
        return self._values(self.state.inputs)

    @property
    def outputs(self) -> Values:
        return self._values(self.state.outputs)

    def _values(self, values: Values) -> Values:
        return revealed(values) if self.shown else hidden(values)

    def reveal(self) -> Resource:
        """The same resource with its secrets in plain text."""
        return replace(self, shown=True)

    def __getattr__(self, name: str) -> Any:
        """All else that state holds: id, urn, type, name, parent, provider, protect, dependencies, delete, ..."""
        return getattr(self.state, name)

    def __str__(self) -> str:
        return f"{self.type} {self.name}" + (f" ({self.id})" if self.id else "")

    def __repr__(self) -> str:
        return f"<{self} {self.outputs}>"


class Resources(tuple[Resource, ...]):
    """The resources in state, in state's order. `resources["bucket"]` is the one of that name, type, URN or id."""

    def of(self, *wanted: str) -> Resources:
        """The resources of these names, types, URNs or ids."""
        return Resources(one for one in self if {one.name, one.type, one.urn, one.id} & set(wanted))

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        found = self.of(key)
        if len(found) != 1:
            raise LookupError(f"{len(found)} resources are called {key!r}; state holds:\n{self}")
        return found[0]

    def __contains__(self, key: object) -> bool:
        return bool(self.of(key)) if isinstance(key, str) else super().__contains__(key)

    @property
    def custom(self) -> Resources:
        """Those that a provider made: no components, no providers, not the stack."""
        return Resources(one for one in self if one.custom and not one.is_provider)

    @property
    def names(self) -> list[str]:
        """The names of what providers made, in order."""
        return [one.name for one in self.custom]

    def __str__(self) -> str:
        return "\n".join(f"  {one}" for one in self) or "  (nothing)"

    __repr__ = __str__


class Outputs(dict[str, Any]):
    """The stack's outputs; secrets read "[secret]" until `reveal()`."""

    def __init__(self, values: Values, why: str = "") -> None:
        super().__init__(hidden(values))
        self._plain, self._why = values, why

    def reveal(self) -> Values:
        """The outputs with secrets in plain text."""
        return revealed(self._plain)

    def __missing__(self, name: str) -> Any:
        raise KeyError(f"{name}: the outputs are {', '.join(self) or 'none'}{self._why}")


class Result:
    """How a run ended. True if it went well, so that `assert stack.up()` says why it did not.

    steps: what was done, or would be; resources: state afterwards; outputs: the stack's; events: Pulumi's, as
    `--event-log` writes them; changes: how many resources by operation; calls: what the providers were asked.
    A failed run whose `ok`, `failed` or `error` nobody reads fails the test when the stack is closed.
    """

    def __init__(self, **found: Any) -> None:
        self.verb: str = found["verb"]
        self.events: list[dict[str, Any]] = found["events"]
        self.steps = Steps(steps_of(self.events, found["verb"]))
        self.resources: Resources = found["resources"]
        self.changes: dict[str, int] = found["changes"]
        self.calls = found["calls"]
        self.seconds: float = found["seconds"]
        self._options: Options = found["options"]
        self._error: str = found["error"]
        self.outputs = Outputs(found["outputs"], f"\n{self}" if self._error else "")
        self.looked_at = not self._error

    @property
    def error(self) -> str:
        """What went wrong, "" for nothing."""
        self.looked_at = True
        return self._error

    @property
    def ok(self) -> bool:
        return not self.error

    @property
    def failed(self) -> bool:
        return bool(self.error)

    def __bool__(self) -> bool:
        return self.ok

    @property
    def ops(self) -> dict[str, str]:
        """{name: operation} of all resources but the stack and providers; the three steps of a replacement are one."""
        found: dict[str, str] = {}
        for one in self.steps:
            if not one.type.startswith(QUIET):
                name = one.name if self._is_only(one) else f"{one.type}::{one.name}"
                found[name] = REPLACING.get(one.op, one.op)
        return found

    def _is_only(self, step: Step) -> bool:
        return len({one.type for one in self.steps if one.name == step.name}) == 1

    @property
    def changed(self) -> dict[str, str]:
        """`ops` without what stays the same."""
        return {name: op for name, op in self.ops.items() if op != "same"}

    @property
    def logs(self) -> list[str]:
        """What the program, the providers and the engine said."""
        found = (one["diagnosticEvent"] for one in self.events if "diagnosticEvent" in one)
        return [f"{one['prefix']}{one['message'].rstrip()}" for one in found]

    def text(self, diff: bool = False) -> str:
        """The run as the command line prints it; diff: with each changed property."""
        from trifold.engine.lines import Lines

        out = io.StringIO()
        lines = Lines("test", self._options, diff, show_outputs=True, out=out)
        for event in self.events:
            lines(event)
        return out.getvalue()

    def __str__(self) -> str:
        end = f"failed: {self._error}" if self._error else f"ok, {self.changes or 'no changes'}"
        return f"{self.verb} {end}\n{self.steps}"

    __repr__ = __str__


# What every failed run says besides its reason.
NO_NEWS: Final = ("update failed", "preview failed", "Resource monitor has terminated, shutting down")


def reason(events: Iterable[Mapping[str, Any]]) -> str:
    """What the run's errors say."""
    found = (one["diagnosticEvent"] for one in events if "diagnosticEvent" in one)
    told = dict.fromkeys(one["message"].rstrip() for one in found if one["severity"] == "error")
    return "\n".join([one for one in told if one not in NO_NEWS] or told) or "the run failed"
