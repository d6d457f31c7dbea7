"""How each resource type behaves: what happens around a PUT, a DELETE and an action. What it accepts is declared in
operations.py; the hooks of a type stand in the file of its service."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trifold.local.azure.api.arm.ids import ResourceId
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.entra import Caller

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure


@dataclass(frozen=True)
class Put:
    """A PUT (or a PATCH, merged) whose body was checked. old: what was there."""

    azure: "Azure"
    id: ResourceId
    body: dict[str, Any]
    old: Resource | None
    caller: Caller

    @property
    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body.setdefault("properties", {})
        return found


@dataclass(frozen=True)
class Act:
    """A POST on a resource, or a GET of what is no resource (`.../skus`)."""

    azure: "Azure"
    resource: Resource
    body: dict[str, Any]
    caller: Caller
    query: Mapping[str, str]


@dataclass(frozen=True)
class Made:
    """What a PUT makes. work: what remains to be done after the answer; the operation ends with it."""

    body: dict[str, Any]
    hidden: dict[str, Any] = field(default_factory=dict)
    work: Callable[[Resource], Coroutine[Any, Any, Any]] | None = None


@dataclass(frozen=True)
class Answer:
    """What an action answers. work: it goes on after a 202."""

    body: Any = None
    work: Coroutine[Any, Any, Any] | None = None


async def keep(put: Put) -> Made:
    """A plain object: the body as it came, and the hidden things it had."""
    return Made(put.body, put.old.hidden if put.old else {})


async def nothing(azure: "Azure", resource: Resource) -> None:
    """Nothing to undo."""


@dataclass(frozen=True)
class Kind:
    """type: "Microsoft.Storage/storageAccounts". put: makes the new body; created: status of a PUT that makes one.
    delete: undoes it; slow_delete: with a 202. actions: POST ones; views: GET ones; listed: filters a list by query;
    query: the parameters it takes, in lower case; shown: how it answers.
    """

    type: str
    put: Callable[[Put], Awaitable[Made]] = keep
    delete: Callable[["Azure", Resource], Awaitable[None]] = nothing
    created: int = 201
    slow_create: int = 201
    slow_delete: bool = False
    deletable: bool = True
    query: tuple[str, ...] = ()
    actions: Mapping[str, Callable[[Act], Awaitable[Answer]]] = field(default_factory=dict)
    views: Mapping[str, Callable[[Act], Awaitable[Answer]]] = field(default_factory=dict)
    listed: Callable[[list[Resource], Mapping[str, str]], list[Resource]] | None = None
    shown: Callable[["Azure", Resource], dict[str, Any]] | None = None
