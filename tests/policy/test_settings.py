"""policy.yaml: what it sets, exceptions that count and that do not, and what is refused as a typo."""

import datetime
from pathlib import Path

import pytest

from trifold.errors import UserError
from trifold.policy.check import Report, check
from trifold.policy.resource import Preview, Resource
from trifold.policy.rules import all_rules, ids
from trifold.policy.settings import Settings, find, load

TODAY = datetime.date(2026, 6, 1)
KEY = "aws:iam/accessKey:AccessKey"
URN = f"urn:pulumi:s::p::my:own:Group${KEY}::key"
FOUND = Preview((Resource(URN, KEY, "key", {"user": "u"}),))
EXCEPTION = f"""
exceptions:
  - rule: long-lived-credentials
    resource: "*{KEY}::key"
    reason: the old importer cannot take a role
    expires: 2026-06-01
    by: Ada
"""


@pytest.fixture
def written(tmp_path: Path):
    """written(text) -> the settings in a policy.yaml of that text."""

    def write(text: str) -> Settings:
        (tmp_path / "policy.yaml").write_text(text)
        return load(tmp_path / "policy.yaml", ids())

    return write


def judge(settings: Settings, preview: Preview = FOUND) -> Report:
    return check(preview, all_rules(), settings, TODAY)


def test_without_an_exception_it_fails(written):
    assert [one.rule for one in judge(written("")).failing] == ["long-lived-credentials"]


def test_an_exception_lets_through_and_its_reason_is_told(written):
    report = judge(written(EXCEPTION))
    assert not report.failing
    assert [one.excepted for one in report.findings] == ["the old importer cannot take a role"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("    reason: the old importer cannot take a role\n", "", "it gives no reason"),
        ("reason: the old importer cannot take a role", "reason: ' '", "it gives no reason"),
        ("2026-06-01", "2026-05-31", "it expired on 2026-05-31"),
        ("    expires: 2026-06-01\n", "", "it has no day on which it expires"),
    ],
)
def test_an_exception_that_does_not_count_is_a_finding_and_lets_nothing_through(old, new, why, written):
    report = judge(written(EXCEPTION.replace(old, new)))
    assert {(one.kind, one.rule) for one in report.failing} == {
        ("violation", "long-lived-credentials"),
        ("exception", "long-lived-credentials"),
    }
    (told,) = report.of("exception")
    assert why in told.text and told.name.endswith("policy.yaml")


def test_an_exception_of_another_rule_or_resource_lets_nothing_through(written):
    for text in (EXCEPTION.replace("::key", "::other"), EXCEPTION.replace("long-lived-credentials", "required-tags")):
        assert judge(written(text)).failing


def test_an_exception_that_nothing_needs_is_told_and_does_not_fail(written):
    fine = Preview((Resource(URN, "aws:iam/role:Role", "key", {}),))
    report = judge(written(EXCEPTION.replace(f"*{KEY}", "*")), fine)
    assert [one.kind for one in report.findings] == ["exception"] and not report.failing


def test_an_exception_for_another_stack_is_no_news(written):
    fine = Preview((Resource("urn:pulumi:s::p::aws:iam/role:Role::r", "aws:iam/role:Role", "r", {}),))
    assert judge(written(EXCEPTION), fine).findings == ()


def test_severities_and_what_fails_can_be_set(written):
    assert not judge(written("fail: critical")).failing
    assert judge(written("fail: critical\nseverities: {long-lived-credentials: critical}")).failing
    assert not judge(written("fail: never")).failing


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: [", "not YAML"),
        ("[1]", "must be a map"),
        ("region: {}", "'region' is not a setting"),
        ("fail: hgih", "'hgih' is not known"),
        ("tags: project", "must be a list"),
        ("regions: {aws: us-east-1}", "must be a list"),
        ("regions: {oracle: [x]}", "'oracle' is not known"),
        ("severities: {no-such-rule: low}", "no rule 'no-such-rule'"),
        ("severities: {required-tags: loud}", "'loud' is not known"),
        ("exceptions: {rule: a}", "must be a list"),
        (EXCEPTION.replace("long-lived", "log-lived"), "no rule 'log-lived-credentials'"),
        (EXCEPTION.replace("resource:", "resources:"), "'resources' is not known"),
        (EXCEPTION.replace("2026-06-01", "soon"), "which is no date"),
        ("exceptions: [{rule: required-tags, reason: r}]", "must name a rule and a resource"),
    ],
)
def test_a_typo_is_refused_with_what_where_and_next(text, what, written, tmp_path):
    with pytest.raises(UserError) as told:
        written(text)
    assert what in told.value.what
    assert str(tmp_path) in told.value.where and told.value.next


def test_the_file_is_beside_pulumi_yaml_and_found_from_below(tmp_path):
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "Pulumi.yaml").write_text("name: p\n")
    assert find(below) is None
    (tmp_path / "policy.yaml").write_text("fail: low\n")
    assert find(below) == tmp_path / "policy.yaml"
