"""The report: verdicts in, text out. A table in a terminal, plain lines in a pipe, JSON for programs. Pure."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from trifold.facts.bills import Cost, total
from trifold.sweep.judge import FINDINGS, HELD, KEPT, LIVING, VERDICTS, Verdict, Wish, refusal
from trifold.sweep.thing import Place

if TYPE_CHECKING:
    from rich.table import Table

STYLES = {"forgotten": "red", "expired": "red", "idle": "yellow", KEPT: "cyan", HELD: "dim", LIVING: "green"}


def plain(verdicts: Sequence[Verdict]) -> str:
    """A line a thing, but for those of living stacks, which are counted."""
    lines = []
    for one in _shown(verdicts):
        word, what, name, stack, cost, why = _row(one)
        lines.append(f"{word:11}{what:22}{name}  (stack {stack}, {cost} a month): {why}")
    return "\n".join([*lines, *([""] if lines else []), *summary(verdicts)])


def table(verdicts: Sequence[Verdict]) -> "Table":
    """For a terminal."""
    from rich.table import Table
    from rich.text import Text

    columns = ("", "what", "name", "stack", "a month", "why")
    made = Table(*columns, show_edge=False, pad_edge=False, header_style="bold")
    for column in made.columns[2:]:
        column.overflow = "fold"
    for one in _shown(verdicts):
        word, *rest = _row(one)
        made.add_row(Text(word, STYLES[word]), *(Text(part) for part in rest))
    return made


def summary(verdicts: Sequence[Verdict]) -> list[str]:
    """How many of what, what it costs, and what to do."""
    counts = Counter(one.word for one in verdicts)
    told = [f"{counts[word]} {word} ({_sum(verdicts, word)} a month)" for word in VERDICTS if counts[word]]
    unowned = any(one.word in FINDINGS and not one.owned for one in verdicts)
    next = ["what belongs to no stack is removed by the same command with --delete"] if unowned else []
    return [f"{', '.join(told)}." if told else "nothing with the kit's tags.", *next]


def as_json(place: Place, backend: str, verdicts: Sequence[Verdict], wish: Wish, removed: Iterable[str] = ()) -> Any:
    """One object a place. refused: why `--delete` would leave it, "" where it would not."""
    counts = Counter(one.word for one in verdicts)
    return {
        "cloud": place.cloud,
        "account": place.account,
        "region": place.region,
        "backend": backend,
        "counts": {word: counts[word] for word in VERDICTS},
        "monthly_usd_at_least": round(total(one.cost for one in verdicts if one.word != LIVING).dollars or 0.0, 2),
        "things": [_as_json(one, wish) for one in verdicts],
        "removed": list(removed),
    }


def _as_json(one: Verdict, wish: Wish) -> dict[str, Any]:
    thing, cost = one.thing, one.cost
    return {
        "verdict": one.word,
        "why": one.why,
        "refused": "" if one.word == LIVING else refusal(one, wish),
        "type": thing.type,
        "id": thing.id,
        "name": thing.name,
        "region": thing.region,
        "tags": dict(thing.tags),
        "requests": thing.requests,
        "monthly_usd": cost.dollars,
        "certainty": cost.certainty,
        "note": thing.note,
    }


def text(content: Sequence[Any]) -> str:
    return json.dumps(list(content), indent=2)


def found(verdicts: Iterable[Verdict]) -> bool:
    """Whether there is something that somebody should look at."""
    return any(one.word in FINDINGS for one in verdicts)


def line(one: Verdict) -> str:
    """A thing in a few words."""
    return f"{kind(one.thing.type)} {one.thing.name} (stack {one.thing.stack}, {one.cost} a month)"


def kind(type: str) -> str:
    """A type's last word: "Bucket"."""
    return type.rpartition(":")[2]


def _row(one: Verdict) -> tuple[str, ...]:
    note = f" ({one.thing.note})" if one.thing.note and one.thing.note != one.why else ""
    return one.word, kind(one.thing.type), one.thing.name, one.thing.stack, str(one.cost), f"{one.why}{note}"


def _shown(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return [one for one in verdicts if one.word != LIVING]


def _sum(verdicts: Sequence[Verdict], word: str) -> Cost:
    return total(one.cost for one in verdicts if one.word == word)
