"""The report in its three forms."""

import json
from datetime import date

from trifold.sweep import report
from trifold.sweep.judge import Wish, judged
from trifold.sweep.thing import Place, Stack, Thing

PLACE = Place("azure", "sub", "eastus", "trifold")
TAGS = {"project": "trifold", "stack": "gone"}
DEPLOYMENT = Thing(
    "azure-native:machinelearningservices:OnlineDeployment", "/d", "blue", "eastus", TAGS, (("Standard_F2s_v2", 1),)
)
ACCOUNT = Thing("azure-native:storage:StorageAccount", "/s", "store", "eastus", {**TAGS, "on_destroy": "keep"})
REGISTRY = Thing("azure-native:containerregistry:Registry", "/r", "images", "nowhere", TAGS)
LIVE = Thing("azure-native:resources:ResourceGroup", "/g", "group", "eastus", {**TAGS, "stack": "dev"})
STACKS = [Stack("trifold", "dev", frozenset({LIVE.key}))]


def verdicts():
    return judged(PLACE, [ACCOUNT, LIVE, REGISTRY, DEPLOYMENT], STACKS, date(2030, 1, 1))


def test_a_line_each_in_a_pipe_and_living_things_are_counted():
    assert report.plain(verdicts()).splitlines() == [
        "forgotten  OnlineDeployment      blue  (stack gone, at least US$61.76 a month): there is no stack 'gone'",
        "forgotten  Registry              images  (stack gone, unknown a month): there is no stack 'gone'",
        "kept       StorageAccount        store  (stack gone, at least US$0.00 a month): "
        "left by a destroy on purpose (on_destroy: keep)",
        "",
        "2 forgotten (at least US$61.76 a month), 1 kept (at least US$0.00 a month), 1 living (US$0.00 a month).",
        "what belongs to no stack is removed by the same command with --delete",
    ]


def test_nothing_is_said_in_a_line():
    assert report.plain([]) == "nothing with the kit's tags."


def test_json_has_the_reason_for_which_something_would_be_left():
    found = json.loads(report.text([report.as_json(PLACE, "file:///b", verdicts(), Wish())]))[0]
    assert found["counts"] == {"forgotten": 2, "expired": 0, "idle": 0, "kept": 1, "name held": 0, "living": 1}
    assert found["monthly_usd_at_least"] == 61.76
    refused = {one["name"]: one["refused"] for one in found["things"]}
    assert refused["group"] == "" and "-s gone" in refused["blue"] and "--kept" in refused["store"]
    unknown = next(one for one in found["things"] if one["name"] == "images")
    assert (unknown["monthly_usd"], unknown["certainty"]) == (None, "unknown")
