"""The kit's own three stacks, previewed by the embedded engine, keep the kit's own policy."""

import datetime

import pytest

from tests.conformance import rig
from trifold.policy import events
from trifold.policy.check import check
from trifold.policy.rules import all_rules, ids
from trifold.policy.settings import Settings, load

TODAY = datetime.date(2026, 12, 1)
EXCEPTED = {"aws": set(), "azure": {("long-lived-credentials", "storage-account")}, "gcp": set()}


@pytest.fixture(params=rig.CLOUDS)
def cloud(request: pytest.FixtureRequest) -> str:
    return request.param


def test_the_stack_keeps_the_kits_policy(cloud, kit_events):
    settings = load(rig.ROOT / "policy.yaml", ids())
    report = check(events.preview(kit_events(cloud)), all_rules(), settings, TODAY)
    assert report.checked >= 10 and not report.absent
    assert [one for one in report.findings if one.severity in ("high", "critical") and one.kind == "violation"] == list(
        report.of("violation", excepted=True)
    )
    assert not report.failing and not report.of("exception")
    assert {(one.rule, one.name) for one in report.of("violation", excepted=True)} == EXCEPTED[cloud]


def test_it_would_not_keep_a_narrower_one(cloud, kit_events):
    narrow = Settings(
        regions=dict.fromkeys(("aws", "azure-native", "gcp"), ("mars-1",)),
        sizes={"aws": ("ml.g5.*",), "azure-native": ("Standard_NC*",), "gcp": ("a2-*",)},
        tags=("cost-centre",),
    )
    report = check(events.preview(kit_events(cloud)), all_rules(), narrow, TODAY)
    assert {"allowed-regions", "allowed-sizes", "required-tags"} <= {one.rule for one in report.of("violation")}


def test_what_only_the_cloud_will_tell_is_a_note(cloud, kit_events):
    report = check(events.preview(kit_events(cloud)), all_rules(), Settings(), TODAY)
    told = {(one.rule, one.name) for one in report.of("note")}
    assert (
        told
        >= {
            "aws": {("encryption-in-transit", "storage-bucket"), ("no-wildcard-actions", "foundation-endpoint-pull")},
            "azure": set(),
            "gcp": {("public-principal", "endpoint-may-read")},
        }[cloud]
    )
