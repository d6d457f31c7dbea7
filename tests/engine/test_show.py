"""What a user sees of a run: in a terminal, in a pipe."""

import io
from typing import Any

import pytest
from rich.console import Console

from trifold.cli.flags import without_value
from trifold.engine.describe import Diffs, outputs_text, summary_text
from trifold.engine.lines import Lines
from trifold.engine.live import Live
from trifold.engine.options import Names, Options
from trifold.protocol.values import UNKNOWN_TEXT

ROOT = "urn:pulumi:dev::proj::pulumi:pulumi:Stack::proj-dev"
THING = "urn:pulumi:dev::proj::ref:index:Thing::a"


def step(op: str, urn: str = THING, **more: Any) -> dict[str, Any]:
    kind = urn.split("::")[2]
    new = {"parent": "" if urn == ROOT else ROOT, "inputs": {"size": 2, "token": "[secret]"}, "outputs": {"x": 1}}
    old = {"parent": ROOT, "inputs": {"size": 1, "gone": UNKNOWN_TEXT}}
    return {"op": op, "urn": urn, "type": kind, "old": old, "new": new, "detailedDiff": None, **more}


EVENTS = [
    {"resourcePreEvent": {"metadata": step("same", ROOT)}},
    {"resourcePreEvent": {"metadata": step("update")}},
    {"diagnosticEvent": {"urn": THING, "prefix": "warning: ", "message": "look out\n", "severity": "warning"}},
    {"resOutputsEvent": {"metadata": step("update")}},
    {"resOutputsEvent": {"metadata": step("same", ROOT)}},
    {"summaryEvent": {"resourceChanges": {"update": 1, "same": 1}, "isPreview": False, "durationSeconds": 3}},
]


def test_plain_lines() -> None:
    out = io.StringIO()
    shown = Lines("dev", Options("up"), True, True, out)
    for event in EVENTS:
        shown(event)
    text = out.getvalue()
    assert " ~  ref:index:Thing a updating\n      - gone: [unknown]\n      ~ size: 1 -> 2\n" in text
    assert "token: [secret]" in text and "a: warning: look out" in text
    assert text.endswith("Resources:\n    ~ 1 updated\n    1 unchanged\nDuration: 3s\n")


def test_a_live_tree() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)
    shown = Live("dev", Options("up"), {}, console)
    for event in EVENTS:
        shown(event)
    shown.close()
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "ref:index:Thing a updated 0.0s" in text and "look out" in text and "x: 1" in text


def test_what_replaces_is_marked() -> None:
    found = Diffs().of(step("replace", keys=["size"]))
    assert found[1] == "~ size: 1 -> 2  (forces replacement)"


def test_a_summary_counts_what_changed() -> None:
    assert summary_text({}, False) == ["no changes"]
    assert summary_text({"create": 2, "delete": 1, "same": 3}, True) == [
        "3 changes",
        "+ 2 to create",
        "- 1 to delete",
        "3 unchanged",
    ]


def test_outputs_are_sorted_and_aligned() -> None:
    assert outputs_text({"long": [1], "a": {"b": None}}) == ["a   : {b: null}", "long: [1]"]


@pytest.mark.parametrize(
    ("argument", "plain"),
    [
        ("--refresh=true", ["--refresh"]),
        ("--refresh=false", ["--no-refresh"]),
        ("--diff=false", []),
        ("--stack=true", ["--stack=true"]),
        ("--refresh", ["--refresh"]),
    ],
)
def test_a_switch_may_have_a_value(argument: str, plain: list[str]) -> None:
    assert without_value(argument) == plain


def test_targets_may_have_stars() -> None:
    names = Names(["urn:pulumi:dev::proj::ref:*::a", "**Bucket**"])
    assert "urn:pulumi:dev::proj::ref:index:Thing::a" not in names  # one star stops at a colon
    assert "urn:pulumi:dev::proj::aws:s3/bucket:Bucket::b" in names and names.given
