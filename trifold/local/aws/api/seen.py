"""What was set, as those see it who decide by it: at once, or on a hostile cloud a while later."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from trifold.local.hostile import Hostile

T = TypeVar("T")


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


class Seen(Generic[T]):
    """Values by name. hostile: None where a change is seen at once; between: else, after so many seconds."""

    def __init__(self, hostile: Hostile | None, about: str, between: tuple[float, float]) -> None:
        self._hostile, self._about, self._between = hostile, about, between
        self._held: dict[str, Value[T | None]] = {}

    def update(self, current: Mapping[str, T]) -> None:
        """What there is now; what changed is seen in its time."""
        for name in (*self._held, *(name for name in current if name not in self._held)):
            held = self._held.setdefault(name, self._none_yet())
            if held.now != current.get(name):
                held.set(current.get(name))

    def get(self, name: str) -> T | None:
        return self._held[name].seen if name in self._held else None

    def all(self) -> Iterator[T]:
        for one in self._held.values():
            if (found := one.seen) is not None:
                yield found

    def _none_yet(self) -> Value[T | None]:
        if self._hostile is None:
            return AtOnce(None)
        made: Value[T | None] = self._hostile.lagging(self._about, None, self._between)
        return made
