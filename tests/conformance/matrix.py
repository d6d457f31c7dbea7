"""The support matrix, made of the conformance tests and the gaps marked on them.

    python -m tests.conformance.matrix            # print it
    python -m tests.conformance.matrix --write    # write docs/support-matrix.md

A row is a test; a cell says at which depth it holds on that cloud, or why it does not.
"""

import contextlib
import io
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest

from tests.conformance import gaps, rig
from tests.conformance.grants import limits
from tests.live import record, told

PAGE = rig.ROOT / "docs" / "support-matrix.md"
HEAD = """\
# What is supported where

Made from the conformance tests by `python -m tests.conformance.matrix --write`; do not edit. {real}

`recorded`: the program asks for it, seen by a recording provider. `emulated`: brought up on the local cloud and used
through the vendor's SDK. `live`: it passed on a real account too, on that day ([how](live/README.md)). A gap has one of
three words: `notyet` (we will), `notemulated` (the local cloud can't show it), `never` (the cloud can't). A grant or a
lock was tried with it and without it: `emulated` is there only where the local cloud gave the vendor's own denial;
where a cell is empty, the stack has no such grant.
"""


@dataclass
class Collector:
    """A pytest plugin that keeps what is collected."""

    items: list[pytest.Item] = field(default_factory=list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.items = list(items)


def collect() -> list[pytest.Item]:
    """The conformance tests, not run."""
    found = Collector()
    with contextlib.redirect_stdout(io.StringIO()):
        arguments = ["--collect-only", "-q", "-p", "no:cacheprovider", str(rig.ROOT / "tests" / "conformance")]
        pytest.main(arguments, plugins=[found])
    return found.items


def render(items: Iterable[pytest.Item], records: told.Records) -> str:
    """The page. records: of the runs on real accounts."""
    days = record.shown(records)
    rows: dict[tuple[str, str], dict[str, str]] = {}
    reasons: list[str] = []
    for item in items:
        if cloud := gaps.cloud_of(item):
            row = rows.setdefault((_capability(item), _sentence(item)), {})
            day = days.get((record.plain(item.nodeid), cloud))
            row[cloud] = f"live {day}" if day else _cell(item, reasons)
    parts = [HEAD.format(real=told.sentence(records, "live"))]
    for capability in dict.fromkeys(capability for capability, _ in rows):
        parts.append(_table(capability, {line: row for (one, line), row in rows.items() if one == capability}))
    parts.append(limits.table())
    if reasons:
        parts.append("\n".join(["## Why not", "", *(f"{n}. {why}" for n, why in enumerate(reasons, 1)), ""]))
    return "\n".join(parts)


def _table(capability: str, rows: Mapping[str, Mapping[str, str]]) -> str:
    lines = [f"## {capability}", "", "| | aws | azure | gcp |", "|---|---|---|---|"]
    lines += [f"| {line} | {' | '.join(row.get(cloud, '') for cloud in rig.CLOUDS)} |" for line, row in rows.items()]
    return "\n".join([*lines, ""])


def _cell(item: pytest.Item, reasons: list[str]) -> str:
    gap = gaps.gap_of(item)
    if gap is None:
        return "emulated" if item.get_closest_marker("e2e") else "recorded"
    told = f"`{gap.word}`: {gap.reason}"
    if told not in reasons:
        reasons.append(told)
    return f"{gap.word} ({reasons.index(told) + 1})"


def _capability(item: pytest.Item) -> str:
    name = item.path.stem.removeprefix("test_").removesuffix("_emulated")
    return name.replace("_", " ").capitalize()


def _sentence(item: pytest.Item) -> str:
    given = item.callspec.params if hasattr(item, "callspec") else {}
    if "grant" in given:
        return given["grant"].name
    said = getattr(item, "originalname", item.name).removeprefix("test_").replace("_", " ")
    return f"{given['part']}: {said}" if "part" in given else said


if __name__ == "__main__":
    page = render(collect(), record.kept())
    if "--write" in sys.argv:
        PAGE.write_text(page)
    else:
        print(page, end="")
