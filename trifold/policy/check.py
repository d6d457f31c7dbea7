"""Checks a preview: all rules on all resources, then the written exceptions. Pure: data in, a report out."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from trifold.policy.resource import Preview, Resource
from trifold.policy.rule import SEVERITIES, Context, Rule, Said
from trifold.policy.settings import Exemption, Settings


@dataclass(frozen=True)
class Finding:
    """One thing found. kind: "violation", "note" (cannot be told yet) or "exception" (of policy.yaml itself).

    excepted: the reason of the written exception that covers it, "" for none.
    """

    rule: str
    severity: str
    kind: str
    urn: str
    type: str
    name: str
    path: str
    text: str
    excepted: str = ""


@dataclass(frozen=True)
class Report:
    """What a check came to. fail: the least severity that fails; checked: how many resources; absent: see Preview."""

    findings: tuple[Finding, ...]
    fail: str
    checked: int
    absent: int

    @property
    def failing(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if fails(one, self.fail))

    def of(self, kind: str, *, excepted: bool = False) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.kind == kind and bool(one.excepted) == excepted)


def fails(finding: Finding, least: str) -> bool:
    """Whether a finding fails a check: no note, not excepted, and as grave as `least` ("never": nothing does)."""
    if finding.kind == "note" or finding.excepted or least == "never":
        return False
    return SEVERITIES.index(finding.severity) >= SEVERITIES.index(least)


def check(preview: Preview, rules: Iterable[Rule], settings: Settings, today: datetime.date) -> Report:
    """Hold a preview to the rules. today: the day on which exceptions are judged."""
    context = Context(preview, settings)
    found = [one for resource in preview.resources for one in findings(resource, rules, context)]
    excepted = [covered(one, settings.exceptions, today) for one in found]
    judged = [*excepted, *broken(settings, today), *_unused(found, settings, preview, today)]
    ordered = sorted(judged, key=lambda one: (one.urn, -SEVERITIES.index(one.severity), one.rule, one.path))
    return Report(tuple(ordered), settings.fail, len(preview.resources), preview.absent)


def findings(resource: Resource, rules: Iterable[Rule], context: Context) -> Iterator[Finding]:
    """What the rules find at one resource, without a look at exceptions."""
    for rule in rules:
        if rule.everywhere or resource.type in rule.reads:
            for said in dict.fromkeys(rule(resource, context)):
                yield _finding(rule, resource, said, context.settings)


def _finding(rule: Rule, resource: Resource, said: Said, settings: Settings) -> Finding:
    return Finding(
        rule=rule.id,
        severity=settings.severities.get(rule.id, rule.severity),
        kind="note" if said.unsure else "violation",
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        path=said.path,
        text=said.text,
    )


def covered(finding: Finding, exceptions: Iterable[Exemption], today: datetime.date) -> Finding:
    """The finding, with the reason of the first exception that counts and takes it. Notes are not excepted."""
    if finding.kind == "violation":
        for one in exceptions:
            if takes(one, finding) and not why_not(one, today):
                return replace(finding, excepted=one.reason)
    return finding


def takes(exemption: Exemption, finding: Finding) -> bool:
    """Whether an exception is of this rule and this resource."""
    return exemption.rule == finding.rule and fnmatchcase(finding.urn, exemption.resource)


def why_not(exemption: Exemption, today: datetime.date) -> str:
    """Why an exception does not count; "" if it does."""
    if not exemption.reason:
        return "it gives no reason"
    if exemption.expires is None:
        return "it has no day on which it expires"
    if exemption.expires < today:
        return f"it expired on {exemption.expires}"
    return ""


def broken(settings: Settings, today: datetime.date) -> Iterator[Finding]:
    """The exceptions that do not count: what they would let through fails, and so do they."""
    for one in settings.exceptions:
        if wrong := why_not(one, today):
            yield _of_exception(one, settings, "high", f"does not count: {wrong}")


def _unused(found: Iterable[Finding], settings: Settings, preview: Preview, today: datetime.date) -> Iterator[Finding]:
    """The exceptions that nothing needs; not told where resources are not shown, or not of this preview at all."""
    violations = [one for one in found if one.kind == "violation"]
    for one in () if preview.absent else settings.exceptions:
        here = any(fnmatchcase(each.urn, one.resource) for each in preview.resources)
        if here and not why_not(one, today) and not any(takes(one, finding) for finding in violations):
            yield _of_exception(one, settings, "low", "is not needed: nothing is found there by this rule")


def _of_exception(one: Exemption, settings: Settings, severity: str, text: str) -> Finding:
    who = f" (by {one.by})" if one.by else ""
    return Finding(
        rule=one.rule,
        severity=severity,
        kind="exception",
        urn="",
        type="",
        name=settings.where,
        path=f"exceptions[{one.line - 1}]",
        text=f"the exception for {one.resource}{who} {text}",
    )


def as_json(report: Report) -> dict[str, Any]:
    """The report as `--json` prints it."""
    kinds = {"violations": "violation", "notes": "note", "exceptions": "exception"}
    found = {key: [vars(one) for one in report.of(kind)] for key, kind in kinds.items()}
    return {
        "checked": report.checked,
        "absent": report.absent,
        "fail": report.fail,
        "failing": len(report.failing),
        **found,
        "excepted": [vars(one) for one in report.of("violation", excepted=True)],
    }
