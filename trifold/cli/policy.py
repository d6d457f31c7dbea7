"""`trifold policy`: holds a preview to the rules of the policy, whoever's preview it is."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from trifold.errors import UserError

if TYPE_CHECKING:
    from rich.table import Table

    from trifold.policy.check import Report
    from trifold.policy.resource import Preview
    from trifold.policy.rule import Rule
    from trifold.policy.settings import Settings

VIOLATED = 2


def register(app: typer.Typer) -> None:
    app.command("policy")(policy)


def policy(
    stack: str = typer.Option("", "--stack", "-s", help="Preview this stack with the embedded engine, and check it."),
    folder: str = typer.Option(".", "--cwd", "-C", help="Run as if started in this folder."),
    events: str = typer.Option("", "--events", help="Check this preview: a digest or an event log; - for the input."),
    settings: str = typer.Option("", "--settings", help="Use this file instead of the policy.yaml beside Pulumi.yaml."),
    fail: str = typer.Option("", "--fail", help="The least severity that fails: low, medium, high, critical or never."),
    as_json: bool = typer.Option(False, "--json", "-j", help="Print the report as JSON."),
    sarif: str = typer.Option("", "--sarif", help="Write the report to this file as SARIF too."),
    rules: bool = typer.Option(False, "--rules", help="List the rules, and end."),
    markdown: bool = typer.Option(False, "--markdown", help="With --rules: as the documentation has them."),
) -> None:
    """Check a preview against the rules: encryption, public access, tags, authentication, logging, placement, grants.

    Ends with 0 if nothing fails, 2 if something does, and 1 if there was nothing to check.
    """
    from trifold.policy.rules import all_rules

    if rules:
        _list(all_rules(), as_json, markdown)
        return
    found_settings = _settings(Path(folder), settings, fail)
    report = _check(_preview(stack, folder, events), found_settings)
    if sarif:
        _write_sarif(Path(sarif), report)
    _show(report, as_json)
    if report.failing:
        raise typer.Exit(VIOLATED)


def _settings(folder: Path, file: str, fail: str) -> "Settings":
    from dataclasses import replace

    from trifold.policy.rules import ids
    from trifold.policy.settings import LEVELS, find, load

    if fail and fail not in LEVELS:
        raise UserError(f"--fail: '{fail}' is no severity", next=f"it is one of {', '.join(LEVELS)}")
    found = load(Path(file) if file else find(folder.resolve()), ids())
    return replace(found, fail=fail) if fail else found


def _preview(stack: str, folder: str, events: str) -> "Preview":
    from trifold.policy.events import read

    if events and stack:
        raise UserError("--stack and --events cannot be used together", next="name one of them")
    if events == "-":
        return read(sys.stdin.read(), "the standard input")
    if events:
        try:
            return read(Path(events).read_text(), events)
        except (OSError, UnicodeDecodeError) as error:
            raise UserError("the events cannot be read", where=f"{events}: {error}") from None
    return _of_stack(stack, folder)


class _Kept:
    """Keeps all events of a run."""

    keeps_all, takes_debug = True, False

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def __call__(self, event: dict[str, Any]) -> None:
        self.events.append(event)


def _of_stack(stack: str, folder: str) -> "Preview":
    """The embedded engine's own preview; UserError with the first error if it fails."""
    from trifold.cli.engine_run import find_place, find_stack
    from trifold.engine.operation import run
    from trifold.engine.options import Options
    from trifold.policy.events import preview

    place = find_place(folder, stack)
    opened = find_stack(place, stack, make=True)
    kept = _Kept()
    outcome = run(opened, Options(verb="up", preview=True), environment=place.environment, sinks=(kept,))
    found = preview(kept.events, f"the preview of {opened.name}")
    if not outcome.ok:
        raise UserError("the preview failed, so nothing is checked", where=opened.name, next="trifold preview")
    return found


def _check(preview: "Preview", settings: "Settings") -> "Report":
    import datetime

    from trifold.policy.check import check
    from trifold.policy.rules import all_rules

    return check(preview, all_rules(), settings, datetime.datetime.now(datetime.UTC).date())


def _write_sarif(file: Path, report: "Report") -> None:
    from trifold.policy.rules import all_rules
    from trifold.policy.sarif import sarif

    try:
        file.write_text(json.dumps(sarif(report, all_rules(), "Pulumi.yaml"), indent=2) + "\n")
    except OSError as error:
        raise UserError("the report cannot be written", where=f"{file}: {error.strerror}") from None


def _show(report: "Report", as_json: bool) -> None:
    from trifold.policy import check, render
    from trifold.policy.rules import all_rules

    if as_json:
        print(json.dumps(check.as_json(report), indent=2, ensure_ascii=False))
    elif sys.stdout.isatty():
        _show_table(report)
    else:
        print("\n".join(render.lines(report, all_rules())))


def _show_table(report: "Report") -> None:
    """The findings by resource, how to mend them, and the count."""
    from rich.markup import escape

    from trifold.cli.tables import console
    from trifold.policy import render
    from trifold.policy.rules import all_rules

    screen = console()
    if report.findings:
        screen.print(findings_table(report))
    for line in render.fixes(report, all_rules()):
        screen.print(escape(line))
    screen.print(f"[bold]{escape(render.summary(report))}[/]")


def findings_table(report: "Report") -> "Table":
    """A block a resource, a row a finding."""
    from rich.markup import escape
    from rich.table import Table

    from trifold.policy import render

    table = Table("", "rule", "found", show_edge=False, pad_edge=False, header_style="bold")
    table.columns[2].overflow = "fold"
    last = None
    for one in report.findings:
        if one.urn != last:
            table.add_row("", f"[bold]{escape(one.name)}[/]", f"[dim]{escape(one.type)}[/]")
            last = one.urn
        word = render.label(one)
        table.add_row(f"[{COLOURS.get(word, 'dim')}]{word}[/]", one.rule, escape(render.sentence(one)))
    return table


COLOURS = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "exception": "magenta"}


def _list(rules: "Sequence[Rule]", as_json: bool, markdown: bool) -> None:
    if markdown:
        from trifold.policy.page import block

        print(block(rules))
    elif as_json:
        keys = ("id", "severity", "title", "reason", "fix", "pages", "also")
        print(json.dumps([{key: getattr(one, key) for key in keys} for one in rules], indent=2))
    else:
        width = max(len(one.id) for one in rules)
        for one in rules:
            print(f"{one.severity:<9} {one.id:<{width}}  {one.title}")
