"""A record as a page. Pure: a record in, Markdown out."""

from collections.abc import Iterable, Iterator, Sequence

from tests.live.record import Record, Tried, plain

TITLES = {"aws": "AWS", "azure": "Azure", "gcp": "Google Cloud"}
# Of a test that has no result on one side.
ABSENT = "not run"


def render(record: Record) -> str:
    """The page."""
    parts = [*_head(record), *_steps(record), *_money(record), *_tests(record), *_differences(record), *_left(record),
             *_made(record), *_findings(record)]  # fmt: skip
    return "\n".join(parts) + "\n"


def _head(record: Record) -> Iterator[str]:
    counts = ", ".join(f"{number} {word}" for word, number in _counted(record.tests)) or "none was run"
    yield f"# {TITLES[record.cloud]}, {record.day}"
    yield ""
    yield "Written by `make live`; do not edit."
    if not record.real:
        yield f"**Not a run on a real account: it was {record.account}.**"
    yield ""
    yield f"**{'All is well' if record.passed else 'Not all is well'}.** Tests: {counts}. {_end(record)}"
    yield ""
    yield from _table(("what", ""), [("region", record.region), *record.versions.items()])


def _end(record: Record) -> str:
    if record.left is None:
        return "Whether something is left is not known."
    return f"{len(record.left)} things are left in the account." if record.left else "Nothing is left in the account."


def _steps(record: Record) -> Iterator[str]:
    yield "## Steps"
    yield ""
    yield from _table(("step", "seconds", ""), [(one.name, f"{one.seconds:.0f}", one.why) for one in record.steps])


def _money(record: Record) -> Iterator[str]:
    money = record.money
    yield "## Cost"
    yield ""
    yield (
        f"By the price facts, not by the bill: at least US${money.dollars:.2f}, for {money.hours:.2f} hours at "
        f"US${money.hourly:.4f} an hour. Allowed were US${money.allowed:.2f}."
    )
    if money.unknown:
        yield f"Without a price in this region, so not in the sum: {', '.join(money.unknown)}."
    yield ""


def _tests(record: Record) -> Iterator[str]:
    yield "## Tests"
    yield ""
    yield from _table(
        ("test", "result", "seconds", "why"),
        [(_called(one.id), one.outcome, _seconds(one), one.why) for one in record.tests],
    )


def _differences(record: Record) -> Iterator[str]:
    yield "## Differences from the local cloud"
    yield ""
    rows = list(differences(record.tests, record.local))
    if not record.local:
        yield "The tests were not run on the local cloud."
        yield ""
    elif not rows:
        yield "None: each test that was run on both had the same result."
        yield ""
    else:
        yield from _table(("test", "here", "local cloud", "why"), rows)


def differences(tests: Iterable[Tried], local: Iterable[Tried]) -> Iterator[tuple[str, str, str, str]]:
    """(test, result here, result on the local cloud, why) of each that differs; left out on both is no difference."""
    here, there = {one.id: one for one in tests}, {one.id: one for one in local}
    for id in dict.fromkeys([*here, *there]):
        mine, other = (found.get(id, Tried(id, ABSENT)) for found in (here, there))
        if mine.outcome != other.outcome:
            yield _called(id), mine.outcome, other.outcome, mine.why or other.why


def _left(record: Record) -> Iterator[str]:
    yield "## After the destroy"
    yield ""
    if record.left is None:
        yield "The account could not be asked what is left in it: `trifold sweep` does."
    elif not record.leaked and not record.left:
        yield "A sweep by tag found nothing."
    yield from (f"- the destroy left, and the sweep then removed: {one}" for one in _removed(record))
    yield from (f"- **left**: {one}" for one in record.left or ())
    yield from (f"- a name that the cloud still holds: {one}" for one in record.held)
    yield ""


def _removed(record: Record) -> list[str]:
    return [one for one in record.leaked if one not in (record.left or ())]


def _made(record: Record) -> Iterator[str]:
    if record.resources:
        yield "## What was up"
        yield ""
        yield from _table(("type", "number"), [(f"`{type}`", str(number)) for type, number in record.resources.items()])


def _findings(record: Record) -> Iterator[str]:
    if record.findings:
        yield "## What the doctor said before"
        yield ""
        yield from _table(("", "check", "what"), [(one.severity, one.check, one.what) for one in record.findings])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(_cell(one) for one in row)} |" for row in rows)
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _counted(tests: Iterable[Tried]) -> list[tuple[str, int]]:
    words = [one.outcome for one in tests]
    return [(word, words.count(word)) for word in ("passed", "failed", "gap", "left out") if word in words]


def _called(id: str) -> str:
    """A test as a sentence: "Stack: a second up changes nothing"."""
    file, _, rest = plain(id).partition("::")
    name = file.rpartition("/")[2].removeprefix("test_").removesuffix(".py").removesuffix("_emulated")
    said = f"{name.capitalize()}: {rest.rpartition('::')[2].removeprefix('test_')}".replace("_", " ")
    return f"{said} (teardown)" if id.endswith("(teardown)") else said


def _seconds(one: Tried) -> str:
    return f"{one.seconds:.0f}" if one.outcome in ("passed", "failed") else ""
