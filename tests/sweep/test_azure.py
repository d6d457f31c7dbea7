"""Azure against a local one that holds the names of what was deleted: one list, and an order that works."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.local.azure import rig
from tests.local.azure.test_hostile import SAFE
from trifold.doctor.azure import ARM, VERSIONS, Client
from trifold.local.hostile import Hostile, Measures
from trifold.sweep.azure import ENDPOINT, GROUP, VAULT, WORKSPACE, Cloud
from trifold.sweep.judge import HELD, Wish, going, judged
from trifold.sweep.run import found_in, remove
from trifold.sweep.thing import IDLE_DAYS, Place, asked_of

TAGS = {"project": "trifold", "stack": "gone"}
TODAY = datetime.now(UTC).date()
OTHER = f"/subscriptions/{rig.SUBSCRIPTION}/resourceGroups/other"


def place(*stacks):
    names = {"group": "group", "workspace": "space"}
    return Place("azure", rig.SUBSCRIPTION, "eastus", "trifold", stacks, lambda stack, kind: names.get(kind, ""))


class Here(Client):
    """The sweep's client of the API in this process."""

    def __init__(self, local):
        super().__init__(asked_of(place()))
        self._local = local

    def send(self, method, path, version, body=None):
        plain = path.removeprefix(ARM) if path.startswith("https:") else f"{self.subscription}{path}"
        plain, _, query = plain.partition("?")
        given = dict(part.split("=", 1) for part in query.split("&") if part)
        api = given.pop("api-version", "") or VERSIONS[version]
        more = "&".join(f"{key}={value}" for key, value in given.items())
        answer = self._local.arm(method, f"{plain}?{more}" if more else plain, body, version=api)
        return answer.status_code, json.loads(answer.text or "{}")


@pytest.fixture(scope="module")
def azurite(tmp_path_factory):
    with rig.azurite(tmp_path_factory.mktemp("azurite")) as address:
        yield address


@pytest.fixture
def local(tmp_path, azurite):
    """Hostile in nothing but that it holds names."""
    measures = Measures(**{**rig.CALM, "grants": (0.0, 0.0), "lag": (0.0, 0.0)})
    made = rig.Local(tmp_path, azurite, Hostile(1, "azure", measures, rig.Clock()))
    for name in ("Storage", "KeyVault", "Insights", "OperationalInsights", "MachineLearningServices"):
        made.arm("POST", f"/subscriptions/{rig.SUBSCRIPTION}/providers/Microsoft.{name}/register")
    yield made
    made.close()


@pytest.fixture
def made(local):
    """A workspace with an endpoint and all that it needs, of the stack "gone", and a group of somebody else's."""
    rig.with_workspace(local)
    for path in (rig.GROUP, rig.ACCOUNT, rig.ML, f"{rig.GROUP}/providers/Microsoft.KeyVault/vaults/vault",
                 f"{rig.ML}/onlineEndpoints/flights"):  # fmt: skip
        found = local.azure.store.get(path)
        found.body["tags"] = TAGS
    local.put(OTHER, {"location": "eastus", "tags": {**TAGS, "project": "other"}})
    return local


def verdicts(local, *stacks):
    here = place(*stacks)
    cloud = Cloud(here, Here(local))
    return cloud, judged(here, found_in(here, cloud), [], TODAY)


def test_what_carries_the_tags_is_found(made):
    _, found = verdicts(made)
    assert {one.thing.type for one in found} == {
        GROUP, VAULT, WORKSPACE, ENDPOINT, "azure-native:storage:StorageAccount",
    }  # fmt: skip
    assert {one.thing.stack for one in found} == {"gone"}


def test_all_of_it_goes_and_the_names_stay_held_until_they_are_purged(made):
    cloud, found = verdicts(made, "gone")
    assert remove(cloud, going(found, Wish(("gone",))), purge=False) == {}
    groups = made.arm("GET", f"/subscriptions/{rig.SUBSCRIPTION}/resourceGroups").json()["value"]
    assert [one["name"] for one in groups] == ["other"]
    cloud, found = verdicts(made, "gone")
    assert {(one.word, one.thing.name) for one in found} == {(HELD, "space"), (HELD, "vault")}
    assert going(found, Wish(("gone",))) == []


def test_purged_their_names_are_free(made):
    cloud, found = verdicts(made, "gone")
    assert remove(cloud, going(found, Wish(("gone",), purge=True)), purge=True) == {}
    assert not made.azure.rules.deleted.workspaces and not made.azure.rules.deleted.vaults


def test_a_group_with_something_of_others_in_it_stays(made):
    made.put(f"{rig.GROUP}/providers/Microsoft.KeyVault/vaults/theirs", SAFE)
    cloud, found = verdicts(made, "gone")
    failed = remove(cloud, going(found, Wish(("gone",))), purge=False)
    assert list(failed) == [rig.GROUP] and "holds what is not the stack's" in failed[rig.GROUP]
    assert made.arm("GET", f"{rig.GROUP}/providers/Microsoft.KeyVault/vaults/theirs").status_code == 200


@pytest.mark.parametrize(
    ("days", "status", "totals", "requests"),
    [(30, 200, [], 0.0), (30, 200, [2.0, None, 3.0], 5.0), (30, 403, [], None), (1, 200, [], None)],
    ids=["idle", "asked", "not known", "young"],
)
def test_an_endpoint_is_idle_when_azure_monitor_has_counted_nothing(days, status, totals, requests):
    assert days > IDLE_DAYS or requests is None
    created = (datetime.now(UTC) - timedelta(days=days)).isoformat()

    class Recorded:
        def send(self, method, path, version, body=None):
            if "/metrics?" not in path:
                return 200, {"systemData": {"createdAt": created}}
            data = [{"total": one} if one is not None else {} for one in totals]
            return status, {"value": [{"timeseries": [{"data": data}]}]}

    assert Cloud(place(), Recorded())._requests(f"{rig.ML}/onlineEndpoints/flights") == requests
