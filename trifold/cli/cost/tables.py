"""What `trifold cost` shows. Pure: estimates in, tables and text out."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from rich.box import HEAVY_HEAD
from rich.table import Table

from infra.costs import UNKNOWN, Estimate, Line, amount, money, spoken


def table(found: Sequence[Estimate], plain: bool = False) -> Table:
    """The lines of one stack, or several stacks side by side. plain: without rules, for a pipe."""
    return side_by_side(found, plain) if len(found) > 1 else lines_table(found[0], plain)


def lines_table(found: Estimate, plain: bool = False) -> Table:
    """One line of an estimate a row."""
    made = _table(plain)
    for name in ("", "a month", "an hour", "unit price", "of"):
        made.add_column(name, justify="left" if name in ("", "of") else "right", overflow="fold")
    for line in found.lines:
        hourly = UNKNOWN if line.hourly is None else f"{line.hourly:.4f}"
        made.add_row(line.what, amount(line), hourly, *_priced(line, found.region))
    return made


def side_by_side(found: Sequence[Estimate], plain: bool = False) -> Table:
    """One column a stack, one row a part: what is before the colon of a line."""
    made = _table(plain, "US$ a month", *(one.stack for one in found))
    for part in dict.fromkeys(_part(line) for one in found for line in one.lines):
        made.add_row(part, *(_sum([line for line in one.lines if _part(line) == part]) for one in found))
    made.add_section()
    made.add_row("in all", *(spoken(one).partition(" a month")[0] for one in found))
    made.add_row("an hour", *(f"{one.hourly:.4f}" for one in found))
    made.add_row("budget", *(money(one.budget) for one in found))
    made.add_row("region", *(one.region for one in found))
    return made


def summary(found: Estimate) -> list[str]:
    """The total, what is not in it, and the budget, a line each."""
    said = [f"{found.stack}: {spoken(found)}, by the price list; budget {money(found.budget)}"]
    if round(found.monthly_most, 2) > found.budget and not found.over_budget:
        said.append("  with autoscaling at its maximum it is over budget")
    if found.unknown:
        said.append(f"  no price in {found.region}, so not in the sum: {', '.join(found.unknown)}")
    if found.over_budget:
        said.append(f"  over budget by {money(found.monthly - found.budget)}")
    return said


def as_json(found: Sequence[Estimate]) -> str:
    """Everything, with the source of each price. A list, also of one."""
    return json.dumps([_plain(one) for one in found], indent=2)


def _table(plain: bool, *headers: str) -> Table:
    box = None if plain else HEAVY_HEAD
    return Table(*headers, box=box, show_edge=False, pad_edge=False, header_style="bold")


def _plain(found: Estimate) -> dict[str, Any]:
    names = ("stack", "cloud", "region", "budget", "hourly", "monthly", "monthly_most", "certainty", "unknown")
    told = {name: getattr(found, name) for name in (*names, "over_budget")}
    return {**told, "lines": [_line(line) for line in found.lines]}


def _line(line: Line) -> dict[str, Any]:
    told = {name: getattr(line, name) for name in ("what", "service", "certainty", "hourly", "monthly")}
    price = dataclasses.asdict(line.price) if line.price else None
    return {**told, "units_a_month": line.month, "most_units_a_month": line.most, "price": price}


def _priced(line: Line, region: str) -> tuple[str, str]:
    """(unit price, what it is of, from when and how sure)."""
    if line.price is None:
        return "", f"no price in {region}"
    free = (line.price.tier or {}).get("from") or 0
    after = f" after the first {free:g}" if free else ""
    return f"{line.price.price_usd:g}", f"{line.price.unit}{after} ({line.price.as_of}, {line.price.confidence})"


def _part(line: Line) -> str:
    return line.what.partition(":")[0]


def _sum(lines: Sequence[Line]) -> str:
    """The known lines of a part together; "" where there are none."""
    known = [line for line in lines if line.monthly is not None]
    if not known:
        return UNKNOWN if lines else ""
    least = len(known) < len(lines) or any(line.certainty != "exact" for line in known)
    return f"{'at least ' if least else ''}{money(sum(line.monthly or 0 for line in known))}"
