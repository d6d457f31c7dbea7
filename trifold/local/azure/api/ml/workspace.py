"""A workspace, and its datastores: the default one lies in the storage account that the workspace is linked to."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from trifold.local.azure.api.arm.actions import Operation
from trifold.local.azure.api.arm.authorization import check_linked
from trifold.local.azure.api.arm.ids import ResourceId
from trifold.local.azure.api.arm.kinds import Act, Answer, Kind, Made, Put
from trifold.local.azure.api.arm.plain import kept, located
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.blob.service import container_resource
from trifold.local.azure.api.errors import AzureError, invalid, refused
from trifold.local.azure.cloud import LOCATION, TENANT

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
DEFAULT = "workspaceblobstore"
LINKS = {"storageAccount": True, "keyVault": True, "applicationInsights": False, "containerRegistry": False}


async def workspace(put: Put) -> Made:
    located(put)
    properties = put.properties
    if put.azure.rules and put.old is None:
        put.azure.rules.deleted.workspace(put.id)
    if "identity" not in put.body:
        raise invalid("Missing identity in request.", "ValidationError")
    for name, needed in LINKS.items():
        _linked(put, name, needed)
    id = kept(put, "workspaceId", str(uuid.uuid4()))
    principal = kept(put, "principalId", str(uuid.uuid4()))
    if "SystemAssigned" in put.body["identity"]["type"]:
        put.body["identity"] = {**put.body["identity"], "principalId": principal, "tenantId": TENANT}
    shown_identities(put)
    put.body.setdefault("kind", "Default")
    put.body["sku"] = {"name": "Basic", "tier": "Basic", **put.body.get("sku", {})}
    properties.setdefault("friendlyName", put.id.name)
    properties.setdefault("hbiWorkspace", False)
    properties.setdefault("publicNetworkAccess", "Enabled")
    properties.setdefault("systemDatastoresAuthMode", "AccessKey")
    properties.update(
        workspaceId=id,
        provisioningState="Updating" if put.old else "Creating",
        discoveryUrl=f"https://{LOCATION}.api.azureml.ms/discovery",
        mlFlowTrackingUri=f"azureml://{LOCATION}.api.azureml.ms/mlflow/v1.0{put.id.text}",
        tenantId=TENANT,
        storageHnsEnabled=False,
        v1LegacyMode=False,
        privateLinkCount=0,
        privateEndpointConnections=[],
    )
    return Made(put.body, {"workspaceId": id, "principalId": principal}, lambda made: _provision(put.azure, made))


def _linked(put: Put, name: str, needed: bool) -> None:
    link = put.properties.get(name)
    if not link:
        if needed:
            raise invalid(f"Missing dependent resources in workspace json: {name}", "ValidationError")
        return
    if put.azure.store.get(link) is None:
        raise invalid(f"The linked resource {link} ({name}) was not found.", "LinkedResourceNotFound")
    if (
        put.old
        and put.old.properties.get(name, link).lower() != link.lower()
        and name in ("storageAccount", "keyVault")
    ):
        raise invalid(f"The property {name} of a workspace can't be changed.", "ValidationError")


async def _provision(azure: "Azure", made: Resource) -> dict[str, Any]:
    """The default container and its datastore, as the service makes them."""
    account = azure.store.get(made.properties["storageAccount"])
    assert account is not None
    container = f"azureml-blobstore-{made.properties['workspaceId']}"
    id = azure.blobs.container(account, container)
    if azure.store.get(id) is None:
        await azure.blobs.azurite.send(account.hidden["slot"], "PUT", f"/{container}", {"restype": "container"})
        azure.store.put(container_resource(id, {}))
    by_identity = made.properties["systemDatastoresAuthMode"].lower() != "accesskey"
    store = made.id.child("datastores", DEFAULT)
    properties = {
        "datastoreType": "AzureBlob",
        "accountName": account.id.name,
        "containerName": container,
        "endpoint": "core.windows.net",
        "protocol": "https",
        "resourceGroup": account.id.group_name,
        "subscriptionId": account.id.scope.split("/")[2],
        "isDefault": True,
        "credentials": {"credentialsType": "None" if by_identity else "AccountKey"},
        "serviceDataAccessAuthIdentity": "WorkspaceSystemAssignedIdentity" if by_identity else "None",
        "properties": {},
        "tags": {},
    }
    azure.store.put(Resource(store, f"{WORKSPACES}/datastores", {"properties": properties}))
    made.properties["provisioningState"] = "Succeeded"
    return made.shown()


def shown_identities(put: Put) -> None:
    """User-assigned identities with the ids they have; an unknown one is refused."""
    listed = put.body.get("identity", {}).get("userAssignedIdentities")
    if not listed:
        return
    filled = {}
    for id in listed:
        found = put.azure.store.get(id)
        handed = Operation("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", id)
        check_linked(put.azure, put.caller, Operation(f"{put.id.type}/write", put.id.text), handed)
        if found is None:
            raise invalid(f"The user assigned identity '{id}' was not found.", "FailedIdentityOperation")
        filled[found.id.text] = {name: found.properties[name] for name in ("principalId", "clientId")}
    put.body["identity"] = {**put.body["identity"], "userAssignedIdentities": filled}


async def list_keys(act: Act) -> Answer:
    account = act.azure.store.get(act.resource.properties["storageAccount"])
    assert account is not None
    return Answer({"userStorageKey": account.hidden["key1"], "userStorageResourceId": account.id.text})


async def datastore(put: Put) -> Made:
    properties = put.properties
    if properties["datastoreType"].lower() != "azureblob":
        raise refused(f"datastores of type {properties['datastoreType']}")
    credentials = properties["credentials"]
    secrets = credentials.pop("secrets", None) or {}
    if credentials["credentialsType"] not in ("AccountKey", "Sas", "None"):
        raise refused(f"datastore credentials of type {credentials['credentialsType']}")
    properties["isDefault"] = bool(put.old and put.old.properties.get("isDefault"))
    return Made(put.body, {"secrets": secrets})


async def list_secrets(act: Act) -> Answer:
    """An account key, or a signature that lasts an hour, for a datastore with keys."""
    properties = act.resource.properties
    kind = properties["credentials"]["credentialsType"]
    if kind == "None":
        raise invalid("No secrets for credentials of type None.", "UserError")
    secrets = act.resource.hidden.get("secrets") or {}
    if kind == "Sas":
        return Answer({"secretsType": "Sas", "sasToken": secrets.get("sasToken", "")})
    account = act.azure.blobs.account(properties["accountName"])
    key = secrets.get("key") or account.hidden["key1"]
    if act.body.get("expirableSecret"):
        return Answer({"secretsType": "Sas", "sasToken": _signature(account.id.name, properties["containerName"], key)})
    return Answer({"secretsType": "AccountKey", "key": key})


def _signature(account: str, container: str, key: str) -> str:
    from azure.storage.blob import ContainerSasPermissions, generate_container_sas

    allowed = ContainerSasPermissions(read=True, write=True, create=True, list=True, delete=True, add=True)
    expiry = datetime.now(UTC) + timedelta(hours=1)
    return generate_container_sas(account, container, account_key=key, permission=allowed, expiry=expiry)


def only_default(found: list[Resource], query: Any) -> list[Resource]:
    wanted = query.get("isdefault", "").lower() == "true"
    return [one for one in found if not wanted or one.properties.get("isDefault")]


def datastore_of(azure: "Azure", workspace: ResourceId, name: str) -> Resource:
    """A datastore of a workspace by name."""
    found = azure.store.get(workspace.child("datastores", name))
    if found is None:
        raise AzureError("UserError", f"Could not find datastore: {name}", 404)
    return found


KINDS = (
    Kind(
        WORKSPACES,
        workspace,
        slow_create=202,
        slow_delete=True,
        actions={"listKeys": list_keys},
        query=("forcetopurge",),
    ),
    Kind(
        f"{WORKSPACES}/datastores",
        datastore,
        actions={"listSecrets": list_secrets},
        listed=only_default,
        query=("isdefault", "skipvalidation"),
    ),
)
