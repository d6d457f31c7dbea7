"""A hostile subscription's Azure ML: cores run out, operations exclude one another or fail late, names are kept."""

import json

from tests.local.azure import rig
from tests.local.azure.test_authorization import IDENTITY, assign

ENDPOINT = f"{rig.ML}/onlineEndpoints/flights"
BLUE = f"{ENDPOINT}/deployments/blue"
BLOB = "https://store.blob.core.windows.net"
BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"


def code(answer):
    return answer.json()["error"]["code"]


def test_a_new_subscription_has_few_cores_and_keeps_some_back(spaced):
    local = spaced()
    refused = local.arm("PUT", BLUE, rig.deployment(instanceType="Standard_F8s_v2", capacity=3))
    assert refused.status_code == 400 and code(refused) == "BadRequest"
    (said,) = json.loads(refused.json()["error"]["message"])["errors"]["VmSize"]
    assert said.startswith("Not enough quota available for Standard_F8s_v2 in SubscriptionId ")
    assert "Current usage/limit: 0/24. Additional needed: 32 " in said
    assert local.put(BLUE, rig.deployment())["properties"]["provisioningState"] == "Succeeded"


def test_a_deployment_that_failed_late_is_made_by_asking_again(spaced):
    local = spaced(late=1.0)
    done = local.followed(local.arm("PUT", BLUE, rig.deployment()))
    assert (done["status"], done["error"]["code"]) == ("Failed", "InternalServerError")
    assert local.settled(BLUE)["properties"]["provisioningState"] == "Failed"
    assert local.put(BLUE, rig.deployment())["properties"]["provisioningState"] == "Succeeded"


def test_one_operation_at_a_time_on_a_deployment(spaced):
    local = spaced()
    made = local.arm("PUT", BLUE, rig.deployment())
    refused = local.arm("DELETE", BLUE)
    assert (refused.status_code, code(refused)) == (409, "Conflict")
    local.followed(made)
    assert local.followed(local.arm("DELETE", BLUE))["status"] == "Succeeded"


def test_a_deleted_workspace_keeps_its_name_until_it_is_purged(spaced):
    local = spaced()
    held = local.arm("GET", rig.ML).json()["properties"]
    links = {name: held[name] for name in ("storageAccount", "keyVault")}
    again = {"location": "eastus", "identity": {"type": "SystemAssigned"}, "properties": links}
    local.followed(local.arm("DELETE", rig.ML))
    refused = local.arm("PUT", rig.ML, again)
    said = "Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete"
    assert refused.json()["error"] == {"code": "BadRequest", "message": said}
    assert local.arm("DELETE", f"{rig.ML}?forceToPurge=true").status_code == 200
    assert local.put(rig.ML, again)["properties"]["provisioningState"] == "Succeeded"


def test_nothing_is_made_in_a_group_that_is_going(spaced):
    local = spaced()
    local.put(BLUE, rig.deployment())
    going = local.arm("DELETE", rig.GROUP)
    refused = local.arm("PUT", IDENTITY, {"location": "eastus"})
    assert (refused.status_code, code(refused)) == (409, "ResourceGroupBeingDeleted")
    assert local.followed(going)["status"] == "Succeeded"


def blob(local, identity, method="GET", path="/things/note", **headers):
    """A call of the Blob service with the identity's token."""
    token = rig.token_of(local, identity, "https://storage.azure.com")
    given = {"authorization": f"Bearer {token}", "x-ms-version": "2023-11-03", **headers}
    return local.send(method, f"{BLOB}{path}", headers=given)


def test_a_role_on_data_reads_blobs_once_it_is_in_effect(spaced):
    local = spaced()
    local.put(f"{rig.ACCOUNT}/blobServices/default/containers/things", {"properties": {}})
    me = local.put(IDENTITY, {"location": "eastus"})
    assign(local, me, BLOB_READER, rig.ACCOUNT)
    assert "AuthorizationPermissionMismatch" in blob(local, me).text
    local.clock.now += 10
    assert "BlobNotFound" in blob(local, me).text
    assert "AuthorizationPermissionMismatch" in blob(local, me, "PUT", **{"x-ms-blob-type": "BlockBlob"}).text


def test_an_owner_has_containers_and_no_blobs(local):
    """The same on a friendly cloud: containers are the control plane's."""
    rig.with_account(local)
    create = {"method": "PUT", "path": "/things?restype=container"}
    assert blob(local, None, **create).status_code == 201
    assert "AuthorizationPermissionMismatch" in blob(local, None).text
