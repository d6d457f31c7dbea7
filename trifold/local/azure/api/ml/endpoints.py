"""Online endpoints and their deployments: states, traffic, keys, logs. What runs behind them is runtime.py's."""

import re
import secrets
import time
import uuid
from typing import TYPE_CHECKING, Any

from trifold.local.azure.api.arm.kinds import Act, Answer, Kind, Made, Put
from trifold.local.azure.api.arm.plain import kept, located
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.errors import AzureError, invalid, refused
from trifold.local.azure.api.ml import settings
from trifold.local.azure.api.ml.workspace import WORKSPACES, shown_identities
from trifold.local.azure.cloud import LOCATION, SCORING_SUFFIX, TENANT

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

ENDPOINTS = f"{WORKSPACES}/onlineEndpoints"
DEPLOYMENTS = f"{ENDPOINTS}/deployments"
ENDPOINT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,30}[A-Za-z0-9]")
MOST_DEPLOYMENTS = 20
TOKEN_SECONDS = 12 * 3600


async def endpoint(put: Put) -> Made:
    located(put)
    name = put.id.name
    if not ENDPOINT_NAME.fullmatch(name):
        raise invalid(
            f"The endpoint name '{name}' is invalid: 3 to 32 letters, digits and '-', a letter first.", "UserError"
        )
    others = put.azure.store.of_kind(ENDPOINTS)
    if put.old is None and any(one.id.name.lower() == name.lower() for one in others):
        raise invalid(f"The endpoint name {name} is already taken in the region.", "UserError")
    properties = put.properties
    if properties.get("mirrorTraffic"):
        raise refused("'properties.mirrorTraffic'")
    if put.old and put.old.properties["authMode"].lower() != properties["authMode"].lower():
        raise invalid("The auth mode of an endpoint can't be changed.", "UserError")
    properties["traffic"] = _traffic(put)
    properties["mirrorTraffic"] = {}
    given = properties.pop("keys", None) or {}
    principal = kept(put, "principalId", str(uuid.uuid4()))
    _identity(put, principal)
    properties.setdefault("publicNetworkAccess", "Enabled")
    properties.setdefault("properties", {})
    put.body.setdefault("kind", "Managed")
    uri = f"https://{name}.{LOCATION}{SCORING_SUFFIX}"
    properties.update(
        scoringUri=f"{uri}/score",
        swaggerUri=f"{uri}/swagger.json",
        provisioningState="Updating" if put.old else "Creating",
    )
    hidden = {
        "primaryKey": given.get("primaryKey") or kept(put, "primaryKey", new_key()),
        "secondaryKey": given.get("secondaryKey") or kept(put, "secondaryKey", new_key()),
        "principalId": principal,
        "tokens": kept(put, "tokens", {}),
    }
    return Made(put.body, hidden, _ready)


async def _ready(made: Resource) -> dict[str, Any]:
    made.properties["provisioningState"] = "Succeeded"
    return made.shown()


def _identity(put: Put, principal: str) -> None:
    put.body.setdefault("identity", {"type": "SystemAssigned"})
    shown_identities(put)
    if "SystemAssigned" in put.body["identity"]["type"]:
        put.body["identity"] = {**put.body["identity"], "principalId": principal, "tenantId": TENANT}


def _traffic(put: Put) -> dict[str, int]:
    """The weights asked for: of deployments that serve, adding up to 0 or 100."""
    wanted = dict(put.properties.get("traffic") or {})
    for name, weight in wanted.items():
        held = put.azure.store.get(put.id.child("deployments", name))
        if held is None:
            raise invalid(f"The traffic names the deployment '{name}', which does not exist.", "UserError")
        if weight and put.azure.runtime.running(held.id) is None:
            raise invalid(f"The deployment '{name}' is not ready to take traffic: it is "
                          f"{held.properties['provisioningState']}.", "UserError")  # fmt: skip
        if not 0 <= weight <= 100:
            raise invalid(f"The traffic of '{name}' must be between 0 and 100, not {weight}.", "UserError")
    if sum(wanted.values()) not in (0, 100):
        raise invalid(f"The traffic must add up to 0 or 100, not {sum(wanted.values())}.", "UserError")
    return wanted


def new_key() -> str:
    return secrets.token_urlsafe(24)


async def list_keys(act: Act) -> Answer:
    _has_mode(act.resource, "key")
    return Answer({name: act.resource.hidden[name] for name in ("primaryKey", "secondaryKey")})


async def regenerate_keys(act: Act) -> Answer:
    """MLClient sends the present key as keyValue, and the service makes a new one all the same."""
    _has_mode(act.resource, "key")
    name = f"{act.body['keyType'].lower()}Key"
    given = act.body.get("keyValue")
    present = act.resource.hidden[name]

    async def work() -> None:
        act.resource.hidden[name] = given if given and given != present else new_key()

    return Answer(work=work())


async def token(act: Act) -> Answer:
    _has_mode(act.resource, "amltoken")
    now = int(time.time())
    made = secrets.token_urlsafe(32)
    act.resource.hidden["tokens"][made] = now + TOKEN_SECONDS
    return Answer({"accessToken": made, "tokenType": "Bearer", "expiryTimeUtc": now + TOKEN_SECONDS,
                   "refreshAfterTimeUtc": now + TOKEN_SECONDS // 2})  # fmt: skip


def _has_mode(resource: Resource, mode: str) -> None:
    if resource.properties["authMode"].lower() != mode:
        raise invalid(f"The endpoint's auth mode is {resource.properties['authMode']}.", "UserError")


async def deployment(put: Put) -> Made:
    located(put)
    name = put.id.name
    if not ENDPOINT_NAME.fullmatch(name):
        raise invalid(f"The deployment name '{name}' is invalid: 3 to 32 letters, digits and '-'.", "UserError")
    siblings = [one for one in put.azure.store.below(put.id.parent or "") if one.kind == DEPLOYMENTS]
    if put.old is None and len(siblings) >= MOST_DEPLOYMENTS:
        raise AzureError("QuotaExceeded", f"An endpoint has at most {MOST_DEPLOYMENTS} deployments.", 400)
    settings.filled(put.properties)
    count = settings.capacity(put.body)
    if put.azure.rules:
        put.azure.rules.affordable(put.id, put.properties["instanceType"], count)
    put.body["sku"] = {"name": "Default", **put.body.get("sku", {}), "capacity": count}
    put.body.setdefault("kind", "Managed")
    put.body.setdefault("tags", {})
    if put.old and put.old.properties["instanceType"] != put.properties["instanceType"] and count > MOST_DEPLOYMENTS:
        raise AzureError("QuotaExceeded", "Not enough quota available.", 400)
    put.properties["provisioningState"] = "Updating" if put.old else "Creating"
    hidden = {"generation": kept(put, "generation", 0) + 1}
    return Made(put.body, hidden, put.azure.runtime.apply)


async def deployment_gone(azure: "Azure", resource: Resource) -> None:
    endpoint = azure.store.get(resource.id.parent or "")
    weight = endpoint.properties.get("traffic", {}).get(resource.id.name, 0) if endpoint else 0
    if weight and endpoint and not endpoint.hidden.get("deleting"):
        raise AzureError("BadRequest", f"Cannot delete the deployment {resource.id.name}: it takes {weight} % of the "
                         "endpoint's traffic. Set its traffic to 0 first.", 400)  # fmt: skip
    await azure.runtime.stop(resource.id)
    if endpoint:
        endpoint.properties.get("traffic", {}).pop(resource.id.name, None)


async def get_logs(act: Act) -> Answer:
    kind = act.body.get("containerType") or "InferenceServer"
    if kind.lower() != "inferenceserver":
        return Answer({"content": "The model's files were copied from the blob store.\n"})
    return Answer({"content": act.azure.runtime.log_text(act.resource.id, act.body.get("tail") or 1000)})


async def skus(act: Act) -> Answer:
    limits = {"minimum": 1, "maximum": settings.MOST_INSTANCES, "default": 1, "scaleType": "Manual"}
    return Answer({"value": [{"resourceType": DEPLOYMENTS, "sku": {"name": "Default"}, "capacity": limits}]})


KINDS = (
    Kind(ENDPOINTS, endpoint, slow_delete=True,
         actions={"listKeys": list_keys, "regenerateKeys": regenerate_keys, "token": token}),
    Kind(DEPLOYMENTS, deployment, deployment_gone, slow_delete=True, actions={"getLogs": get_logs},
         views={"skus": skus}),
)  # fmt: skip
