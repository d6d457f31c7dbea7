"""A run as plain lines: one when a resource's operation begins, one when it ends, a summary."""

import sys
import time
from collections.abc import Callable
from typing import IO, Any

from trifold.engine import urn as urns
from trifold.engine.describe import (
    FOUND,
    WORDS,
    Diffs,
    found_by_refresh,
    heading,
    label,
    operation,
    outputs_text,
    summary_text,
)
from trifold.engine.events import Event
from trifold.engine.options import Options


class Lines:
    """Writes lines for each event."""

    takes_debug = False

    def __init__(
        self,
        stack: str,
        options: Options,
        show_diff: bool,
        show_outputs: bool,
        out: IO[str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self.options, self.show_outputs = options, show_outputs
        self.diffs = Diffs() if show_diff else None
        self._out = out or sys.stdout
        self._begun: dict[tuple[str, str], float] = {}
        self._outputs: Any = None
        self._say(heading(options, stack))

    def _say(self, text: str) -> None:
        print(text, file=self._out, flush=True)

    def __call__(self, event: Event) -> None:
        if found := event.get("diagnosticEvent"):
            self._diagnostic(found)
        elif found := event.get("resourcePreEvent"):
            self._begins(found["metadata"])
        elif found := event.get("resOutputsEvent"):
            self._ends(found["metadata"])
        elif found := event.get("resOpFailedEvent"):
            step = found["metadata"]
            self._say(f" !  {label(step)} {operation(step, 'failed')}")
        elif found := event.get("summaryEvent"):
            self._summary(found)

    def _diagnostic(self, found: dict[str, Any]) -> None:
        if found["severity"] == "debug" or found.get("ephemeral"):
            return
        about = f"{urns.name(found['urn'])}: " if found.get("urn") else ""
        text = f"{about}{found['prefix']}{found['message'].rstrip()}"
        self._say("\n".join(f"    {line}" for line in text.split("\n")))

    def _begins(self, step: dict[str, Any]) -> None:
        self._begun[step["urn"], step["op"]] = self._clock()
        if step["op"] == "same" or (self.options.preview and step["op"] == "refresh"):
            return
        self._say(f"{operation(step, 'mark')} {label(step)} {operation(step, 'begins', self.options.preview)}")
        if self.diffs:
            for line in self.diffs.of(step):
                self._say(f"      {line}")

    def _ends(self, step: dict[str, Any]) -> None:
        if step["type"] == urns.ROOT_TYPE:
            self._outputs = (step["new"] or {}).get("outputs")
        if self._begun.pop((step["urn"], "refresh"), None) is not None:
            self._refreshed(step)
            return
        began = self._begun.pop((step["urn"], step["op"]), None)
        if began is None or step["op"] == "same" or self.options.preview:
            return
        took = f" ({self._clock() - began:.2f}s)"
        self._say(f"{operation(step, 'mark')} {label(step)} {operation(step, 'done')}{took}")

    def _refreshed(self, step: dict[str, Any]) -> None:
        op = found_by_refresh(step)
        if op != "same":
            self._say(f"{WORDS[op][0]} {label(step)} {FOUND[op]}")
            for line in self.diffs.of_refresh(step) if self.diffs else ():
                self._say(f"      {line}")

    def _summary(self, found: dict[str, Any]) -> None:
        if self.show_outputs and self._outputs:
            self._say("Outputs:")
            for line in outputs_text(self._outputs):
                self._say(f"    {line}")
        self._say("Resources:")
        for line in summary_text(found["resourceChanges"], found["isPreview"]):
            self._say(f"    {line}")
        self._say(f"Duration: {found['durationSeconds']}s")

    def close(self) -> None:
        pass
