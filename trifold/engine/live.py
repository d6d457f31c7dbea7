"""A run in a terminal: the tree of resources, each with its operation and time, renewed as it goes on."""

import threading
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.live import Live as RichLive
from rich.text import Text
from rich.tree import Tree

from trifold.engine import urn as urns
from trifold.engine.describe import WORDS, Diffs, heading, outputs_text, summary_text
from trifold.engine.events import Event
from trifold.engine.options import Options
from trifold.engine.rows import Row, Rows, parents_first

STYLES = {"create": "green", "delete": "red", "update": "yellow", "replace": "magenta", "same": "dim", "read": "cyan"}
# Lines of the screen that are not rows: the heading, and where the cursor is.
AROUND = 2


class Live:
    """Draws the tree for each event."""

    takes_debug = False

    def __init__(
        self,
        stack: str,
        options: Options,
        flags: Mapping[str, Any],
        console: Console | None = None,
        rows: Rows | None = None,
    ) -> None:
        self.options, self.flags = options, flags
        self.console = console or Console(highlight=False)
        self.rows = rows or Rows(Diffs() if flags.get("show_diff") else None)
        self._heading = heading(options, stack)
        self._began = self.rows.clock()
        self._messages: list[Text] = []
        self._outputs: Any = None
        self._summary: dict[str, Any] | None = None
        self._lock = threading.RLock()
        self._live = RichLive(get_renderable=self.screen, console=self.console, refresh_per_second=8, transient=True)
        self._live.start()

    def __call__(self, event: Event) -> None:
        with self._lock:
            self.rows(event)
            if found := event.get("resOutputsEvent"):
                if found["metadata"]["type"] == urns.ROOT_TYPE:
                    self._outputs = (found["metadata"]["new"] or {}).get("outputs")
            elif found := event.get("diagnosticEvent"):
                self._message(found)
            elif found := event.get("summaryEvent"):
                self._summary = found

    def _message(self, found: dict[str, Any]) -> None:
        if found["severity"] == "debug" or found.get("ephemeral"):
            return
        about = f"{urns.name(found['urn'])}: " if found.get("urn") else ""
        style = {"error": "red", "warning": "yellow"}.get(found["severity"], "")
        self._messages.append(Text(f"{about}{found['prefix']}{found['message'].rstrip()}", style=style))

    def screen(self) -> Tree:
        """The tree while the run goes on: what the terminal has room for, each row in one line."""
        with self._lock:
            rows, left_out = self.rows.fitting(self.console.size.height - AROUND)
            done, running = self.rows.counts()
            seconds = self.rows.clock() - self._began
            title = Text.assemble((self._heading, "bold"), (f"  {done} done, {running} running, {seconds:.0f}s", "dim"))
            tree = self._tree(title, rows, details=False)
            if left_out:
                tree.add(Text(f"... and {left_out} more", style="dim"))
            return tree

    def picture(self) -> Tree:
        """The whole tree, as it is when the run is over."""
        with self._lock:
            return self._tree(Text(self._heading, style="bold"), self.rows.shown(), details=True)

    def _tree(self, title: Text, rows: list[Row], *, details: bool) -> Tree:
        root = Tree(title)
        nodes: dict[str, Tree] = {}
        for row in parents_first(rows):
            line = self._line(row, problem=not details)
            line.no_wrap, line.overflow = not details, "ellipsis"
            node = nodes[row.urn] = nodes.get(row.parent, root).add(line)
            for detail in row.details if details else ():
                node.add(Text(detail, style="dim"))
        return root

    def _line(self, row: Row, *, problem: bool) -> Text:
        """problem: with the reason of a failure, which after the run is told in full."""
        style = "red bold" if row.problem else STYLES.get(row.kind.partition("-")[0], "")
        mark = WORDS.get(row.kind, ("   ",))[0]
        seconds = row.took if row.took is not None else self.rows.clock() - row.began
        timed = not self.options.preview and row.op != "same" and (row.running or row.took is not None)
        why = f" {row.because}" if row.because else ""
        reason = f": {row.problem}" if problem and row.problem not in ("", "failed") else ""
        return Text.assemble(
            (mark, style),
            f"{urns.type_of(row.urn)} ",
            (urns.name(row.urn), "bold"),
            " ",
            (row.word(self.options.preview) + why, style),
            (f" {seconds:.1f}s" if timed else "", "dim"),
            (reason, "red"),
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
