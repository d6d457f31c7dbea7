"""What Resource Manager answers of itself: the subscription, its providers and locations, and what a group holds."""

from typing import TYPE_CHECKING, Any

from trifold.local.azure.api.arm import access, activity, roles, standing
from trifold.local.azure.api.arm.ids import GROUPS, SUBSCRIPTIONS, Target
from trifold.local.azure.api.entra import Caller
from trifold.local.azure.api.hostile import recoverable
from trifold.local.azure.api.operations import TYPES
from trifold.local.azure.api.wire import Raw, Reply, json_reply
from trifold.local.azure.cloud import BLOB_SUFFIX, LOCATION, LOGIN_HOST, MANAGEMENT_HOST, SUBSCRIPTION, TENANT

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

# Parents that come with their first child, or with what they are in; the resource above them is what must be there.
_ASSETS = {f"microsoft.machinelearningservices/workspaces/{family}" for family in ("models", "environments", "codes")}
IMPLICIT = frozenset({"microsoft.storage/storageaccounts/blobservices", *_ASSETS})


def public(raw: Raw) -> Reply | None:
    """What is answered without a token: the description of the cloud."""
    if raw.plain_path.rstrip("/") != "/metadata/endpoints":
        return None
    return json_reply(200, [_cloud()])


def answer(azure: "Azure", raw: Raw, target: Target, caller: Caller) -> Reply | None:
    """The answer where the path is one of these; None for all others."""
    if raw.method == "POST" and target.tail.lower() in ("register", "unregister"):
        return json_reply(200, _registered(azure, target.collection.partition("/")[0], target.tail.lower()))
    if found := access.answer(azure, raw, target, caller) or recoverable.answer(azure, raw, target):
        return found
    if found := standing.answer(azure, raw, target) or activity.answer(azure, raw, target):
        return found
    if raw.method != "GET":
        return None
    if found := roles.definitions(azure, raw, target):
        return found
    path = raw.plain_path.rstrip("/").lower()
    if path == "/subscriptions":
        return json_reply(200, {"value": [_subscription()]})
    if path == "/tenants":
        return json_reply(200, {"value": [{"id": f"/tenants/{TENANT}", "tenantId": TENANT, "displayName": "local"}]})
    if target.id and target.id.type == SUBSCRIPTIONS:
        return _of_subscription(azure, raw, target)
    if target.id and target.id.type == GROUPS and target.tail.lower() == "resources":
        return json_reply(200, {"value": _listed(azure, target.id.text)})
    if target.collection and "/" not in target.collection and not target.tail:
        return json_reply(200, _provider(azure, target.collection))
    return None


def _of_subscription(azure: "Azure", raw: Raw, target: Target) -> Reply | None:
    assert target.id is not None
    tail = target.tail.lower()
    if not tail:
        return json_reply(200, _subscription())
    if tail == "resources":
        return json_reply(200, {"value": _listed(azure, target.id.text)})
    if tail == "locations":
        return json_reply(200, {"value": [_location()]})
    if tail == "providers":
        return json_reply(200, {"value": [_provider(azure, name) for name in sorted(_namespaces())]})
    return None


def _listed(azure: "Azure", scope: str) -> list[dict[str, Any]]:
    kept = ("id", "name", "type", "location", "tags", "kind", "sku", "identity")
    found = [one for one in azure.store.all(scope) if azure.settled(one)]
    # What is nested is named by its whole path there.
    return [
        {**{key: value for key, value in one.shown().items() if key in kept}, "name": "/".join(one.id.names)}
        for one in found
    ]


def _subscription() -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}",
        "subscriptionId": SUBSCRIPTION,
        "tenantId": TENANT,
        "displayName": "local",
        "state": "Enabled",
        "authorizationSource": "RoleBased",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "local",
            "spendingLimit": "Off",
        },
    }


def _location() -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}/locations/{LOCATION}",
        "name": LOCATION,
        "type": "Region",
        "displayName": "East US",
        "regionalDisplayName": "(US) East US",
        "metadata": {"regionType": "Physical", "regionCategory": "Recommended", "geographyGroup": "US"},
    }


def _namespaces() -> set[str]:
    return {type.partition("/")[0] for type in TYPES}


def _registered(azure: "Azure", namespace: str, verb: str) -> dict[str, Any]:
    """Kept and read back; on a friendly cloud an unregistered provider still answers."""
    change = azure.unregistered.add if verb == "unregister" else azure.unregistered.discard
    change(namespace.lower())
    if azure.rules:
        getattr(azure.rules.registration, verb)(namespace)
    return _provider(azure, namespace)


def _provider(azure: "Azure", namespace: str) -> dict[str, Any]:
    name = next((one for one in _namespaces() if one.lower() == namespace.lower()), namespace)
    types = [(type.partition("/")[2], one.versions) for type, one in TYPES.items() if type.startswith(f"{name}/")]
    state = "Registered" if types and name.lower() not in azure.unregistered else "NotRegistered"
    if azure.rules and types:
        state = azure.rules.registration.state(name)
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}/providers/{name}",
        "namespace": name,
        "registrationState": state,
        "registrationPolicy": "RegistrationRequired",
        "resourceTypes": [
            {"resourceType": type, "locations": ["East US"], "apiVersions": list(reversed(known))}
            for type, known in types
        ],
    }


def _cloud() -> dict[str, Any]:
    return {
        "name": "AzureCloud",
        "portal": "https://portal.azure.com",
        "authentication": {
            "loginEndpoint": f"https://{LOGIN_HOST}/",
            "audiences": ["https://management.core.windows.net/", f"https://{MANAGEMENT_HOST}/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "resourceManager": f"https://{MANAGEMENT_HOST}/",
        "suffixes": {"storage": BLOB_SUFFIX.removeprefix(".blob."), "acrLoginServer": "azurecr.io",
                     "keyVaultDns": "vault.azure.net"},
    }  # fmt: skip
