"""The local provider's types against the local Google Cloud: made, read back, changed, gone."""

import base64
import hashlib

import pytest

from trifold.local.gcp.provider.server import create
from trifold.local.gcp.provider.session import ApiError, Session
from trifold.protocol.declaration import InvalidInputs
from trifold.protocol.naming import Request
from trifold.protocol.shapes import promises
from trifold.protocol.values import Asset

PROVIDER = create()
BUCKET, OBJECT = "gcp:storage/bucket:Bucket", "gcp:storage/bucketObject:BucketObject"
MEMBER, ACCOUNT = "gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:serviceaccount/account:Account"
REPOSITORY, ENDPOINT = "gcp:artifactregistry/repository:Repository", "gcp:vertex/aiEndpoint:AiEndpoint"
ACCOUNT_NAME = "projects/local/serviceAccounts/an-account@local.iam.gserviceaccount.com"
BUDGET, CHANNEL = "gcp:billing/budget:Budget", "gcp:monitoring/notificationChannel:NotificationChannel"
SERVICE = "gcp:projects/service:Service"
ROLE, POOL = "gcp:projects/iAMCustomRole:IAMCustomRole", "gcp:iam/workloadIdentityPool:WorkloadIdentityPool"
CLOUDS = {
    BUCKET: (
        {
            "name": "box",
            "location": "US-CENTRAL1",
            "uniformBucketLevelAccess": True,
            "publicAccessPrevention": "enforced",
            "versioning": {"enabled": True},
            "labels": {"a": "1"},
            "lifecycleRules": [
                {"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": 7, "withState": "ARCHIVED"}}
            ],
            "softDeletePolicy": {"retentionDurationSeconds": 0},
        },
        {"labels": {"b": "2"}, "versioning": {"enabled": False}},
    ),
    ACCOUNT: ({"accountId": "an-account", "displayName": "one"}, {"displayName": "two", "disabled": True}),
    REPOSITORY: (
        {"repositoryId": "images", "format": "DOCKER", "dockerConfig": {"immutableTags": True}, "labels": {"a": "1"}},
        {"labels": {"b": "2"}, "description": "images"},
    ),
    ENDPOINT: (
        {"name": "1234567890", "displayName": "one", "location": "us-central1", "labels": {"a": "1"}},
        {"displayName": "two", "labels": {"b": "2"}},
    ),
    CHANNEL: (
        {"type": "email", "labels": {"email_address": "a@example.com"}, "userLabels": {"a": "1"}},
        {"labels": {"email_address": "b@example.com"}, "displayName": "two"},
    ),
    BUDGET: (
        {
            "billingAccount": "000000-000000-000000",
            "displayName": "one",
            "amount": {"specifiedAmount": {"currencyCode": "USD", "units": "250"}},
            "budgetFilter": {"projects": ["projects/1"], "labels": {"stack": "dev"}, "calendarPeriod": "MONTH"},
            "thresholdRules": [{"thresholdPercent": 0.5, "spendBasis": "CURRENT_SPEND"}],
        },
        {"amount": {"specifiedAmount": {"currencyCode": "USD", "units": "99", "nanos": 500000000}}},
    ),
    ROLE: (
        {"roleId": "readers", "title": "one", "permissions": ["storage.objects.get"]},
        {"title": "two", "permissions": ["storage.objects.get", "storage.objects.list"]},
    ),
    POOL: ({"workloadIdentityPoolId": "pipelines", "displayName": "one"}, {"displayName": "two", "disabled": True}),
    SERVICE: ({"service": "aiplatform.googleapis.com"}, {"disableOnDestroy": True}),
}


@pytest.fixture
def session(gcp):
    made = Session({"project": "local", "region": "us-central1"})
    made._http = gcp
    return made


def make(session, token, inputs):
    checked, failures = PROVIDER.check(session, token, Request("name", b"seed"), {}, dict(inputs))
    assert not failures
    id, outputs = PROVIDER.create(session, token, checked)
    return id, checked, outputs


@pytest.mark.parametrize("token", CLOUDS)
def test_a_type_is_made_read_back_changed_and_gone(session, token):
    inputs, change = CLOUDS[token]
    id, checked, outputs = make(session, token, inputs)
    missing = promises(PROVIDER.type(token).arguments).always - set(outputs)
    assert not missing, f"promised by the official class: {missing}"
    assert PROVIDER.read(session, token, id, checked) == (id, checked, outputs)
    assert PROVIDER.read(session, token, "", checked)[0] == id, "found by its inputs, for adopting it"
    difference, _ = PROVIDER.diff(session, token, checked, {**checked, **change})
    assert not difference.replacing, "these change in place"
    updated = PROVIDER.update(session, token, id, outputs, {**checked, **change})
    assert {name: updated[name] for name in change} == change
    PROVIDER.delete(session, token, id, updated)
    assert PROVIDER.read(session, token, id, checked) is None
    PROVIDER.delete(session, token, id, updated)


def test_labels_are_told_apart_from_the_providers_own(session):
    _, _, outputs = make(session, BUCKET, CLOUDS[BUCKET][0])
    assert outputs["labels"] == {"a": "1"}
    assert outputs["effectiveLabels"] == {"a": "1", "goog-pulumi-provisioned": "true"}


def test_what_somebody_else_changed_shows_as_drift(gcp, session):
    id, checked, _ = make(session, BUCKET, CLOUDS[BUCKET][0])
    gcp.storage("PATCH", "b/box", json={"labels": {"mine": "too"}, "versioning": {"enabled": False}})
    _, now, _ = PROVIDER.read(session, BUCKET, id, checked)
    assert now["labels"] == {"a": "1", "mine": "too"} and now["versioning"] == {"enabled": False}


def test_an_object_is_the_files_bytes(gcp, session, tmp_path):
    make(session, BUCKET, CLOUDS[BUCKET][0])
    file = tmp_path / "model.tar.gz"
    file.write_bytes(b"\x1f\x8b bytes")
    source = Asset("path", str(file), hashlib.sha256(file.read_bytes()).hexdigest())
    inputs = {"bucket": "box", "name": "a/model.tar.gz", "source": source, "contentType": "application/gzip"}
    id, _, outputs = make(session, OBJECT, inputs)
    assert outputs["contentType"] == "application/gzip" and outputs["outputName"] == "a/model.tar.gz"
    assert outputs["md5hash"] == base64.b64encode(hashlib.md5(file.read_bytes()).digest()).decode()
    assert gcp.storage("GET", "b/box/o/a%2Fmodel.tar.gz", params={"alt": "media"}).content == file.read_bytes()
    PROVIDER.delete(session, OBJECT, id, outputs)
    assert PROVIDER.read(session, OBJECT, id, inputs) is None


def test_a_bucket_with_objects_goes_only_if_it_may(session):
    _, _, outputs = make(session, BUCKET, CLOUDS[BUCKET][0])
    make(session, OBJECT, {"bucket": "box", "name": "a", "content": "text"})
    with pytest.raises(ApiError, match="409"):
        PROVIDER.delete(session, BUCKET, "box", outputs)
    PROVIDER.delete(session, BUCKET, "box", {**outputs, "forceDestroy": True})
    assert PROVIDER.read(session, BUCKET, "box", {}) is None


def test_members_come_and_go_without_touching_others(gcp, session):
    make(session, BUCKET, CLOUDS[BUCKET][0])
    role = "roles/storage.objectViewer"
    one, two = ({"bucket": "box", "role": role, "member": f"serviceAccount:{n}@local.iam.gserviceaccount.com"}
                for n in ("one", "two"))  # fmt: skip
    id, checked, outputs = make(session, MEMBER, one)
    make(session, MEMBER, two)
    assert id == f"b/box/{role}/{one['member']}" and PROVIDER.read(session, MEMBER, id, checked)[0] == id
    PROVIDER.delete(session, MEMBER, id, outputs)
    (binding,) = gcp.storage("GET", "b/box/iam").json()["bindings"]
    assert binding["members"] == [two["member"]] and PROVIDER.read(session, MEMBER, id, checked) is None


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        ("gcp:projects/iAMMember:IAMMember", {"project": "local"}),
        ("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", {"repository": "images"}),
        ("gcp:serviceaccount/iAMMember:IAMMember", {"serviceAccountId": ACCOUNT_NAME}),
    ],
)  # fmt: skip
def test_members_of_other_policies(session, token, inputs):
    make(session, REPOSITORY, CLOUDS[REPOSITORY][0])
    make(session, ACCOUNT, CLOUDS[ACCOUNT][0])
    given = {**inputs, "role": "roles/viewer", "member": "user:someone@example.com"}
    id, checked, outputs = make(session, token, given)
    assert PROVIDER.read(session, token, id, checked)[0] == id
    PROVIDER.delete(session, token, id, outputs)
    assert PROVIDER.read(session, token, id, checked) is None


def test_what_replaces_comes_from_the_facts(session):
    _, checked, _ = make(session, BUCKET, CLOUDS[BUCKET][0])
    difference, deletes_first = PROVIDER.diff(session, BUCKET, checked, {**checked, "location": "EU"})
    assert difference.keys == ("location",) and deletes_first, "an explicit name can't stand twice"
    same, _ = PROVIDER.diff(session, BUCKET, checked, {**checked, "location": "us-central1"})
    assert not same.paths, "Google spells locations in capitals"


@pytest.mark.parametrize(
    ("token", "inputs", "says"),
    [
        (BUCKET, {"name": "box"}, "location: is required and missing"),
        (BUCKET, {"location": "US", "colour": "blue"}, "colour: is not a property of BucketArgs"),
        (BUCKET, {"location": "US", "rpo": "ASYNC_TURBO"}, "rpo: is not served by the local Google Cloud provider"),
        (ENDPOINT, {"displayName": "e", "location": "x", "network": "n"}, "network: is not served"),
    ],
)
def test_inputs_that_are_wrong_are_named(session, token, inputs, says):
    _, failures = PROVIDER.check(session, token, Request("name", b"seed"), {}, inputs)
    assert any(f"{one.property}: {one.reason}".startswith(says) for one in failures)


def test_settings_that_are_not_served_are_named():
    with pytest.raises(InvalidInputs, match="credentials: is not served"):
        Session({"credentials": "{}"})


def test_who_the_provider_is(session):
    found = PROVIDER.invoke(session, "gcp:organizations/getProject:getProject", {})
    assert (found["projectId"], found["number"]) == ("local", "1")
    with pytest.raises(ApiError, match="or it may not exist"):
        PROVIDER.invoke(session, "gcp:organizations/getProject:getProject", {"projectId": "somebody-elses"})
