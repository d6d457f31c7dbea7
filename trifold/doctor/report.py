"""The report: findings in, text out. A table in a terminal, plain lines in a pipe, JSON for programs. Pure."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from trifold.doctor.checks import ERROR, OK, SEVERITIES, UNKNOWN, WARNING, Ask, Finding

if TYPE_CHECKING:
    from rich.table import Table

STYLES = {OK: "green", WARNING: "yellow", ERROR: "red", UNKNOWN: "dim"}
WIDTH = max(map(len, SEVERITIES)) + 2
NAME = 13


def plain(findings: Sequence[Finding]) -> str:
    """A line a finding, and below it where it is and the command that mends it."""
    return "\n".join([*(_lines(one) for one in findings), "", summary(findings)])


def _lines(one: Finding) -> str:
    indent = " " * (WIDTH + NAME)
    below = [f"{indent}{name}{text}" for name, text in (("where: ", one.where), ("mend:  ", one.mend)) if text]
    return "\n".join([f"{one.severity:{WIDTH}}{one.check:{NAME}}{one.what}", *below])


def table(findings: Sequence[Finding]) -> "Table":
    """For a terminal; commands are in a column of their own, so that they can be copied."""
    from rich.table import Table
    from rich.text import Text

    made = Table("", "check", "what", "mend", show_edge=False, pad_edge=False, header_style="bold")
    for column in made.columns[2:]:
        column.overflow = "fold"
    for one in findings:
        what = Text(one.what).append(f"\n{one.where}" if one.where else "", style="dim")
        made.add_row(Text(one.severity, STYLES[one.severity]), one.check, what, Text(one.mend, "bold"))
    return made


def as_json(ask: Ask, findings: Sequence[Finding]) -> str:
    """One object; `counts` has each severity."""
    counts = Counter(one.severity for one in findings)
    place = {"stack": ask.stack, "cloud": ask.cloud, "account": ask.account, "region": ask.region}
    found = {"counts": {one: counts[one] for one in SEVERITIES}, "findings": [asdict(one) for one in findings]}
    return json.dumps({**place, **found}, indent=2)


def summary(findings: Sequence[Finding]) -> str:
    """The last line: how many of what."""
    counts = Counter(one.severity for one in findings)
    told = [f"{counts[one]} {one}" for one in SEVERITIES if counts[one]]
    return f"{', '.join(told)}. " + (
        "Mend the errors before `up`." if counts[ERROR] else "Nothing is known to be wrong."
    )


def failed(findings: Sequence[Finding]) -> bool:
    """Whether a script should stop: an error was found. What is unknown does not say so."""
    return any(one.severity == ERROR for one in findings)
