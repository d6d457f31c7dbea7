"""A report as SARIF 2.1.0, which code hosts show beside a change."""

from collections.abc import Iterable
from typing import Any, Final

from trifold.policy.check import Finding, Report
from trifold.policy.render import sentence
from trifold.policy.rule import Rule

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Final = {"low": "note", "medium": "warning", "high": "error", "critical": "error"}
# The scale by which GitHub sorts security findings.
SCORES: Final = {"low": "2.0", "medium": "5.0", "high": "8.0", "critical": "9.5"}


def sarif(report: Report, rules: Iterable[Rule], artifact: str) -> dict[str, Any]:
    """artifact: the file that results are shown at, since events name resources and no lines of a program."""
    driver = {"name": "trifold policy", "rules": [_rule(one) for one in rules]}
    results = [_result(one, artifact) for one in report.findings if one.kind != "exception"]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.reason},
        "help": {"text": f"{rule.fix}\n{rule.pages[0]}"},
        "helpUri": rule.pages[0],
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": ["security"], "security-severity": SCORES[rule.severity]},
    }


def _result(finding: Finding, artifact: str) -> dict[str, Any]:
    unsure = finding.kind == "note"
    made: dict[str, Any] = {
        "ruleId": finding.rule,
        "kind": "open" if unsure else "fail",
        "level": "none" if unsure else LEVELS[finding.severity],
        "message": {"text": f"{finding.name}: {sentence(finding)}"},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": artifact}, "region": {"startLine": 1}},
                "logicalLocations": [{"fullyQualifiedName": finding.urn, "name": finding.name, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"urn/rule/path": f"{finding.urn} {finding.rule} {finding.path}"},
    }
    if finding.excepted:
        made["suppressions"] = [{"kind": "external", "justification": finding.excepted}]
    return made
