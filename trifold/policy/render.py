"""A report as plain lines, and its last line. Pure: data in, text out."""

from collections.abc import Iterable, Iterator

from trifold.policy.check import Finding, Report
from trifold.policy.rule import SEVERITIES, Rule


def label(finding: Finding) -> str:
    """What stands before a finding: how grave it is, or what else it is."""
    if finding.excepted:
        return "excepted"
    return {"note": "note", "exception": "exception"}.get(finding.kind, finding.severity)


def sentence(finding: Finding) -> str:
    """What was found, where in the resource, and why it is let through if it is."""
    place = f"{finding.path}: " if finding.path and not finding.text.startswith("cannot tell") else ""
    reason = f" (excepted: {finding.excepted})" if finding.excepted else ""
    return f"{place}{finding.text}{reason}"


def lines(report: Report, rules: Iterable[Rule]) -> Iterator[str]:
    """One line a finding, then how to mend what was found, then the count."""
    for one in report.findings:
        where = f"{one.name} ({one.type})" if one.type else one.name
        yield f"{label(one)}: {one.rule}: {where}: {sentence(one)}"
    yield from fixes(report, rules)
    yield summary(report)


def fixes(report: Report, rules: Iterable[Rule]) -> Iterator[str]:
    """For each rule that is broken: why it matters, what to set, and the vendor's page."""
    broken = {one.rule: one.type for one in report.of("violation")}
    for rule in rules:
        if rule.id in broken:
            yield f"{rule.id}: {rule.reason}"
            yield f"  fix: {rule.fix}"
            yield f"  see: {page(rule, broken[rule.id])}"


def page(rule: Rule, type: str) -> str:
    """The page of the vendor whose resource it is, as far as the addresses tell."""
    words = {"aws": "amazon", "azure-native": "microsoft", "gcp": "google", "trifold": "google"}
    word = words.get(type.partition(":")[0], "")
    return next((one for one in rule.pages if word and word in one), rule.pages[0])


def summary(report: Report) -> str:
    """How many resources, and what was found of each kind."""
    found, failing = report.of("violation"), len(report.failing)
    severities = [f"{count} {one}" for one in reversed(SEVERITIES) if (count := sum(f.severity == one for f in found))]
    counts = [
        _count(len(found), "violation") + (f" ({', '.join(severities)})" if severities else ""),
        f"{failing} failing" if failing else "none failing",
        f"{len(report.of('violation', excepted=True))} excepted",
        f"{len(report.of('note'))} that cannot be told yet",
    ]
    if wrong := len(report.of("exception")):
        counts.append(f"{_count(wrong, 'exception')} to look at")
    absent = f"; {_count(report.absent, 'unchanged resource')} not shown by the events" if report.absent else ""
    return f"{_count(report.checked, 'resource')} checked: {', '.join(counts)}{absent}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
