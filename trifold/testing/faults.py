"""Faults that a test asks for by operation and resource name, and the record of what the providers were asked."""

import threading
from dataclasses import dataclass, field
from typing import Any, Final

OPERATIONS: Final = ("check", "diff", "create", "read", "update", "delete", "invoke", "configure")
# What Amazon's services answer when called too often; Pulumi's engine does not retry, whatever a provider says.
THROTTLED: Final = "ThrottlingException: Rate exceeded"
GARBAGE: Final = ("no_id", "unknown", "untagged", "not_a_map", "bytes", "empty")


@dataclass(frozen=True, repr=False)
class Call:
    """One call to a provider. name: the resource's (for an invoke its token, for configure the provider's).

    inputs: what was asked for, plain; preview: only shown, not done.
    """

    op: str
    type: str
    name: str
    urn: str = ""
    id: str = ""
    preview: bool = False
    inputs: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"{'preview of ' if self.preview else ''}{self.op} {self.type} {self.name}"


@dataclass(eq=False)
class Fault:
    """One fault, and what came of it. times: how often it strikes, None for always; hits: how often it did.

    kind: "fail", "partial", "hang", "garbage" or "die". after: it strikes when the work is done, before the answer.
    """

    op: str
    name: str
    kind: str
    message: str = ""
    reasons: tuple[str, ...] = ()
    times: int | None = 1
    after: bool = False
    previews: bool = False
    hits: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    _released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        """Let what hangs go on."""
        self._released.set()

    def wait(self, seconds: float) -> bool:
        """Whether it was released, within this time."""
        return self._released.wait(seconds)

    def matches(self, call: Call) -> bool:
        if call.op != self.op or (call.preview and not self.previews):
            return False
        return self.name in ("*", call.name, call.type, call.urn) and (self.times is None or self.hits < self.times)


class Faults:
    """The faults that wait to strike, oldest first. Thread-safe."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        if fault.op not in OPERATIONS:
            raise ValueError(f"{fault.op!r} is no operation; they are {', '.join(OPERATIONS)}")
        with self._lock:
            self._faults.append(fault)
        return fault

    def take(self, call: Call) -> Fault | None:
        """The fault that strikes this call, counted as a hit."""
        with self._lock:
            found = next((one for one in self._faults if one.matches(call)), None)
            if found is not None:
                found.hits += 1
        if found is not None:
            found.reached.set()
        return found

    def clear(self) -> None:
        """Nothing strikes any more, and nothing hangs."""
        with self._lock:
            for one in self._faults:
                one.release()
            self._faults.clear()


class Calls(list[Call]):
    """What the providers were asked, in order."""

    def of(self, *ops: str, previews: bool = False) -> list[Call]:
        """The calls of some operations; those of previews only if asked for."""
        return [one for one in list(self) if one.op in ops and (previews or not one.preview)]

    def names(self, *ops: str) -> list[str]:
        """The names of the resources that were asked for, in order: `calls.names("create")`."""
        return [one.name for one in self.of(*ops)]


class Faulty:
    """The faults as a test names them; what `Stack` has of them. An operation is one of OPERATIONS.

    `name` is a resource's name in the program, its type or its URN; "*" is any. Each answers with the `Fault`, whose
    `hits` tells whether it struck.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def fail(self, op: str, name: str, message: str = "", *, times: int | None = 1, after: bool = False) -> Fault:
        """The provider answers with an error; nothing is done (after: it is done all the same)."""
        return self._add(op, name, "fail", message or f"{op} of {name} failed", times=times, after=after)

    def throttle(self, op: str, name: str, times: int | None = 1, message: str = THROTTLED) -> Fault:
        """The provider answers, `times` times, as a cloud does that is called too often; nothing is done."""
        return self._add(op, name, "fail", message, times=times)

    def partial(self, op: str, name: str, *reasons: str, times: int | None = 1) -> Fault:
        """An initialisation error: the work is done, but the resource is not right, for these reasons."""
        told = reasons or (f"{name} is not ready",)
        return self._add(op, name, "partial", "; ".join(told), reasons=told, times=times)

    def hang(self, op: str, name: str, *, times: int | None = 1, after: bool = False) -> Fault:
        """No answer until the engine cancels, the fault is released or the stack closed (after: but it is done)."""
        return self._add(op, name, "hang", "the operation was canceled", times=times, after=after)

    def garbage(self, op: str, name: str, how: str = "bytes", *, times: int | None = 1) -> Fault:
        """The work is done, and the answer breaks the protocol. how: one of GARBAGE."""
        if how not in GARBAGE:
            raise ValueError(f"{how!r} is none of {', '.join(GARBAGE)}")
        return self._add(op, name, "garbage", how, times=times)

    def die(self, op: str, name: str, *, after: bool = False) -> Fault:
        """The provider is gone in the middle of the call, until the next run starts it again; the cloud stays."""
        return self._add(op, name, "die", "Socket closed", times=1, after=after)

    def _add(self, op: str, name: str, kind: str, message: str, **how: Any) -> Fault:
        return self._faults.add(Fault(op, name, kind, message, **how))

    def clear_faults(self) -> None:
        """No fault strikes any more."""
        self._faults.clear()
