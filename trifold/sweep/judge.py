"""Which of the things found belongs to whom: pure, from what the account has and what the backend's stacks hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from trifold.facts.bills import Cost
from trifold.sweep.thing import IDLE_DAYS, Place, Stack, Thing

LIVING, IDLE, EXPIRED, FORGOTTEN, KEPT, HELD = "living", "idle", "expired", "forgotten", "kept", "name held"
# Those that somebody should look at: `sweep` ends with status 1 where there is one.
FINDINGS = (FORGOTTEN, EXPIRED, IDLE)
# In the order of the report.
VERDICTS = (FORGOTTEN, EXPIRED, IDLE, KEPT, HELD, LIVING)


@dataclass(frozen=True)
class Verdict:
    """What a thing is, and why. owned: a stack of the backend holds it, so that only its destroy may remove it;
    unknown: no stack of the backend has its stack's name."""

    thing: Thing
    word: str
    why: str
    owned: bool = False
    unknown: bool = False

    @property
    def cost(self) -> Cost:
        return self.thing.cost()


@dataclass(frozen=True)
class Wish:
    """What is to be removed. stacks: those named by the user. kept: what was kept on purpose, too. purge: names that
    are held, too."""

    stacks: tuple[str, ...] = ()
    kept: bool = False
    purge: bool = False


def judged(place: Place, things: Iterable[Thing], stacks: Iterable[Stack], today: date) -> list[Verdict]:
    """A verdict each, in the order of VERDICTS, dearest first."""
    known = {(one.project, one.name): one for one in stacks}
    holders = {key: one for one in known.values() for key in one.holds}
    found = [_judge(one, known.get((one.project, one.stack)), holders.get(one.key), today) for one in things]
    return sorted(found, key=lambda one: (VERDICTS.index(one.word), -(one.cost.dollars or 0), one.thing.key))


def _judge(thing: Thing, stack: Stack | None, holder: Stack | None, today: date) -> Verdict:
    if thing.deleted:
        return Verdict(thing, HELD, thing.note, unknown=stack is None)
    if holder is not None:
        return _of_a_stack(thing, holder, today)
    if stack is not None and stack.busy:
        return Verdict(thing, LIVING, f"something is being done with the stack '{stack.name}' right now", owned=True)
    if thing.kept:
        return Verdict(thing, KEPT, "left by a destroy on purpose (on_destroy: keep)", unknown=stack is None)
    if thing.expired(today):
        return Verdict(thing, EXPIRED, f"no stack holds it, and it was wanted until {thing.tags['expires']}")
    if stack is not None:
        return Verdict(thing, FORGOTTEN, f"the stack '{stack.name}' does not hold it")
    return Verdict(thing, FORGOTTEN, f"there is no stack '{thing.stack}'", unknown=True)


def _of_a_stack(thing: Thing, stack: Stack, today: date) -> Verdict:
    if thing.expired(today):
        why = f"the stack '{stack.name}' was wanted until {thing.tags['expires']}: pulumi destroy -s {stack.name}"
        return Verdict(thing, EXPIRED, why, owned=True)
    if thing.requests == 0:
        why = f"no request in {IDLE_DAYS} days: pulumi destroy -s {stack.name}"
        return Verdict(thing, IDLE, why, owned=True)
    return Verdict(thing, LIVING, f"of the stack '{stack.name}'", owned=True)


def refusal(verdict: Verdict, wish: Wish) -> str:
    """Why a thing is not removed, though removing was asked for; "" for one that goes."""
    if verdict.owned:
        return "belongs to a stack: only `destroy` removes it"
    if verdict.word == HELD and not wish.purge:
        return "--purge frees the name"
    if verdict.word == KEPT and not wish.kept:
        return "--kept removes what was kept on purpose"
    # Another backend may have the stack: only who names it knows that none has.
    if verdict.unknown and verdict.thing.stack not in wish.stacks:
        return f"its stack is none of this backend's, and may be another's: -s {verdict.thing.stack} removes it"
    return ""


def going(verdicts: Sequence[Verdict], wish: Wish) -> list[Verdict]:
    """What is removed."""
    return [one for one in verdicts if one.word != LIVING and not refusal(one, wish)]
