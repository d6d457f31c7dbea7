"""A run in a terminal: the tree of resources, each with its operation and time, renewed as it goes on."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.live import Live as RichLive
from rich.text import Text
from rich.tree import Tree

from trifold.engine import urn as urns
from trifold.engine.describe import WORDS, Diffs, outputs_text, summary_text
from trifold.engine.events import Event
from trifold.engine.options import Options

STYLES = {"create": "green", "delete": "red", "update": "yellow", "replace": "magenta", "same": "dim", "read": "cyan"}


@dataclass
class Row:
    """One resource on the screen."""

    urn: str
    parent: str
    op: str = "same"
    began: float = 0.0
    took: float | None = None
    failed: bool = False
    details: list[str] = field(default_factory=list)


class Live:
    """Draws the tree for each event."""

    takes_debug = False

    def __init__(self, stack: str, options: Options, flags: Mapping[str, Any], console: Console | None = None) -> None:
        self.options, self.flags = options, flags
        self.console = console or Console(highlight=False)
        self._stack = stack
        self._rows: dict[str, Row] = {}
        self._diffs = Diffs() if flags.get("show_diff") else None
        self._messages: list[Text] = []
        self._outputs: Any = None
        self._summary: dict[str, Any] | None = None
        self._lock = threading.RLock()
        self._live = RichLive(get_renderable=self.picture, console=self.console, refresh_per_second=8, transient=True)
        self._live.start()

    def __call__(self, event: Event) -> None:
        with self._lock:
            if found := event.get("resourcePreEvent"):
                self._begins(found["metadata"])
            elif found := event.get("resOutputsEvent"):
                self._ends(found["metadata"])
            elif found := event.get("resOpFailedEvent"):
                self._row(found["metadata"]).failed = True
            elif found := event.get("diagnosticEvent"):
                self._message(found)
            elif found := event.get("summaryEvent"):
                self._summary = found

    def _row(self, step: dict[str, Any]) -> Row:
        state = step["new"] or step["old"] or {}
        return self._rows.setdefault(step["urn"], Row(step["urn"], state.get("parent", "")))

    def _begins(self, step: dict[str, Any]) -> None:
        row = self._row(step)
        row.op, row.began, row.took = step["op"], time.monotonic(), None
        if self._diffs:
            row.details = self._diffs.of(step) or row.details

    def _ends(self, step: dict[str, Any]) -> None:
        row = self._row(step)
        row.took = time.monotonic() - row.began
        if step["type"] == urns.ROOT_TYPE:
            self._outputs = (step["new"] or {}).get("outputs")

    def _message(self, found: dict[str, Any]) -> None:
        if found["severity"] == "debug" or found.get("ephemeral"):
            return
        about = f"{urns.name(found['urn'])}: " if found.get("urn") else ""
        style = {"error": "red", "warning": "yellow"}.get(found["severity"], "")
        self._messages.append(Text(f"{about}{found['prefix']}{found['message'].rstrip()}", style=style))

    def picture(self) -> Tree:
        """The tree as it is now."""
        with self._lock:
            verb = f"previewing {self.options.verb}" if self.options.preview else self.options.verb
            root = Tree(Text(f"{verb} {self._stack}", style="bold"), hide_root=False)
            nodes: dict[str, Tree] = {}
            for row in self._rows.values():
                if row.op == "same" and urns.is_provider_type(urns.type_of(row.urn)):
                    continue
                node = nodes.get(row.parent, root).add(self._line(row))
                nodes[row.urn] = node
                for detail in row.details:
                    node.add(Text(detail, style="dim"))
            return root

    def _line(self, row: Row) -> Text:
        mark, present, past, plan = WORDS.get(row.op, ("   ", row.op, row.op, row.op))
        style = "red bold" if row.failed else STYLES.get(row.op.partition("-")[0], "")
        if row.failed:
            what = "failed"
        elif self.options.preview:
            what = plan
        else:
            what = past if row.took is not None else present
        seconds = row.took if row.took is not None else time.monotonic() - row.began
        clock = "" if self.options.preview or row.op == "same" else f" {seconds:.1f}s"
        return Text.assemble(
            (mark, style), f"{urns.type_of(row.urn)} ", (urns.name(row.urn), "bold"), " ", (what, style), (clock, "dim")
        )

    def close(self) -> None:
        self._live.stop()
        self.console.print(self.picture())
        for message in self._messages:
            self.console.print(message)
        if self._outputs and not self.flags.get("suppress_outputs"):
            self.console.print(
                "Outputs:", *(f"\n    {line}" for line in outputs_text(self._outputs)), sep="", markup=False
            )
        if self._summary:
            lines = summary_text(self._summary["resourceChanges"], self._summary["isPreview"])
            self.console.print("Resources:", *(f"\n    {line}" for line in lines), sep="", markup=False, soft_wrap=True)
            self.console.print(f"Duration: {self._summary['durationSeconds']}s", markup=False)
