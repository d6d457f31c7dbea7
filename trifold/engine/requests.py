"""What reaches the engine while a program runs: wishes for resources, and what it answers to them."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from trifold.engine.properties import Properties
from trifold.engine.state import Goal, Resource


def settle(future: Future[Any], value: Any) -> None:
    """Answer, unless whoever asked was let go of already."""
    if future.set_running_or_notify_cancel() if not future.running() and not future.done() else False:
        future.set_result(value)


@dataclass(frozen=True)
class Answer:
    """The end of a registration or a read. outcome: "success", "failed" or "skipped"; unknown: it was left out."""

    state: Resource
    outcome: str = "success"
    unknown: bool = False


class Closed(Exception):
    """The engine takes no more requests: something failed, or the run was interrupted."""


@dataclass(eq=False)
class Register:
    """The program (or the engine, for a default provider) wants a resource."""

    goal: Goal
    answer: Future[Answer] = field(default_factory=Future)

    def done(self, answer: Answer) -> None:
        settle(self.answer, answer)


@dataclass(eq=False)
class Read:
    """The program wants to know a resource that it does not manage."""

    type: str
    name: str
    id: str
    provider: str
    parent: str
    properties: Properties
    dependencies: list[str]
    additional_secret_outputs: list[str]
    source_position: str = ""
    stack_trace: list[dict[str, Any]] = field(default_factory=list)
    answer: Future[Answer] = field(default_factory=Future)

    def done(self, answer: Answer) -> None:
        settle(self.answer, answer)


@dataclass(eq=False)
class RegisterOutputs:
    """A component's outputs, or the stack's."""

    urn: str
    outputs: Properties
    answer: Future[None] = field(default_factory=Future)

    def done(self) -> None:
        settle(self.answer, None)


@dataclass(frozen=True)
class Continue:
    """Steps that began earlier came to the point where the next ones can be told."""

    next_steps: Callable[[], list[Any]]
    urn: str


@dataclass(frozen=True)
class ProgramEnded:
    """The program is through; `error` says what went wrong, "" for nothing, None if it was told to the user already."""

    error: str | None = ""
