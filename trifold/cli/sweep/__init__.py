"""`trifold sweep`: what carries the kit's tags in the accounts and belongs to no stack; removed only when told to."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from trifold.errors import Status, UserError

if TYPE_CHECKING:
    from trifold.cli.sweep.places import Question
    from trifold.sweep.judge import Verdict, Wish
    from trifold.sweep.thing import Sweeper


def register(app: typer.Typer) -> None:
    app.command("sweep")(sweep)


def sweep(
    cloud: str = typer.Argument("", metavar="[aws|azure|gcp]", help="The cloud; all that have a stack file without."),
    stack: list[str] = typer.Option([], "--stack", "-s", help="Only what says it is this stack's; may be repeated."),
    account: str = typer.Option("", "--account", help="The account; those that the stack files pin without."),
    region: str = typer.Option("", "--region", help="The region, with --account."),
    folder: str = typer.Option(".", "--cwd", "-C", help="Run as if started in this folder."),
    as_json: bool = typer.Option(False, "--json", "-j", help="Print as JSON."),
    delete: bool = typer.Option(False, "--delete", help="Remove what belongs to no stack, after asking."),
    kept: bool = typer.Option(False, "--kept", help="With --delete: data that a destroy left on purpose, too."),
    purge: bool = typer.Option(False, "--purge", help="With --delete: free the names that Azure holds, too."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask."),
) -> None:
    """Find what an account still has of the kit's: forgotten, expired, idle, or kept on purpose. Exit status: 0 nothing
    was found, or all of it removed; 1 something was; 2 an account could not be asked."""
    from trifold.cli.sweep.places import questions
    from trifold.sweep.judge import Wish

    if (kept or purge) and not delete:
        raise UserError("--kept and --purge say what --delete removes, too", status=Status.WRONG_USE)
    wish = Wish(tuple(stack), kept, purge)
    statuses, shown = [], []
    for question in questions(cloud, stack, account, region, folder):
        try:
            status, content = _answer(question, wish, delete=delete, yes=yes, as_json=as_json)
        except UserError as error:
            print(f"error: {error}", file=sys.stderr)
            status, content = Status.WRONG_USE, None
        statuses.append(status)
        shown += [content] if content else []
    if as_json:
        from trifold.sweep import report

        print(report.text(shown))
    if any(statuses):
        raise typer.Exit(max(statuses))


def _answer(
    question: "Question", wish: "Wish", *, delete: bool, yes: bool, as_json: bool
) -> tuple[int, dict[str, object] | None]:
    """The status, and for JSON what was found."""
    from trifold.cli.doctor import progress
    from trifold.sweep import report
    from trifold.sweep.judge import going, judged
    from trifold.sweep.run import found_in, open_place

    place = question.place
    with question.entered():
        with progress("sweeping") as (started, _):
            started(f"{place.cloud} {place.account} {place.region}")
            cloud = open_place(place)
            stacks = question.stacks()
            verdicts = judged(place, found_in(place, cloud), stacks, datetime.now(UTC).date())
        if not as_json:
            _show(question, verdicts)
        gone = _remove(cloud, going(verdicts, wish), question, wish, yes=yes, quiet=as_json) if delete else []
        if delete and not as_json:
            _tell_refused(verdicts, wish)
    left = [one for one in verdicts if one not in gone]
    content = report.as_json(place, question.backend, verdicts, wish, [one.thing.id for one in gone])
    return int(report.found(left)), content if as_json else None


def _show(question: "Question", verdicts: list["Verdict"]) -> None:
    from trifold.sweep import report

    place = question.place
    print(f"{place.cloud}, {place.account}, {place.region}; against the stacks of {question.backend}")
    if sys.stdout.isatty():
        from trifold.cli.tables import console

        console().print(report.table(verdicts))
        print("\n".join(report.summary(verdicts)))
    else:
        print(report.plain(verdicts))


def _remove(
    cloud: "Sweeper", going: list["Verdict"], question: "Question", wish: "Wish", *, yes: bool, quiet: bool
) -> list["Verdict"]:
    """What was removed. UserError where it is to be asked for and nobody can answer, or where something stays."""
    from trifold.cli.engine_run import unconfirmed
    from trifold.facts.bills import total
    from trifold.sweep import report, run

    if not going:
        return []
    if not yes:
        if quiet or not sys.stdin.isatty():
            raise unconfirmed("--yes")
        print("\nto be removed:", *(f"  {report.line(one)}" for one in going), sep="\n")
        saved = total(one.cost for one in going)
        if not typer.confirm(f"Remove {len(going)} ({saved} a month) from {question.place.account}?"):
            raise UserError("confirmation declined, nothing was removed")
    failed = run.remove(cloud, going, wish.purge, _tell)
    for id, why in failed.items():
        print(f"not removed: {id}: {why}", file=sys.stderr)
    gone = [one for one in going if one.thing.id not in failed]
    if not quiet:
        print(f"removed {len(gone)} of {len(going)}.")
    return gone


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _tell_refused(verdicts: list["Verdict"], wish: "Wish") -> None:
    """Why the rest was left, each reason once."""
    from trifold.sweep.judge import LIVING, refusal

    reasons = dict.fromkeys(refusal(one, wish) for one in verdicts if one.word != LIVING)
    for reason in filter(None, reasons):
        number = sum(refusal(one, wish) == reason for one in verdicts if one.word != LIVING)
        print(f"left {number}: {reason}")
