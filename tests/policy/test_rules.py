"""Each rule finds what breaks it and lets its twin through, on the events of a real preview."""

import datetime
from dataclasses import replace

import pytest

from tests.policy.cases import CASES, SETTINGS
from trifold.policy.check import check, findings
from trifold.policy.page import CLOUDS
from trifold.policy.resource import SECRET, STEP, UNKNOWN, Preview, Resource
from trifold.policy.rule import SEVERITIES, Context
from trifold.policy.rules import all_rules

TODAY = datetime.date(2026, 1, 1)
RULES = {rule.id: rule for rule in all_rules()}
NUMBERED = [pytest.param(number, id=f"{number}-{case.rule}-{case.cloud}") for number, case in enumerate(CASES)]


def told(preview: Preview, rule: str) -> dict[str, list[str]]:
    """name -> the kinds of what the rule found there."""
    report = check(preview, [RULES[rule]], SETTINGS, TODAY)
    found: dict[str, list[str]] = {}
    for one in report.findings:
        found.setdefault(one.name, []).append(one.kind)
    return found


@pytest.mark.parametrize("number", NUMBERED)
def test_what_breaks_a_rule_is_found_there_and_only_there(number, twins):
    assert told(twins(number, "bad"), CASES[number].rule) == {f"case-{number}-bad-0": ["violation"]}


@pytest.mark.parametrize("number", NUMBERED)
def test_the_twin_is_let_through(number, twins):
    assert told(twins(number, "good"), CASES[number].rule) == {}


def test_every_rule_has_its_twins_on_every_cloud_that_it_covers():
    tried = {(case.rule, case.cloud) for case in CASES if case.good}
    assert {(rule.id, cloud) for rule in all_rules() for cloud in rule.clouds} <= tried


def test_every_rule_is_described_in_full():
    for rule in all_rules():
        assert rule.severity in SEVERITIES and rule.title and rule.reason and rule.fix
        assert rule.pages and all(page.startswith("https://") for page in rule.pages)
        assert set(rule.clouds) <= set(CLOUDS) and rule.clouds


# Rules of what is there at all: what it says decides nothing, so an unknown value leaves nothing open.
OF_PRESENCE = ("bucket-encryption-stated", "storage-access-logging", "long-lived-credentials")


@pytest.mark.parametrize("mark", [UNKNOWN, SECRET], ids=repr)
@pytest.mark.parametrize("number", NUMBERED)
def test_what_cannot_be_read_is_neither_a_pass_nor_a_failure(number, mark, twins):
    rule = RULES[CASES[number].rule]
    # A bucket's name is how its settings are found; what happens without it is test_partners's.
    resources = [
        replace(one, inputs={key: value if key == "bucket" else mark for key, value in one.inputs.items()})
        for one in twins(number, "good").resources
    ]
    context = Context(Preview(tuple(resources)), SETTINGS)
    found = [one for each in resources for one in findings(each, [rule], context)]
    assert {one.kind for one in found} <= {"note"}
    read = {(one.type, STEP.findall(path)[0][0]) for one in resources for path in rule.reads.get(one.type, ())}
    hidden = {(one.type, key) for one in resources for key in one.inputs if key != "bucket"}
    assert found or not read & hidden or rule.id in OF_PRESENCE


def test_secrets_are_never_shown(twins):
    one = Resource("urn:pulumi:s::p::aws:iam/policy:Policy::n", "aws:iam/policy:Policy", "n", {"policy": SECRET})
    (found,) = findings(one, [RULES["no-wildcard-actions"]], Context(Preview((one,)), SETTINGS))
    assert (found.kind, found.text) == ("note", "cannot tell: policy is a secret and not looked into")


@pytest.mark.parametrize(
    ("type", "provider"),
    [
        ("aws:iam/role:Role", {"defaultTags": '{"tags": {"project": "p", "owner": "o"}}'}),
        ("aws:iam/role:Role", {"defaultTags": {"tags": {"project": "p", "owner": "o"}}}),
        ("gcp:storage/bucket:Bucket", {"defaultLabels": '{"project": "p", "owner": "o"}'}),
    ],
)
def test_tags_that_the_provider_puts_on_everything_count(type, provider):
    one = Resource(f"urn:pulumi:s::p::{type}::n", type, "n", {}, provider=provider)
    for given, found in ((one, {}), (replace(one, provider={}), {"n": ["violation"]})):
        assert told(Preview((given,)), "required-tags") == found


def test_the_region_of_aws_resources_may_be_the_providers_or_the_stacks():
    one = Resource(
        "urn:pulumi:s::p::aws:s3/bucket:Bucket::n", "aws:s3/bucket:Bucket", "n", {}, provider={"region": "us-east-1"}
    )
    assert told(Preview((one,)), "allowed-regions") == {"n": ["violation"]}
    assert told(Preview((replace(one, provider={"region": "eu-west-1"}),)), "allowed-regions") == {}
    nothing = replace(one, provider={})
    assert told(Preview((nothing,), config={"aws:region": "us-east-1"}), "allowed-regions") == {"n": ["violation"]}
    assert told(Preview((nothing,), config={"aws:region": "eu-west-1"}), "allowed-regions") == {}
