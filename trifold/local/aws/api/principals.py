"""IAM's roles and users as those see them who decide by them: at once, or on a hostile cloud seconds later.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from trifold.local.hostile import Hostile, Lagging

T = TypeVar("T")


@dataclass(frozen=True)
class Role:
    """A role as a service sees it: who may assume it, and its policy documents (JSON)."""

    arn: str
    id: str
    trust: str
    policies: tuple[str, ...]


@dataclass(frozen=True)
class User:
    """A user: its policy documents (JSON), and the secrets of its active keys by their ids."""

    arn: str
    id: str
    policies: tuple[str, ...]
    keys: Mapping[str, str]


class Value(Protocol, Generic[T]):
    """What is now, and what is seen of it."""

    @property
    def now(self) -> T: ...

    @property
    def seen(self) -> T: ...

    def set(self, value: T) -> None: ...


@dataclass
class AtOnce(Generic[T]):
    """A value whose changes are seen at once."""

    now: T

    @property
    def seen(self) -> T:
        return self.now

    def set(self, value: T) -> None:
        self.now = value


class Principals:
    """All roles and users by ARN. hostile: None where a change is seen at once."""

    def __init__(self, hostile: Hostile | None) -> None:
        self._hostile = hostile
        self._held: dict[str, Value[Role | User | None]] = {}

    def update(self, current: Mapping[str, Role | User]) -> None:
        """What IAM holds now; what changed is seen in its time."""
        for arn in (*self._held, *(arn for arn in current if arn not in self._held)):
            if arn not in self._held:
                self._held[arn] = self._none_yet()
            if self._held[arn].now != current.get(arn):
                self._held[arn].set(current.get(arn))

    def role(self, arn: str) -> Role | None:
        found = self._held[arn].seen if arn in self._held else None
        return found if isinstance(found, Role) else None

    def users(self) -> Iterator[User]:
        for one in self._held.values():
            if isinstance(found := one.seen, User):
                yield found

    def _none_yet(self) -> Value[Role | User | None]:
        if self._hostile is None:
            return AtOnce(None)
        made: Lagging[Role | User | None] = self._hostile.lagging("grants", None, self._hostile.measures.grants)
        return made
