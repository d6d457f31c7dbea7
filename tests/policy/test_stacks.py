"""The kit's own three stacks, previewed by the embedded engine, keep the kit's own policy."""

import datetime
import json
from dataclasses import replace

import pytest

from tests.conformance import rig
from trifold.policy import events
from trifold.policy.check import check
from trifold.policy.resource import Preview
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


def test_it_keeps_it_when_all_is_known_too(cloud, kit_events):
    """Once up, every grant and policy is there to be read: nothing is left open, and still nothing fails."""
    preview = events.preview(kit_events(cloud, "up"))
    report = check(preview, all_rules(), load(rig.ROOT / "policy.yaml", ids()), TODAY)
    assert not report.failing and not report.of("note")
    assert not [one for one in preview.resources if one.hidden]
    wide = check(loosened(preview), all_rules(), Settings(), TODAY)
    assert {one.rule for one in wide.failing} >= {
        "aws": {"no-wildcard-actions", "storage-public-access"},
        "azure": {"storage-public-access", "endpoint-authentication"},
        "gcp": {"storage-public-access", "public-principal"},
    }[cloud]


def loosened(preview: Preview) -> Preview:
    """The same stack, had somebody opened it: each grant of everything, to everybody; each switch turned."""
    everything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    opened = {
        "aws:iam/rolePolicy:RolePolicy": {"policy": json.dumps(everything)},
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {"blockPublicPolicy": False},
        "azure-native:storage:StorageAccount": {"allowBlobPublicAccess": True},
        "azure-native:machinelearningservices:OnlineEndpoint": {"properties": {"authMode": "None"}},
        "gcp:storage/bucket:Bucket": {"publicAccessPrevention": "inherited"},
        "gcp:storage/bucketIAMMember:BucketIAMMember": {"member": "allUsers"},
    }
    return Preview(tuple(replace(one, inputs={**one.inputs, **opened.get(one.type, {})}) for one in preview.resources))


@pytest.mark.parametrize(
    ("gone", "rule"),
    [
        ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "storage-public-access"),
        ("aws:s3/bucketPolicy:BucketPolicy", "encryption-in-transit"),
    ],
)
def test_it_would_fail_without_what_stands_beside_the_bucket(gone, rule, kit_events):
    preview = events.preview(kit_events("aws", "up"))
    left = Preview(tuple(one for one in preview.resources if one.type != gone))
    assert len(left.resources) == len(preview.resources) - 1
    assert [one.rule for one in check(left, all_rules(), Settings(), TODAY).failing] == [rule]


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
