"""Storage accounts: each gets a pair of Azurite's accounts, its own two keys, and containers that are really there."""

import base64
import re
import secrets
from typing import Any

from trifold.local.azure.api.arm.kinds import Act, Answer, Kind, Made, Put
from trifold.local.azure.api.arm.plain import kept, located
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.blob.service import ACCOUNTS, CONTAINERS, container_resource
from trifold.local.azure.api.blob.versions import Versions
from trifold.local.azure.api.errors import AzureError, invalid, refused
from trifold.local.azure.cloud import BLOB_SUFFIX, LOCATION

NAME = re.compile(r"[a-z0-9]{3,24}")
CONTAINER_NAME = re.compile(r"(?=.{3,63}$)[a-z0-9](-?[a-z0-9])*|\$root|\$web|\$logs")
DEFAULTS = {
    "accessTier": "Hot",
    "allowBlobPublicAccess": False,
    "minimumTlsVersion": "TLS1_0",
    "supportsHttpsTrafficOnly": True,
    "allowCrossTenantReplication": False,
    "networkAcls": {"bypass": "AzureServices", "virtualNetworkRules": [], "ipRules": [], "defaultAction": "Allow"},
    "encryption": {
        "services": {"blob": {"keyType": "Account", "enabled": True}, "file": {"keyType": "Account", "enabled": True}},
        "keySource": "Microsoft.Storage",
    },
}

SERVICE_DEFAULTS = {
    "cors": {"corsRules": []},
    "deleteRetentionPolicy": {"allowPermanentDelete": False, "enabled": False},
}


async def account(put: Put) -> Made:
    located(put)
    name = put.id.name
    if not NAME.fullmatch(name):
        raise invalid(f"{name} is not a valid storage account name. Storage account name must be between 3 and 24 "
                      "characters in length and use numbers and lower-case letters only.",
                      "AccountNameInvalid")  # fmt: skip
    if put.body["kind"] not in ("StorageV2", "BlobStorage"):
        raise refused(f"storage accounts of kind {put.body['kind']}")
    if put.properties.get("isHnsEnabled"):
        raise refused("'properties.isHnsEnabled' set to true")
    if put.old is None and any(one.id.name == name for one in put.azure.store.of_kind(ACCOUNTS)):
        raise AzureError("StorageAccountAlreadyTaken", f"The storage account named {name} is already taken.", 409)
    sku = put.body.get("sku", {}).get("name", "Standard_LRS")
    put.body["sku"] = {"name": sku, "tier": sku.partition("_")[0]}
    put.body["properties"] = {**DEFAULTS, **put.properties}
    put.properties.update(
        provisioningState="Succeeded",
        creationTime="2026-01-01T00:00:00.0000000Z",
        primaryLocation=LOCATION,
        statusOfPrimary="available",
        primaryEndpoints={"blob": f"https://{name}{BLOB_SUFFIX}/"},
        privateEndpointConnections=[],
        keyCreationTime={"key1": "2026-01-01T00:00:00.0000000Z", "key2": "2026-01-01T00:00:00.0000000Z"},
    )
    if put.old is None:
        child = put.id.child("blobServices", "default")
        held = {"sku": put.body["sku"], "properties": dict(SERVICE_DEFAULTS)}
        put.azure.store.put(Resource(child, f"{ACCOUNTS}/blobServices", held))
    return Made(put.body, put.old.hidden if put.old else _held(put))


def _held(put: Put) -> dict[str, Any]:
    azurite = put.azure.blobs.azurite
    return {"key1": new_key(), "key2": new_key(), "slot": azurite.take(), "versions": Versions(azurite, azurite.take())}


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(64)).decode()


async def account_gone(azure: Any, resource: Resource) -> None:
    azurite = azure.blobs.azurite
    await azurite.give_back(resource.hidden["slot"])
    await azurite.give_back(resource.hidden["versions"].slot)


async def list_keys(act: Act) -> Answer:
    return Answer({"keys": [_key(act.resource, name) for name in ("key1", "key2")]})


async def regenerate_key(act: Act) -> Answer:
    name = act.body["keyName"]
    if name not in ("key1", "key2"):
        raise invalid(
            f"Values for request parameters are invalid: keyName {name}.", "InvalidValuesForRequestParameters"
        )
    act.resource.hidden[name] = new_key()
    return await list_keys(act)


def _key(resource: Resource, name: str) -> dict[str, str]:
    return {"keyName": name, "value": resource.hidden[name], "permissions": "FULL",
            "creationTime": "2026-01-01T00:00:00.0000000Z"}  # fmt: skip


async def service(put: Put) -> Made:
    if put.id.name != "default":
        raise invalid("The blob service is named 'default'.", "InvalidResourceName")
    put.body["properties"] = {**SERVICE_DEFAULTS, **put.properties}
    account = put.azure.store.get(put.id.parent or "")
    return Made({**put.body, "sku": account.body["sku"] if account else {}})


async def container(put: Put) -> Made:
    name = put.id.name
    if not CONTAINER_NAME.fullmatch(name):
        raise invalid(f"The specified resource name contains invalid characters: {name}", "ContainerNameInvalid")
    owner = put.azure.blobs.account(put.id.names[0])
    access = put.properties.get("publicAccess", "None")
    if access != "None" and not owner.properties.get("allowBlobPublicAccess"):
        raise AzureError("PublicAccessNotPermitted", "Public access is not permitted on this storage account.", 409)
    metadata = {f"x-ms-meta-{key}": value for key, value in put.properties.get("metadata", {}).items()}
    comp = {"comp": "metadata"} if put.old else {}
    answer = await put.azure.blobs.azurite.send(
        owner.hidden["slot"], "PUT", f"/{name}", {"restype": "container", **comp}, metadata
    )
    if not answer.ok:
        raise AzureError(answer.headers.get("x-ms-error-code", "ContainerFailed"), f"Container {name}", answer.status)
    shown = container_resource(put.id, put.properties).body
    shown["etag"] = answer.headers.get("etag", "")
    return Made(shown)


async def container_gone(azure: Any, resource: Resource) -> None:
    owner = azure.store.get(f"{resource.id.scope}/providers/{ACCOUNTS}/{resource.id.names[0]}")
    if owner:
        await azure.blobs.azurite.send(owner.hidden["slot"], "DELETE", f"/{resource.id.name}", {"restype": "container"})
        await owner.hidden["versions"].drop_container(resource.id.name)


async def policy(put: Put) -> Made:
    if put.id.name != "default":
        raise invalid("The management policy is named 'default'.", "InvalidResourceName")
    put.properties["lastModifiedTime"] = kept(put, "time", "2026-01-01T00:00:00.0000000Z")
    return Made(put.body)


KINDS = (
    Kind(ACCOUNTS, account, account_gone, created=200,
         actions={"listKeys": list_keys, "regenerateKey": regenerate_key},
         query=("$expand",)),  # of Kerberos keys, which no account has here
    Kind(f"{ACCOUNTS}/blobServices", service, created=200, deletable=False),
    Kind(CONTAINERS, container, container_gone),
    Kind(f"{ACCOUNTS}/managementPolicies", policy, created=200),
)  # fmt: skip
