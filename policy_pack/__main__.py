"""The rules of `trifold policy` as a Pulumi policy pack: `pulumi preview --policy-pack policy_pack`.

Nothing is decided here: each rule of trifold.policy becomes one Pulumi policy, mandatory or advisory by its severity
and the policy.yaml beside Pulumi.yaml (or the file that TRIFOLD_POLICY_SETTINGS names). Its environment is its own,
since pulumi-policy pins an older protobuf: see docs/policy.md.
"""

import datetime
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyPack,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.deserialize import serialize_properties
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

# The checkout beside this folder, unless the environment has the distribution installed.
sys.path.append(str(Path(__file__).resolve().parents[1]))

from trifold.policy import check
from trifold.policy.events import plain
from trifold.policy.resource import Preview, Resource, canonical
from trifold.policy.rule import SEVERITIES, Context, Rule
from trifold.policy.rules import all_rules, ids
from trifold.policy.settings import Settings, find, load

Report = Callable[..., None]


def settings() -> Settings:
    given = os.environ.get("TRIFOLD_POLICY_SETTINGS")
    return load(Path(given) if given else find(Path(__file__).resolve().parent), ids())


SETTINGS = settings()


def resource(one: Any) -> Resource:
    """What Pulumi hands to a policy, as the rules see it. Unknown values are marks in the raw properties."""
    provider = plain(serialize_properties(one.provider.props)) if one.provider else {}
    return Resource(
        one.urn, canonical(one.resource_type), one.name, plain(serialize_properties(one.props)), "", provider
    )


def report(rule: Rule, one: Resource, preview: Preview, report_violation: Report) -> list[check.Finding]:
    """Report what is wrong with a resource and not excepted; returns what cannot be told yet."""
    found = check.findings(one, [rule], Context(preview, SETTINGS))
    judged = [check.covered(each, SETTINGS.exceptions, today()) for each in found]
    for each in judged:
        if each.kind == "violation" and not each.excepted:
            report_violation(f"{each.path}: {each.text}\nfix: {rule.fix}", each.urn)
    return [each for each in judged if each.kind == "note"]


def leave_open(notes: Iterable[check.Finding]) -> None:
    """Say by the SDK's own means that a rule cannot be run yet, which it tells as advice and never as a failure."""
    for one in notes:
        raise UnknownValueError(UNKNOWN_STRING_VALUE, [one.name, one.path])


def of_resource(rule: Rule) -> Policy:
    """A rule that looks at one resource."""

    def validate(args: ResourceValidationArgs, report_violation: Report) -> None:
        one = resource(args)
        leave_open(report(rule, one, Preview((one,), config=configuration()), report_violation))

    return ResourceValidationPolicy(validate=validate, **described(rule))


def of_stack(rule: Rule) -> Policy:
    """A rule that looks at what stands beside a resource."""

    def validate(args: StackValidationArgs, report_violation: Report) -> None:
        own = [one for one in args.resources if not one.resource_type.startswith("pulumi:")]
        preview = Preview(tuple(resource(one) for one in own), config=configuration())
        leave_open([note for one in preview.resources for note in report(rule, one, preview, report_violation)])

    return StackValidationPolicy(validate=validate, **described(rule))


def exceptions() -> Policy:
    """The exceptions of policy.yaml that do not count."""

    def validate(_args: StackValidationArgs, report_violation: Report) -> None:
        for one in check.broken(SETTINGS, today()):
            report_violation(f"{one.name}: {one.text}")

    return StackValidationPolicy(
        name="written-exceptions",
        description="An exception has a reason and a day, and that day is to come",
        validate=validate,
        enforcement_level=level("high"),
        severity=Severity.HIGH,
    )


def described(rule: Rule) -> Mapping[str, Any]:
    severity = SETTINGS.severities.get(rule.id, rule.severity)
    return {
        "name": rule.id,
        "description": rule.title,
        "enforcement_level": level(severity),
        "severity": Severity(severity),
        "remediation_steps": rule.fix,
        "url": rule.pages[0],
    }


def level(severity: str) -> EnforcementLevel:
    fails = SETTINGS.fail != "never" and SEVERITIES.index(severity) >= SEVERITIES.index(SETTINGS.fail)
    return EnforcementLevel.MANDATORY if fails else EnforcementLevel.ADVISORY


def configuration() -> dict[str, str]:
    """The one setting that the rules ask the stack's configuration for."""
    region = pulumi.Config("aws").get("region")
    return {"aws:region": region} if region else {}


def today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


if __name__ == "__main__":
    policies = [of_stack(rule) if rule.whole else of_resource(rule) for rule in all_rules()]
    PolicyPack(name="trifold", policies=[*policies, exceptions()])
