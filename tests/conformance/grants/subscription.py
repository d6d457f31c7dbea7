"""What tries on the local Azure use: Resource Manager by its SDK, a store, a workspace with endpoints."""

import io
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.azure import roles
from tests.conformance.grants import Rig
from trifold.plugin import azureaccess

MANAGEMENT = "https://management.azure.com"
GROUPS, STORAGE, IDENTITY, REGISTRY = "2021-04-01", "2024-01-01", "2023-01-31", "2025-04-01"
VAULT, ML, AUTHORIZATION = "2024-11-01", "2025-12-01", "2022-04-01"
HERE = {"location": "eastus"}
PROVIDERS = tuple(f"Microsoft.{name}" for name in ("Storage", "ContainerRegistry", "KeyVault", "ManagedIdentity",
                                                   "MachineLearningServices"))  # fmt: skip
# May it read the packages, and pull the image?
IDENTITIES = {"both": (True, True), "reads": (True, False), "pulls": (False, True)}
IMAGE = f"trifold-serving@sha256:{'0' * 64}"


# ---- Resource Manager, through its SDKs ---------------------------------------------------------------------------


def credential() -> Any:
    from azure.identity import DefaultAzureCredential

    return DefaultAzureCredential()


def management_token() -> str:
    return str(credential().get_token(f"{MANAGEMENT}/.default").token)


class Subscription:
    """Whatever Resource Manager keeps, by its id."""

    def __init__(self, rig: Rig) -> None:
        from azure.mgmt.resource.resources import ResourceManagementClient

        self.client = ResourceManagementClient(credential(), rig.account)
        rig.after.callback(self.client.close)

    def put(self, id: str, version: str, body: Mapping[str, Any]) -> Any:
        """A resource, once it is settled; raises HttpResponseError with the reason why it failed."""
        sent = io.BytesIO(json.dumps(body).encode())
        return self.client.resources.begin_create_or_update_by_id(id.lstrip("/"), sent, api_version=version).result()

    def post(self, action: str, version: str, body: Any = None) -> Any:
        """What an action answers. The generic SDK has none, and azure-ai-ml takes seconds to import: so it goes through
        the SDK's own pipeline."""
        from azure.core.rest import HttpRequest

        request = HttpRequest("POST", f"{MANAGEMENT}{action}", params={"api-version": version}, json=body)
        answer = self.client.send_request(request)
        if answer.status_code >= 400:
            error = answer.json()["error"]
            raise PermissionError(f"{error['code']}: {error['message']}")
        return answer.json()

    def delete(self, id: str, version: str) -> None:
        self.client.resources.begin_delete_by_id(id.lstrip("/"), api_version=version).result()

    def grant(self, scope: str, role: str, principal: str) -> str:
        """The assignment's id, once it is in effect: as the kit itself waits for it."""
        id = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
        subscription = "/".join(scope.split("/")[:3])
        definition = f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        given = {"roleDefinitionId": definition, "principalId": principal, "principalType": "ServicePrincipal"}
        self.put(id, AUTHORIZATION, {"properties": given})
        actions, data_actions = roles.USED[role]
        waited = {"principalId": principal, "scope": scope, "actions": actions, "dataActions": data_actions}
        azureaccess.wait(self, waited)
        return id


def registered(rig: Rig) -> None:
    """The providers that tries use, as an owner registers them once for a subscription. The SDK does so by itself only
    where it has read the answer already, which it has not in a long-running PUT."""
    client = Subscription(rig).client
    for namespace in PROVIDERS:
        client.providers.register(namespace)
    while any(client.providers.get(one).registration_state != "Registered" for one in PROVIDERS):
        time.sleep(0.2)


def group(rig: Rig) -> str:
    """A resource group of one's own; all in it goes with it."""
    rig.once(registered)
    arm = Subscription(rig)
    id = f"/subscriptions/{rig.account}/resourceGroups/{rig.name}"
    arm.put(id, GROUPS, HERE)
    rig.after.callback(arm.delete, id, GROUPS)
    return id


def deployer() -> str:
    """The object id of who asks, as its own token says it."""
    import jwt

    return str(jwt.decode(management_token(), options={"verify_signature": False})["oid"])


# ---- a store -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Store:
    """A storage account of one's own. container: the id of its container."""

    arm: Subscription
    id: str
    container: str
    url: str

    def open(self, account: bool, container: str, https_only: bool = True) -> None:
        """Whether the account lets containers be public, how public the container is, and whether by TLS alone."""
        self.arm.put(self.id, STORAGE, storage_account(allowBlobPublicAccess=True))
        self.arm.put(self.container, STORAGE, {"properties": {"publicAccess": container}})
        settings = {"allowBlobPublicAccess": account, "supportsHttpsTrafficOnly": https_only}
        self.arm.put(self.id, STORAGE, storage_account(**settings))

    def write(self, name: str, content: bytes) -> None:
        from azure.storage.blob import BlobClient

        with BlobClient.from_blob_url(f"{self.url}/{name}", credential=credential()) as blob:
            blob.upload_blob(content, overwrite=True)


def storage_account(**properties: Any) -> dict[str, Any]:
    return {**HERE, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": properties}


def make_store(rig: Rig) -> Store:
    arm, home = Subscription(rig), group(rig)
    id = f"{home}/providers/Microsoft.Storage/storageAccounts/{rig.name}"
    container = f"{id}/blobServices/default/containers/things"
    arm.put(id, STORAGE, storage_account())
    arm.put(container, STORAGE, {"properties": {}})
    return Store(arm, id, container, f"https://{rig.name}.blob.core.windows.net/things")


def own_store(rig: Rig) -> Store:
    """A store whose container the deployer may use."""
    store = make_store(rig)
    store.arm.grant(store.container, roles.BLOB_CONTRIBUTOR, deployer())
    return store


# ---- an endpoint -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Space:
    """A workspace with a model, an image's environment, and an endpoint for each identity, named after its roles."""

    arm: Subscription
    id: str

    def make(self, auth_mode: str = "Identity") -> None:
        """The workspace. auth_mode: how its own datastores are read."""
        group, name = self.id.partition("/providers/")[0], self.id.rpartition("/")[2]
        links = {
            "storageAccount": f"{group}/providers/Microsoft.Storage/storageAccounts/{name}",
            "keyVault": f"{group}/providers/Microsoft.KeyVault/vaults/{name}",
            "systemDatastoresAuthMode": auth_mode,
        }
        self.arm.put(self.id, ML, {**HERE, "identity": {"type": "SystemAssigned"}, "properties": links})

    def put(self, name: str, **traffic: int) -> None:
        """An endpoint as one of the identities, with its weights."""
        group = self.id.partition("/providers/")[0]
        identity = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        own = {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}
        properties = {"authMode": "Key", "traffic": traffic}
        self.arm.put(self.endpoint(name), ML, {**HERE, "identity": own, "properties": properties})

    def endpoint(self, name: str) -> str:
        return f"{self.id}/onlineEndpoints/{self.id.rpartition('/')[2]}-{name}"

    def deploy(self, name: str) -> None:
        """The package, behind that identity's endpoint; raises HttpResponseError with the reason why it failed."""
        properties = {
            "endpointComputeType": "Managed",
            "model": f"{self.id}/models/flights/versions/1",
            "environmentId": f"{self.id}/environments/serving/versions/1",
            "instanceType": "Standard_F2s_v2",
        }
        body = {**HERE, "sku": {"name": "Default", "capacity": 1}, "properties": properties}
        self.arm.put(f"{self.endpoint(name)}/deployments/blue", ML, body)


def make_space(rig: Rig) -> Space:
    store = own_store(rig)
    arm, home = store.arm, store.id.partition("/providers/")[0]
    store.write("models/model.tar.gz", (rig.state / "packages/flights/current/model.tar.gz").read_bytes())
    registry, vault = (f"{home}/providers/Microsoft.{kind}/{rig.name}" for kind in
                       ("ContainerRegistry/registries", "KeyVault/vaults"))  # fmt: skip
    arm.put(registry, REGISTRY, {**HERE, "sku": {"name": "Basic"}})
    tenant = {"tenantId": str(uuid.UUID(int=0)), "sku": {"family": "A", "name": "standard"}}
    arm.put(vault, VAULT, {**HERE, "properties": {**tenant, "enableRbacAuthorization": True}})
    id = f"{home}/providers/Microsoft.MachineLearningServices/workspaces/{rig.name}"
    space = Space(arm, id)
    space.make()
    arm.put(f"{id}/models/flights/versions/1", ML, {"properties": {"modelUri": f"{store.url}/models"}})
    arm.put(f"{id}/environments/serving/versions/1", ML, {"properties": served(f"{rig.name}.azurecr.io/{IMAGE}")})
    for name, (reads, pulls) in IDENTITIES.items():
        identity = f"{home}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        principal = arm.put(identity, IDENTITY, HERE).properties["principalId"]
        if reads:
            arm.grant(store.container, roles.BLOB_READER, principal)
        if pulls:
            arm.grant(registry, roles.ACR_PULL, principal)
        space.put(name)
    return space


def served(image: str) -> dict[str, Any]:
    routes = {"livenessRoute": "/", "readinessRoute": "/ready", "scoringRoute": "/score"}
    config = {name: {"path": path, "port": 5001} for name, path in routes.items()}
    return {"image": image, "osType": "Linux", "inferenceConfig": config}
