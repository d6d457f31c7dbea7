"""The resources of a run as rows of a tree: what each is at, and which fit a screen. Events in, rows out."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from trifold.engine import urn as urns
from trifold.engine.describe import FOUND, WORDS, Diffs, because, found_by_refresh
from trifold.engine.events import Event

REPLACING = frozenset({"create-replacement", "replace", "delete-replaced", "read-replacement", "import-replacement"})


@dataclass
class Row:
    """One resource. running: operations that have begun and not ended; left: so when the run was over."""

    urn: str
    parent: str
    custom: bool = False
    op: str = "same"
    began: float = 0.0
    took: float | None = None
    running: int = 0
    replaced: bool = False
    left: bool = False
    refreshed: bool = False
    because: str = ""
    problem: str = ""
    details: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The operation as a whole."""
        return "replace" if self.replaced else self.op

    def word(self, preview: bool) -> str:
        """What it is at, or what became of it."""
        _, present, past, plan = WORDS.get(self.op, ("", self.op, self.op, self.op))
        if self.problem:
            return f"{present} failed"
        if self.left:
            return f"{present}, not finished"
        if self.refreshed and not self.running and self.op in FOUND:
            return FOUND[self.op]
        if preview:
            return WORDS[self.kind][3] if self.replaced else plan
        if self.running:
            return present
        return WORDS["replace"][2] if self.replaced else past


class Rows:
    """All rows of a run, in the order of their beginnings."""

    def __init__(self, diffs: Diffs | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.diffs, self.clock = diffs, clock
        self.by_urn: dict[str, Row] = {}

    def __call__(self, event: Event) -> None:
        if found := event.get("resourcePreEvent"):
            self._begins(found["metadata"])
        elif found := event.get("resOutputsEvent"):
            self._ends(found["metadata"])
        elif found := event.get("resOpFailedEvent"):
            row = self._row(found["metadata"])
            row.running, row.took = 0, self.clock() - row.began
            row.problem = row.problem or "failed"
        elif (found := event.get("diagnosticEvent")) and found["severity"] == "error" and found.get("urn"):
            if failing := self.by_urn.get(found["urn"]):
                failing.problem = found["message"].strip().partition("\n")[0]
        elif event.get("summaryEvent"):
            self._close()

    def _row(self, step: dict[str, Any]) -> Row:
        state = step["new"] or step["old"] or {}
        return self.by_urn.setdefault(step["urn"], Row(step["urn"], state.get("parent", ""), bool(state.get("custom"))))

    def _begins(self, step: dict[str, Any]) -> None:
        row = self._row(step)
        if not row.began:
            row.began = self.clock()
        row.op, row.took, row.running = step["op"], None, row.running + 1
        row.refreshed = False
        row.replaced = row.replaced or step["op"] in REPLACING
        row.because = because(step) or row.because
        if self.diffs:
            row.details = self.diffs.of(step) or row.details

    def _ends(self, step: dict[str, Any]) -> None:
        row = self._row(step)
        row.running = max(0, row.running - 1)
        if row.op == "refresh":
            row.op, row.refreshed = found_by_refresh(step), True
            row.details = self.diffs.of_refresh(step) if self.diffs else []
        if not row.running:
            row.took = self.clock() - row.began

    def _close(self) -> None:
        """A component that never said that it is done is done when all is; another operation was cut off."""
        for row in self.by_urn.values():
            row.left, row.running = bool(row.running and row.custom), 0

    # ---- what is shown ---------------------------------------------------------------------------------------------

    def shown(self) -> list[Row]:
        """All rows but those of providers that nobody made and nothing is done to."""
        return [row for row in self.by_urn.values() if not _hidden(row)]

    def fitting(self, height: int) -> tuple[list[Row], int]:
        """(the rows that a screen of that height has room for, how many are left out): what runs and failed first."""
        rows = self.shown()
        if len(rows) <= height:
            return rows, 0
        order = {row.urn: index for index, row in enumerate(rows)}

        def weight(row: Row) -> tuple[bool, bool, int]:
            return not (row.running and row.custom), not row.problem, -order[row.urn]

        kept: set[str] = set()
        for row in sorted(rows, key=weight):
            wanted = set(self._with_parents(row)) - kept
            if len(kept) + len(wanted) < height:  # one line is for what is left out
                kept |= wanted
        chosen = [row for row in rows if row.urn in kept]
        return chosen, len(rows) - len(chosen)

    def _with_parents(self, row: Row) -> Iterable[str]:
        at: Row | None = row
        while at is not None:
            yield at.urn
            at = self.by_urn.get(at.parent)

    def counts(self) -> tuple[int, int]:
        """(how many are done, how many are running) of the resources that something is done to outside."""
        rows = [row for row in self.shown() if row.custom and row.op != "same"]
        running = sum(bool(row.running) for row in rows)
        return len(rows) - running, running


def parents_first(rows: list[Row]) -> list[Row]:
    """The rows, each after the one it is in: what is deleted goes the other way round."""
    by_urn = {row.urn: row for row in rows}
    placed: dict[str, Row] = {}

    def place(row: Row) -> None:
        if row.parent in by_urn and row.parent not in placed:
            place(by_urn[row.parent])
        placed.setdefault(row.urn, row)

    for row in rows:
        place(row)
    return list(placed.values())


def _hidden(row: Row) -> bool:
    kind = urns.type_of(row.urn)
    unchanged = urns.is_provider_type(kind) and row.op == "same"
    return (unchanged or urns.is_default_provider(row.urn)) and not row.problem
