"""Registered assets: models, environments and codes, each a container of versions that don't change once made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from trifold.local.azure.api.arm.ids import ResourceId, resource_id
from trifold.local.azure.api.arm.kinds import Kind, Made, Put
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.errors import AzureError, invalid, refused
from trifold.local.azure.api.ml.workspace import WORKSPACES, datastore_of
from trifold.local.azure.cloud import BLOB_SUFFIX

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
DATASTORE = re.compile(r"(?:azureml:/)?/*(?:subscriptions/.+?)?/?datastores/(?P<name>[^/]+)/paths/(?P<path>.*)", re.I)
QUERY = ("$top", "listviewtype", "orderby", "$orderby")
NEWEST = ("createdtime desc", "createdat desc")
FIXED = {"models": ("modelUri",), "environments": ("image", "inferenceConfig", "osType"), "codes": ("codeUri",)}


@dataclass(frozen=True)
class Location:
    """Where an asset's files lie. path: a blob's name, or a folder's."""

    account: Resource
    container: str
    path: str


async def container(put: Put) -> Made:
    _named(put.id.name)
    for name, value in {"isArchived": False, "tags": {}, "properties": {}}.items():
        put.properties.setdefault(name, value)
    put.properties["provisioningState"] = "Succeeded"
    return Made(put.body)


async def version(put: Put) -> Made:
    """A new version, or one whose description, tags or archived mark change."""
    family = put.id.type.split("/")[2]
    _named(put.id.names[1])
    _named(put.id.name)
    if put.old:
        for name in FIXED[family]:
            if put.properties.get(name, put.old.properties.get(name)) != put.old.properties.get(name):
                raise invalid(f"A {family.rstrip('s')} with this name and version is already registered with another "
                              f"{name}; versions are immutable.", "UserError")  # fmt: skip
    _checked(put, family)
    put.properties.setdefault("isArchived", False)
    put.properties.setdefault("isAnonymous", False)
    put.properties.setdefault("tags", {})
    put.properties.setdefault("properties", {})
    put.properties["provisioningState"] = "Succeeded"
    owner = put.id.parent
    assert owner is not None
    if put.azure.store.get(owner) is None:
        held = {"properties": {"isArchived": False, "tags": {}, "properties": {}, "provisioningState": "Succeeded"}}
        put.azure.store.put(Resource(owner, owner.type, held))
    return Made(put.body)


def _named(name: str) -> None:
    if not NAME.fullmatch(name):
        raise invalid(f"The name or version '{name}' is invalid: letters, digits, '-', '_' and '.', at most 255.",
                      "UserError")  # fmt: skip


def _checked(put: Put, family: str) -> None:
    if family == "models":
        uri = put.properties.get("modelUri")
        if not uri:
            raise invalid("The field modelUri is required.", "UserError")
        put.properties.setdefault("modelType", "custom_model")
        put.properties.setdefault("flavors", {})
        location(put.azure, _workspace(put.id), uri)
    elif family == "environments":
        if not put.properties.get("image"):
            raise invalid("An environment needs an image here; nothing is built.", "UserError")
        put.properties["environmentType"] = "UserCreated"
        put.properties.setdefault("osType", "Linux")
        put.properties.setdefault("autoRebuild", "Disabled")


def _workspace(id: ResourceId) -> ResourceId:
    return ResourceId(id.scope, WORKSPACES, id.names[:1])


def location(azure: "Azure", workspace: ResourceId, uri: str) -> Location:
    """Where a modelUri points; AzureError where nothing can be there."""
    found = DATASTORE.fullmatch(uri.replace("azureml://", "/", 1) if uri.startswith("azureml://") else uri)
    if found:
        store = datastore_of(azure, workspace, found["name"])
        account = azure.blobs.account(store.properties["accountName"])
        return Location(account, store.properties["containerName"], found["path"])
    parts = urlsplit(uri)
    host = parts.hostname or ""
    if parts.scheme == "https" and host.endswith(BLOB_SUFFIX):
        container, _, path = parts.path.lstrip("/").partition("/")
        return Location(azure.blobs.account(host.removesuffix(BLOB_SUFFIX)), container, path)
    raise refused(f"the model location '{uri}'")


def asset(azure: "Azure", workspace: ResourceId, reference: str, family: str) -> Resource:
    """The version that a deployment names by its id ("azureml:/subscriptions/...", or a short form of it)."""
    text = reference.removeprefix("azureml:")
    if not text.lower().startswith("/subscriptions/"):
        name, _, given = text.partition(":")
        text = f"{workspace.text}/{family}/{name}/versions/{given}"
    try:
        id = resource_id(text)
    except ValueError:
        raise invalid(f"'{reference}' is not the id of one of {family}.", "UserError") from None
    found = azure.store.get(id)
    if found is None:
        raise AzureError("UserError", f"The {family.rstrip('s')} {reference} was not found in the workspace.", 404)
    return found


def numbered(azure: "Azure", resource: Resource) -> dict[str, Any]:
    """A container with its latest and next version, which follow from what is in it."""
    made = sorted((one for one in azure.store.below(resource.id)), key=lambda one: one.created)
    numbers = [int(one.id.name) for one in made if one.id.name.isdigit()]
    shown = resource.shown()
    latest = {"latestVersion": made[-1].id.name} if made else {}
    shown["properties"] = {**resource.properties, **latest, "nextVersion": str(max(numbers, default=0) + 1)}
    return shown


def newest_first(found: list[Resource], query: Mapping[str, str]) -> list[Resource]:
    """Versions as the service lists them; $top and archived ones as asked."""
    shown = query.get("listviewtype", "ActiveOnly").lower()
    kept = [
        one for one in found if shown == "all" or bool(one.properties.get("isArchived")) == (shown == "archivedonly")
    ]
    order = query.get("orderby") or query.get("$orderby") or NEWEST[0]
    if order.lower() not in NEWEST:
        raise refused(f"the order '{order}'")
    kept.sort(key=lambda one: one.created, reverse=True)
    return kept[: int(query["$top"])] if query.get("$top", "").isdigit() else kept


KINDS = tuple(
    kind
    for family in ("models", "environments", "codes")
    for kind in (
        Kind(f"{WORKSPACES}/{family}", container, shown=numbered, listed=newest_first, query=QUERY),
        Kind(f"{WORKSPACES}/{family}/versions", version, listed=newest_first, query=QUERY),
    )
)
