"""What a hostile cloud does to its callers: it is drawn from a seed, so that the same seed does the same again.

`trifold local start --hostile[=SEED]` runs the local clouds under the rules that new accounts of the real ones have:
identity is enforced, grants take seconds to work, reads may lag where the vendor says they may, calls are throttled or
find the service away, others change what one changes, quotas are those of a new account, what was deleted keeps its
name, long operations fail late. Each cloud decides where; how much and when is decided here, in one place.

A draw is named by what it is about ("throttle s3.PutObject trifold-a1b2"), and is the nth of its name: two runs that
ask the same things get the same answers, whatever else happens between. No clock and no process id goes into it.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Measures:
    """How hostile. Pairs are (least, most) seconds; shares are of calls (0 to 1).

    grants: until a grant, or its end, is seen by who enforces it. lag: until a read sees a write, where it may lag.
    retry_after: what a throttled caller is told to wait. refused: calls answered with 429 or 503; in_a_row: how many
    of one call at most, one after the other: the vendors' SDKs try three times, so a caller that does comes through.
    conflicts: changes that meet somebody else's. late: long operations that fail after they were accepted, once each.
    """

    grants: tuple[float, float] = (2.0, 5.0)
    lag: tuple[float, float] = (0.3, 1.5)
    retry_after: tuple[int, int] = (1, 2)
    refused: float = 0.05
    in_a_row: int = 2
    conflicts: float = 0.05
    late: float = 0.05


@dataclass
class Hostile:
    """One cloud's hostility. clock: seconds, monotonic."""

    seed: int
    cloud: str
    measures: Measures = Measures()
    clock: Callable[[], float] = time.monotonic
    _drawn: Counter[str] = field(default_factory=Counter)
    _row: Counter[str] = field(default_factory=Counter)

    def draw(self, about: str) -> float:
        """A number in [0, 1): the next one of its name."""
        self._drawn[about] += 1
        text = f"{self.seed} {self.cloud} {about} {self._drawn[about]}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7]) / 2**56

    def seconds(self, about: str, between: tuple[float, float]) -> float:
        """A span between two."""
        least, most = between
        return least + (most - least) * self.draw(about)

    def happens(self, about: str, share: float) -> bool:
        """Whether it does this time; no more than `in_a_row` times one after the other."""
        found = self.draw(about) < share and self._row[about] < self.measures.in_a_row
        self._row[about] = self._row[about] + 1 if found else 0
        return found

    def once(self, about: str, share: float) -> bool:
        """Whether it does, of what can happen one time only."""
        return not self._drawn[about] and self.draw(about) < share

    def lagging(self, about: str, first: T, between: tuple[float, float]) -> "Lagging[T]":
        """A value whose changes are seen late. first: what it is now."""
        return Lagging(self, about, between, [(float("-inf"), first)])


@dataclass
class Lagging(Generic[T]):
    """A value that is seen as it was a while ago: `set` now, `seen` later."""

    hostile: Hostile
    about: str
    between: tuple[float, float]
    history: list[tuple[float, T]]

    def set(self, value: T) -> None:
        """The change takes effect after a drawn while, and never before an earlier one."""
        at = self.hostile.clock() + self.hostile.seconds(self.about, self.between)
        self.history.append((max(at, self.history[-1][0]), value))

    @property
    def now(self) -> T:
        """What was set last."""
        return self.history[-1][1]

    @property
    def seen(self) -> T:
        """What is in effect."""
        now = self.hostile.clock()
        while len(self.history) > 1 and self.history[1][0] <= now:
            self.history.pop(0)
        return self.history[0][1]
