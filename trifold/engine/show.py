"""Shows a run to the user: a live tree in a terminal, plain lines in a pipe, JSON where asked for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trifold.engine.events import LogFile, Sink
from trifold.engine.lines import Lines
from trifold.engine.options import Options

if TYPE_CHECKING:
    from trifold.engine.stack import Stack


@contextmanager
def display(stack: "Stack", options: Options, flags: Mapping[str, Any]) -> Iterator[tuple[Sink, ...]]:
    """The sinks for a run's events, as the flags say."""
    sinks: list[Sink] = []
    closing: list[Any] = []
    if flags.get("event_log"):
        log = LogFile(Path(flags["event_log"]))
        sinks.append(log)
        closing.append(log)
    if flags.get("as_json"):
        from trifold.engine.as_json import JsonDigest, JsonLines

        shown: Any = JsonDigest() if options.preview else JsonLines()
    elif _is_terminal(flags):
        from trifold.engine.live import Live

        shown = Live(stack.name, options, flags)
    else:
        shown = Lines(stack.name, options, bool(flags.get("show_diff")), not flags.get("suppress_outputs"))
    sinks.append(shown)
    closing.append(shown)
    try:
        yield tuple(sinks)
    finally:
        for one in closing:
            one.close()


def _is_terminal(flags: Mapping[str, Any]) -> bool:
    import sys

    return sys.stdout.isatty() and not flags.get("non_interactive") and flags.get("color") != "never"
