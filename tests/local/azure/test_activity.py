"""The activity log: what was deleted, when, and who asks how."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from azure.mgmt.monitor.models import EventData

from tests.local.azure import rig
from trifold.local.azure.cloud import OBJECT_ID

IDENTITY = f"{rig.GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/runner"
OTHER = f"{IDENTITY}-2"
LOG = f"/subscriptions/{rig.SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values"
AGES = "eventTimestamp ge '2000-01-01T00:00:00Z'"


def asked(local, filter, more=""):
    query = f"?$filter={quote(filter)}" if filter else "?"
    return local.arm("GET", f"{LOG}{query}{more}", version="2015-04-01")


def told(local, filter=AGES, verb="delete"):
    events = asked(local, filter).json()["value"]
    return [one["resourceId"] for one in events if one["operationName"]["value"].endswith(f"/{verb}")]


@pytest.fixture
def gone(manager):
    """Two identities were made; one is deleted."""
    rig.with_group(manager)
    for id in (IDENTITY, OTHER):
        manager.put(id, {"location": "eastus"})
    assert manager.arm("DELETE", IDENTITY).status_code == 200
    return manager


def test_a_delete_is_in_it_in_the_vendors_shape(gone):
    event, *_ = asked(gone, AGES).json()["value"]
    assert set(event) <= {one["key"] for one in EventData._attribute_map.values()}
    read = EventData.deserialize(event)
    assert (read.resource_id, read.caller, read.status.value) == (IDENTITY, OBJECT_ID, "Succeeded")
    assert read.operation_name.value == "Microsoft.ManagedIdentity/userAssignedIdentities/delete"
    assert datetime.now(UTC) - read.event_timestamp < timedelta(minutes=1)


@pytest.mark.parametrize("id", [f"'{IDENTITY}'", IDENTITY.upper(), f"'{OTHER}'"])
def test_it_is_asked_for_one_resource(gone, id):
    assert told(gone, f"{AGES} and resourceUri eq {id}") == ([] if OTHER in id else [IDENTITY])


def test_or_for_a_time(gone):
    later = f"eventTimestamp ge '{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}'"
    assert told(gone, later) == [] and told(gone, f"{AGES} and eventTimestamp le '2001-01-01T00:00:00Z'") == []
    assert told(gone, f"{AGES} and eventTimestamp le '9998-01-01T00:00:00Z'") == [IDENTITY]


def test_or_for_some_of_what_it_says(gone):
    for event in asked(gone, AGES, "&$select=resourceId,status").json()["value"]:
        assert set(event) == {"resourceId", "status"}


def test_writes_are_in_it_too(gone):
    assert told(gone, verb="write") == [OTHER, IDENTITY, rig.GROUP]


def test_what_was_not_there_was_not_deleted(gone):
    assert gone.arm("DELETE", IDENTITY).status_code == 204
    assert told(gone) == [IDENTITY]


@pytest.mark.parametrize(("filter", "status", "words"), [
    ("", 400, "$filter"), ("resourceUri eq 'x'", 501, "resourceUri eq 'x'"),
    (f"{AGES} and resourceProvider eq 'Microsoft.Storage'", 501, "resourceProvider"),
    ("eventTimestamp ge 'yesterday'", 400, "yesterday"),
])  # fmt: skip
def test_it_is_asked_by_the_vendors_patterns_with_a_start(gone, filter, status, words):
    refused = asked(gone, filter)
    assert refused.status_code == status and words in refused.json()["error"]["message"]


def test_a_workspace_is_in_it_once_it_is_gone_and_once_more_when_it_is_purged(spaced):
    local = spaced()
    assert rig.ML in told(local, verb="write")
    local.followed(local.arm("DELETE", rig.ML))
    assert told(local) == [rig.ML]
    for _ in range(2):
        local.arm("DELETE", f"{rig.ML}?forceToPurge=true")
    assert told(local) == [rig.ML] * 2


def test_on_a_hostile_cloud_it_is_late(hostile):
    local = rig.registered(hostile(**rig.CALM, lag=(60.0, 60.0)))
    rig.with_group(local).put(IDENTITY, {"location": "eastus"})
    local.arm("DELETE", IDENTITY)
    assert told(local) == []
    local.clock.now += 61
    assert told(local) == [IDENTITY]
