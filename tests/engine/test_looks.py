"""What a user sees, kept as files: event logs of real runs, rendered for a pipe, for a terminal, as JSON.

TRIFOLD_GOLDEN=write makes the .txt and .json files anew; the logs were kept by `--event-log`.
"""

import io
import itertools
import json
import os
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from trifold.engine.as_json import JsonDigest, JsonLines
from trifold.engine.describe import Diffs
from trifold.engine.lines import Lines
from trifold.engine.live import Live
from trifold.engine.options import Options
from trifold.engine.rows import Rows

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
OPTIONS = {
    "create": Options("up"),
    "preview": Options("up", preview=True),
    "failing": Options("up"),
    "replace": Options("up"),
    "refresh": Options("refresh"),
    "destroy": Options("destroy"),
    "many": Options("up"),
}
FEW = [name for name in OPTIONS if name != "many"]


def events(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLDEN / f"{name}.jsonl").read_text().splitlines()]


def ticking() -> Any:
    """A clock that says a tenth of a second later each time it is asked."""
    return (tick / 10 for tick in itertools.count()).__next__


def agrees(file: str, text: str) -> None:
    if os.environ.get("TRIFOLD_GOLDEN") == "write":
        (GOLDEN / file).write_text(text)
    assert (GOLDEN / file).read_text() == text


def terminal(height: int, **more: Any) -> Console:
    return Console(
        file=io.StringIO(), force_terminal=True, width=80, height=height, highlight=False, legacy_windows=False, **more
    )


def live(name: str, console: Console, **flags: Any) -> Live:
    shown = Live("dev", OPTIONS[name], flags, console, Rows(Diffs() if flags.get("show_diff") else None, ticking()))
    shown._live.stop()  # drawn below, not by the clock
    console.file = io.StringIO()
    return shown


@pytest.mark.parametrize("name", FEW)
def test_lines_in_a_pipe(name: str) -> None:
    out = io.StringIO()
    shown = Lines("dev", OPTIONS[name], True, True, out, clock=ticking())
    for event in events(name):
        shown(event)
    shown.close()
    agrees(f"{name}-lines.txt", out.getvalue())


@pytest.mark.parametrize("name", FEW)
def test_a_tree_in_a_terminal(name: str) -> None:
    console = terminal(40, color_system=None)
    shown = live(name, console, show_diff=True)
    for event in events(name):
        shown(event)
    shown.close()
    agrees(f"{name}-tree.txt", console.file.getvalue())  # type: ignore[attr-defined]


@pytest.mark.parametrize("share", [25, 60, 95])
def test_sixty_resources_fit_a_screen_of_thirty_lines(share: int) -> None:
    console = terminal(30, color_system=None)
    shown = live("many", console)
    found = events("many")
    for event in found[: len(found) * share // 100]:
        shown(event)
    console.print(shown.screen())
    text = console.file.getvalue()  # type: ignore[attr-defined]
    lines = text.splitlines()
    assert len(lines) <= 29 and max(map(len, lines)) <= 80
    running = [row for row in shown.rows.shown() if row.running and row.custom]
    assert all(row.urn.rpartition("::")[2] in text for row in running), "what runs is on the screen"
    agrees(f"many-screen-{share}.txt", text)


def test_colours_are_the_terminals_and_none_where_nobody_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for variables, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        console = terminal(40, color_system="standard", _environ=variables)
        shown = live("preview", console)
        for event in events("preview"):
            shown(event)
        shown.close()
        assert ("\x1b[35m" in console.file.getvalue()) == coloured  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["preview", "replace"])
def test_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = JsonDigest() if OPTIONS[name].preview else JsonLines()
    for event in events(name):
        shown(event)
    shown.close()
    agrees(f"{name}.json", capsys.readouterr().out)


@pytest.mark.parametrize("name", OPTIONS)
def test_no_secret_is_in_what_is_shown(name: str) -> None:
    kept = [file for file in GOLDEN.iterdir() if file.name.startswith(name)]
    assert kept and not any("hush" in file.read_text() for file in kept)


# ---- Pulumi's own logs of the same runs -----------------------------------------------------------------------------

# What these hold is the program's.
FREE = frozenset({"inputs", "outputs", "config", "resourceChanges", "detailedDiff"})


def shape(value: Any, path: str = "") -> set[str]:
    """The paths of all fields, and the kinds of what is in them."""
    if isinstance(value, dict):
        below = (shape(item, f"{path}.{key}") for key, item in value.items() if key not in FREE)
        return {f"{path}.{key}" for key in value}.union(*below)
    if isinstance(value, list):
        return set().union(*(shape(item, f"{path}[]") for item in value))
    return {f"{path}: {type(value).__name__}"}


def shapes(name: str) -> dict[tuple[str, ...], set[str]]:
    """{(kind of event, operation, resource): its shape}."""
    found: dict[tuple[str, ...], set[str]] = {}
    for event in events(name):
        kind = next(key for key in event if key.endswith("Event"))
        about = event[kind].get("metadata") or {}
        if event[kind].get("severity") == "info#err":
            continue  # the words of a Python program that was told to stop
        key = (kind, about.get("op", ""), about.get("urn", "").rpartition("::")[2], event[kind].get("severity", ""))
        found.setdefault(key, set()).update(shape(event))
    return found


@pytest.mark.parametrize("name", FEW)
def test_the_events_are_shaped_as_pulumis(name: str) -> None:
    """`pulumi-NAME.jsonl` is what the real engine's `--event-log` kept of the same program and the same changes."""
    ours, theirs = shapes(name), shapes(f"pulumi-{name}")
    assert ours == theirs


def test_the_digest_of_a_preview_has_pulumis_steps() -> None:
    """Not the times, positions and dependencies in the states, which the events do not carry."""
    ours, theirs = (json.loads((GOLDEN / f"{kind}preview.json").read_text()) for kind in ("", "pulumi-"))
    assert [steps(one) for one in (ours, theirs)] == [steps(theirs)] * 2
    assert ours.keys() == theirs.keys() and ours["changeSummary"] == theirs["changeSummary"]


def steps(digest: dict[str, Any]) -> list[Any]:
    fields = ("op", "urn", "diffReasons", "replaceReasons", "detailedDiff")
    return sorted(json.dumps({field: one.get(field) for field in fields}, sort_keys=True) for one in digest["steps"])


@pytest.mark.parametrize("name", FEW)
def test_the_counts_are_pulumis(name: str) -> None:
    ours, theirs = (events(f"{kind}{name}") for kind in ("", "pulumi-"))
    counted = [next(one["summaryEvent"] for one in log if "summaryEvent" in one) for log in (ours, theirs)]
    assert counted[0]["resourceChanges"] == counted[1]["resourceChanges"]
