"""Faults planted in the local Azure: each is found, with its mending command, and is not where it is not."""

import pytest

from trifold.doctor.checks import ERROR, OK, WARNING
from trifold.local.azure.cloud import TENANT

pytestmark = pytest.mark.e2e

ANOTHER = {"project": "trifold", "stack": "another"}
ACCOUNT = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}

RULES = {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
VAULT = {"properties": RULES}


@pytest.fixture
def doctor(doctor_of):
    return doctor_of("azure")


@pytest.fixture
def made(doctor):
    """made(path, body): a resource that is there already; what lies in a group goes with it."""
    groups = []

    def put(path: str, body: dict, version: str = "providers") -> None:
        status, answer = doctor.client.send("PUT", path, version, {"location": "eastus", **body})
        assert status in (200, 201, 202), answer
        groups.append(path.split("/")[2])

    yield put
    for group in set(groups):
        doctor.client.send("DELETE", f"/resourceGroups/{group}", "providers")


@pytest.mark.parametrize("check", ["identity", "permissions", "services", "placement", "quota", "names"])
def test_a_clean_stack_has_nothing_to_mend(doctor, check):
    assert doctor.is_clean(check)


def test_the_provider_works_elsewhere(doctor):
    found = doctor.one("identity", configured="01234567-89ab-cdef-0123-456789abcdef")
    assert found.severity == ERROR and "subscription 01234567-89ab" in found.what
    pinned = doctor.ask.account
    assert found.mend == f"pulumi config set -s doctored azure-native:subscriptionId {pinned}"


def test_the_wrong_subscription(doctor):
    other = "01234567-89ab-cdef-0123-456789abcdef"
    found = doctor.one("identity", account=other, configured=other)
    assert (found.severity, found.mend) == (ERROR, f"az login && az account set --subscription {other}")
    assert "could not be found" in found.what


def test_nobody_is_signed_in(doctor, monkeypatch):
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "no longer")
    found = doctor.one("identity")
    assert (found.severity, found.mend) == (ERROR, "az login")


def test_a_provider_that_is_not_registered(doctor):
    name = "Microsoft.MachineLearningServices"
    doctor.client.send("POST", f"/providers/{name}/unregister", "providers")
    try:
        found = doctor.one("services")
    finally:
        doctor.client.send("POST", f"/providers/{name}/register", "providers")
    assert found.severity == ERROR and found.mend.startswith(f"az provider register -n {name} --wait")
    assert doctor.is_clean("services")


def test_an_unknown_region(doctor):
    found = doctor.one("placement", region="eastsu")
    assert (found.severity, found.what) == (ERROR, "there is no region eastsu for it")
    assert found.mend == "pulumi config set -s doctored azure-native:location eastus"


def test_a_size_that_is_not_offered(doctor):
    found = doctor.one("placement", sizes={"Standard_F3s_v2": 1})
    assert (found.severity, found.what) == (ERROR, "Standard_F3s_v2 is not offered in eastus")
    assert found.mend.startswith("pulumi config set -s doctored trifold:size Standard_F")


def test_too_few_cores(doctor):
    """Three instances count as four: a fifth is kept in reserve, rounded up."""
    found = doctor.one("quota", sizes={"Standard_F8s_v2": 3})
    assert found.severity == ERROR and "standardFSv2Family" in found.what and "asks for 32" in found.what
    assert found.mend.startswith("az quota update --resource-name standardFSv2Family --scope /subscriptions/")
    assert doctor.is_clean("quota", sizes={"Standard_F8s_v2": 1})  # there is room for what other stacks run, too


def test_a_storage_name_that_somebody_else_has(doctor, made):
    made("/resourceGroups/elsewhere", {})
    name = doctor.ask.names["storage"]
    made(f"/resourceGroups/elsewhere/providers/Microsoft.Storage/storageAccounts/{name}", ACCOUNT, "storage")
    found = doctor.one("names")
    assert (found.severity, found.what) == (ERROR, f"the storage account name {name} is taken by another account")
    assert found.mend == "pulumi stack rename -s doctored doctored2"


def test_the_stacks_own_storage_account(doctor, made):
    tags, name = {"tags": dict(doctor.ask.tags)}, doctor.ask.names["storage"]
    group = f"/resourceGroups/{doctor.ask.names['group']}"
    made(group, tags)
    made(f"{group}/providers/Microsoft.Storage/storageAccounts/{name}", {**ACCOUNT, **tags}, "storage")
    assert doctor.is_clean("names")


def test_a_workspace_that_was_deleted_may_hold_its_name(doctor, made):
    """For a stack that does not purge it by itself."""
    group, name = f"/resourceGroups/{doctor.ask.names['group']}", "trifold-doctored"
    asked = {**doctor.ask.names, "workspace": name}
    assert "workspace" not in doctor.ask.names and doctor.is_clean("names", names=asked)
    links = {}
    for link, type, version, body in (
        ("storageAccount", "Microsoft.Storage/storageAccounts/doctoredml", "storage", ACCOUNT),
        ("keyVault", "Microsoft.KeyVault/vaults/doctored-ml", "vault", VAULT),
    ):
        made(group, {"tags": dict(doctor.ask.tags)})
        made(f"{group}/providers/{type}", body, version)
        links[link] = f"{doctor.client.subscription}{group}/providers/{type}"
    path = f"{group}/providers/Microsoft.MachineLearningServices/workspaces/{name}"
    made(path, {"identity": {"type": "SystemAssigned"}, "properties": links}, "ml")
    while doctor.client.get(path, "ml")[1]["properties"]["provisioningState"] != "Succeeded":
        pass
    assert doctor.is_clean("names", names=asked)
    doctor.client.send("DELETE", path, "ml")
    while doctor.client.get(path, "ml")[0] != 404:
        pass
    found = doctor.one("names", names=asked)
    assert found.severity == WARNING and f"the workspace {name} was deleted on" in found.what
    assert found.mend.startswith("trifold sweep azure -s doctored --delete --purge")


@pytest.mark.parametrize("tags", [ANOTHER, None])
def test_a_group_of_another_stack(doctor, made, tags):
    group = doctor.ask.names["group"]
    made(f"/resourceGroups/{group}", {"tags": tags or dict(doctor.ask.tags)})
    found = doctor.one("names")
    if tags:
        assert found.severity == ERROR and "belongs to stack trifold/another" in found.what
        assert f"az group delete -n {group}" in found.mend
    else:
        assert found.severity == OK
