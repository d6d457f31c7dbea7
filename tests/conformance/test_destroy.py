"""Data and destroy: what a destroy leaves is said store by store, and is left with all that protects it."""

import json

import pytest

from tests.conformance.test_storage import STORES

LASTING = {"trifold:ephemeral": "false"}
REGISTRIES = {
    "aws": "aws:ecr/repository:Repository",
    "azure": "azure-native:containerregistry:Registry",
    "gcp": "gcp:artifactregistry/repository:Repository",
}
GROUP = "azure-native:resources:ResourceGroup"
WORKSPACE = (
    "azure-native:machinelearningservices:Workspace",
    "azure-native:keyvault:Vault",
    "azure-native:applicationinsights:Component",
    "azure-native:operationalinsights:Workspace",
)


def kept(recording):
    """The types of what a destroy leaves; nothing is protected and not retained, or the reverse."""
    assert all(one.protect == one.retain for one in recording.custom)
    return {one.type for one in recording.custom if one.retain}


def marked(recording):
    """The types of what carries the mark for `sweep`."""
    return {
        one.type
        for one in recording.custom
        if (one.inputs.get("tags") or one.inputs.get("labels") or {}).get("on_destroy")
    }


def test_keep_is_the_default(record, cloud):
    found = kept(record(LASTING))
    assert {STORES[cloud], REGISTRIES[cloud]} <= found
    assert found == kept(record({**LASTING, "trifold:onDestroy": "keep"}))


def test_an_ephemeral_stack_keeps_nothing(record):
    found = record()
    assert kept(found) == marked(found) == set()


def test_a_stack_that_lasts_may_let_all_of_it_go(record):
    found = record({**LASTING, "trifold:onDestroy": "delete"})
    assert kept(found) == marked(found) == set()


@pytest.mark.parametrize("store", ["storage", "registry"])
def test_each_store_is_asked_for_itself(record, cloud, store):
    types = {"storage": STORES[cloud], "registry": REGISTRIES[cloud]}
    gone = types.pop(store)
    found = kept(record({**LASTING, "trifold:onDestroy": json.dumps({store: "delete"})}))
    assert gone not in found and set(types.values()) <= found


def test_what_protects_a_kept_store_stays_with_it(record, cloud):
    """A bucket without its policy, encryption and access block would be kept, and open."""
    found = record({**LASTING, "trifold:onDestroy": json.dumps({"registry": "delete"})})
    assert all(one.retain for one in found.custom if one.component == "Storage")


def test_a_kept_store_is_marked_as_such(record, cloud):
    assert {STORES[cloud], REGISTRIES[cloud]} <= marked(record(LASTING)) <= kept(record(LASTING))


# AWS and Google Cloud have nothing whose end is the end of a bucket; their models are made anew from the package.
@pytest.mark.parametrize("cloud", ["azure"], indirect=True)
def test_what_a_kept_store_lies_in_is_kept(record, cloud):
    one = record({**LASTING, "trifold:onDestroy": json.dumps({"registry": "delete", "workspace": "delete"})})
    assert GROUP in kept(one) and GROUP in marked(one)
    none = record({**LASTING, "trifold:onDestroy": "delete"})
    assert GROUP not in kept(none)


@pytest.mark.parametrize("cloud", ["azure"], indirect=True)
def test_azures_workspace_is_a_store_and_keeps_what_it_needs(record, cloud):
    assert set(WORKSPACE) <= kept(record(LASTING))
    found = kept(record({**LASTING, "trifold:onDestroy": json.dumps({"workspace": "delete"})}))
    assert not found & set(WORKSPACE) and STORES["azure"] in found
