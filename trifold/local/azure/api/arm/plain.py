"""The types that are objects of the control plane and little more: what each fills in when it is made."""

import asyncio
import secrets
import uuid
from typing import Any

from trifold.local.azure.api.arm.ids import GROUPS
from trifold.local.azure.api.arm.kinds import Act, Answer, Kind, Made, Put
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.errors import AzureError, invalid
from trifold.local.azure.cloud import LOCATION, SUBSCRIPTION, TENANT

REGIONS = (LOCATION, "east us")
PASSWORDS = ("password", "password2")
WRITE_SECONDS = 0.2  # in which a second credential of the same identity is refused


def located(put: Put) -> None:
    """The one region this cloud has, spelled as Azure spells it; a region never changes."""
    location = str(put.body.get("location") or (put.old.body.get("location") if put.old else ""))
    if location.lower().replace(" ", "") != LOCATION:
        raise AzureError("LocationNotAvailableForResourceType", f"The provided location '{location}' is not available "
                         f"for resource type '{put.id.type}'. List of available regions for the resource type is "
                         f"'{LOCATION}'.")  # fmt: skip
    put.body["location"] = LOCATION


def kept(put: Put, name: str, made: Any) -> Any:
    """A value that is made once and stays: a principal, a key."""
    return put.old.hidden.get(name, made) if put.old else made


async def group(put: Put) -> Made:
    located(put)
    put.properties["provisioningState"] = "Succeeded"
    return Made(put.body)


async def identity(put: Put) -> Made:
    located(put)
    made = {"principalId": kept(put, "principalId", str(uuid.uuid4())),
            "clientId": kept(put, "clientId", str(uuid.uuid4()))}  # fmt: skip
    put.properties.update(made, tenantId=TENANT)
    return Made(put.body, made)


async def federated(put: Put) -> Made:
    """One subject of one issuer, once for an identity."""
    given, identity = put.properties, put.id.parent
    for one in put.azure.store.of_kind(put.id.type, f"{identity.text}/" if identity else ""):
        if one.id.key != put.id.key and (one.properties["issuer"], one.properties["subject"]) == (
            given["issuer"], given["subject"],
        ):  # fmt: skip
            raise AzureError("Conflict", "Issuer and subject combination already exists for this Managed Identity.",
                             409)  # fmt: skip
    if put.azure.rules is None:
        return Made(put.body)
    with put.azure.rules.alone(put.id):
        await asyncio.sleep(WRITE_SECONDS)
        return Made(put.body)


async def vault(put: Put) -> Made:
    located(put)
    if put.azure.rules and put.old is None:
        recovered = put.azure.rules.deleted.vault(put.id, put.properties.get("createMode", ""))
        if recovered:
            merged = {**recovered.properties, **put.properties}
            put.body.update({**recovered.body, **put.body, "properties": merged})
    properties = put.properties
    if not properties.get("enableRbacAuthorization") and "accessPolicies" not in properties:
        raise invalid("The parameter accessPolicies is not specified.")
    properties.setdefault("enableSoftDelete", True)
    properties.setdefault("softDeleteRetentionInDays", 90)
    properties.setdefault("accessPolicies", [])
    properties.setdefault("enabledForDeployment", False)
    properties.setdefault("publicNetworkAccess", "Enabled")
    properties.pop("createMode", None)
    properties.update(vaultUri=f"https://{put.id.name}.vault.azure.net/", provisioningState="Succeeded")
    return Made(put.body)


async def insights(put: Put) -> Made:
    located(put)
    key = kept(put, "key", str(uuid.uuid4()))
    app = kept(put, "app", str(uuid.uuid4()))
    properties = put.properties
    for name, value in {"Flow_Type": "Bluefield", "Request_Source": "rest", "RetentionInDays": 90,
                        "IngestionMode": "LogAnalytics" if properties.get("WorkspaceResourceId")
                        else "ApplicationInsights", "publicNetworkAccessForIngestion": "Enabled",
                        "publicNetworkAccessForQuery": "Enabled"}.items():  # fmt: skip
        properties.setdefault(name, value)
    properties.update(
        ApplicationId=put.id.name,
        AppId=app,
        Name=put.id.name,
        InstrumentationKey=key,
        ConnectionString=f"InstrumentationKey={key};IngestionEndpoint=https://{LOCATION}-0.in.applicationinsights."
        f"azure.com/;ApplicationId={app}",
        TenantId=SUBSCRIPTION,
        HockeyAppToken="",
        CreationDate="2026-01-01T00:00:00+00:00",
        provisioningState="Succeeded",
        PrivateLinkScopedResources=[],
    )
    if properties.get("WorkspaceResourceId") and not put.azure.store.get(properties["WorkspaceResourceId"]):
        raise invalid(f"The workspace {properties['WorkspaceResourceId']} does not exist.", "InvalidWorkspace")
    put.body.setdefault("etag", f'"{secrets.token_hex(8)}"')
    return Made(put.body, {"key": key, "app": app})


async def autoscale(put: Put) -> Made:
    located(put)
    target = put.properties.get("targetResourceUri", "")
    if put.azure.store.get(target) is None:
        raise AzureError("ResourceNotFound", f"The target resource '{target}' was not found.", 404)
    put.properties.setdefault("enabled", True)
    put.properties.setdefault("name", put.id.name)
    put.properties.setdefault("notifications", [])
    return Made(put.body)


async def logs(put: Put) -> Made:
    located(put)
    customer = kept(put, "customerId", str(uuid.uuid4()))
    properties = put.properties
    properties.setdefault("sku", {"name": "PerGB2018"})
    properties.setdefault("retentionInDays", 30)
    properties.setdefault("publicNetworkAccessForIngestion", "Enabled")
    properties.setdefault("publicNetworkAccessForQuery", "Enabled")
    properties.update(customerId=customer, provisioningState="Succeeded", createdDate="2026-01-01T00:00:00Z",
                      modifiedDate="2026-01-01T00:00:00Z")  # fmt: skip
    return Made(put.body, {"customerId": customer})


async def registry(put: Put) -> Made:
    located(put)
    put.body["sku"] = {"name": put.body["sku"]["name"], "tier": put.body["sku"]["name"]}
    properties = put.properties
    for name, value in {"adminUserEnabled": False, "publicNetworkAccess": "Enabled", "dataEndpointEnabled": False,
                        "networkRuleBypassOptions": "AzureServices", "zoneRedundancy": "Disabled",
                        "anonymousPullEnabled": False}.items():  # fmt: skip
        properties.setdefault(name, value)
    properties.setdefault("policies", {"quarantinePolicy": {"status": "disabled"}})
    properties.setdefault("encryption", {"status": "disabled"})
    properties.update(loginServer=f"{put.id.name.lower()}.azurecr.io", provisioningState="Succeeded",
                      creationDate="2026-01-01T00:00:00Z", privateEndpointConnections=[])  # fmt: skip
    return Made(put.body, {name: kept(put, name, secrets.token_urlsafe(32)) for name in PASSWORDS})


async def registry_credentials(act: Act) -> Answer:
    """The admin user's, where there is one."""
    if not act.resource.properties["adminUserEnabled"]:
        raise invalid(f"Cannot perform credential operations for {act.resource.id.text} as admin user is disabled. "
                      "Kindly enable admin user as per docs: https://docs.microsoft.com/en-us/azure/container-registry/"
                      "container-registry-authentication#admin-account",
                      "UnAuthorizedForCredentialOperations")  # fmt: skip
    passwords = [{"name": name, "value": act.resource.hidden[name]} for name in PASSWORDS]
    return Answer({"username": act.resource.id.name, "passwords": passwords})


def instrumented(azure: Any, resource: Resource) -> dict[str, Any]:
    """Application Insights answers with its own spelling of its type."""
    return {**resource.shown(), "type": "microsoft.insights/components"}


KINDS = (
    Kind(GROUPS, group, slow_delete=True),
    Kind("Microsoft.ManagedIdentity/userAssignedIdentities", identity),
    Kind("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials", federated),
    Kind("Microsoft.KeyVault/vaults", vault, created=200),
    Kind("Microsoft.Insights/components", insights, created=200, shown=instrumented),
    Kind("Microsoft.Insights/autoscaleSettings", autoscale),
    Kind("Microsoft.OperationalInsights/workspaces", logs),
    Kind("Microsoft.ContainerRegistry/registries", registry, actions={"listCredentials": registry_credentials}),
)
