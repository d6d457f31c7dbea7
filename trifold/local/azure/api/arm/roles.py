"""Role assignments, and what a principal may do: the built-in roles that this cloud checks."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trifold.local.azure.api.arm.ids import Target
from trifold.local.azure.api.arm.kinds import Kind, Made, Put
from trifold.local.azure.api.errors import AzureError, invalid
from trifold.local.azure.api.wire import Raw, Reply, json_reply
from trifold.local.azure.cloud import OBJECT_ID, SUBSCRIPTION

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
READ_BLOBS, WRITE_BLOBS, PULL = "blobs/read", "blobs/write", "pull"


@dataclass(frozen=True)
class Role:
    """A built-in role. grants: what of it is checked here ("" of the rest is kept and has no effect)."""

    name: str
    grants: frozenset[str] = frozenset()
    actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()


_BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers"
ROLES: Mapping[str, Role] = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": Role("Owner", actions=("*",)),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": Role("Contributor", actions=("*",)),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": Role("Reader", actions=("*/read",)),
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": Role(
        "Storage Blob Data Reader", frozenset({READ_BLOBS}), (f"{_BLOB}/read",), (f"{_BLOB}/blobs/read",)
    ),
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": Role(
        "Storage Blob Data Contributor",
        frozenset({READ_BLOBS, WRITE_BLOBS}),
        (f"{_BLOB}/read", f"{_BLOB}/write", f"{_BLOB}/delete"),
        (f"{_BLOB}/blobs/read", f"{_BLOB}/blobs/write", f"{_BLOB}/blobs/delete"),
    ),
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": Role(
        "Storage Blob Data Owner", frozenset({READ_BLOBS, WRITE_BLOBS}), (f"{_BLOB}/*",), (f"{_BLOB}/blobs/*",)
    ),
    "17d1049b-9a84-46fb-8f53-869881c3d3ab": Role("Storage Account Contributor", actions=("Microsoft.Storage/*",)),
    "7f951dda-4ed3-4680-a7ca-43fe172d538d": Role(
        "AcrPull", frozenset({PULL}), ("Microsoft.ContainerRegistry/registries/pull/read",)
    ),
    "8311e382-0749-4cb8-b61a-304f252e45ec": Role(
        "AcrPush", frozenset({PULL}), ("Microsoft.ContainerRegistry/registries/push/write",)
    ),
    "f6c7c914-8db3-469d-8ca1-694a8f32e121": Role(
        "AzureML Data Scientist", actions=("Microsoft.MachineLearningServices/*",)
    ),
    "635dd51f-9968-44d3-b7fb-6d9a6bd613ae": Role(
        "AzureML Metrics Writer (preview)", actions=("Microsoft.MachineLearningServices/workspaces/metrics/*/write",)
    ),
    "00482a5a-887f-4fb3-b363-3b7fe8e74483": Role("Key Vault Administrator", data_actions=("Microsoft.KeyVault/*",)),
    "4633458b-17de-408a-b874-0445c86b69e6": Role("Key Vault Secrets User"),
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": Role("Key Vault Secrets Officer"),
}


def definition(id: str) -> dict[str, Any]:
    """A built-in role as Resource Manager shows it."""
    role = ROLES[id]
    return {
        "id": f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{id}",
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": id,
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "assignableScopes": ["/"],
            "permissions": [{"actions": list(role.actions), "notActions": [],
                             "dataActions": list(role.data_actions), "notDataActions": []}],
        },
    }  # fmt: skip


def definitions(raw: Raw, target: Target) -> Reply | None:
    """A built-in role, or all of them, or those of a name ($filter=roleName eq '...')."""
    kind = "microsoft.authorization/roledefinitions"
    if target.id and target.id.type.lower() == kind:
        if target.id.name not in ROLES:
            raise AzureError("RoleDefinitionDoesNotExist", f"The role '{target.id.name}' does not exist.", 404)
        return json_reply(200, definition(target.id.name))
    if target.collection.lower() != kind:
        return None
    wanted = re.fullmatch(r"roleName eq '(.*)'", raw.parameters.get("$filter", ""), re.IGNORECASE)
    found = [id for id, role in ROLES.items() if wanted is None or role.name == wanted[1]]
    return json_reply(200, {"value": [definition(id) for id in found]})


def allows(azure: "Azure", principal: str, grant: str, scope: str) -> bool:
    """Whether a principal holds a role that grants this at the scope or above it."""
    wanted = f"{scope.lower()}/"
    for assignment in azure.store.of_kind(ASSIGNMENTS):
        given = assignment.properties
        at = f"{given['scope'].lower().rstrip('/')}/"
        role = ROLES[given["roleDefinitionId"].rpartition("/")[2]]
        if given["principalId"] == principal and grant in role.grants and wanted.startswith(at):
            return True
    return False


async def assign(put: Put) -> Made:
    properties = put.properties
    try:
        uuid.UUID(put.id.name)
    except ValueError:
        raise invalid("The role assignment ID must be a GUID.", "InvalidRoleAssignmentId") from None
    role = properties["roleDefinitionId"].rpartition("/")[2]
    if role not in ROLES:
        raise invalid(f"The specified role definition with ID '{role}' does not exist.", "RoleDefinitionDoesNotExist")
    _known_principal(put, properties["principalId"])
    _scope_exists(put)
    _not_twice(put, role)
    if put.old and {**put.old.properties, **properties} != put.old.properties:
        raise AzureError("RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, principal ID, and scope are "
                         "not allowed to be updated.")  # fmt: skip
    properties["roleDefinitionId"] = definition(role)["id"]
    properties.setdefault("principalType", "ServicePrincipal")
    properties["scope"] = put.id.scope or "/"
    return Made(put.body)


def _known_principal(put: Put, principal: str) -> None:
    known = {OBJECT_ID} | {
        one.properties["principalId"]
        for one in put.azure.store.of_kind("Microsoft.ManagedIdentity/userAssignedIdentities")
    }
    known |= {one.body["identity"].get("principalId") for one in put.azure.store.all("") if one.body.get("identity")}
    if principal not in known:
        raise invalid(f"Principal {principal.replace('-', '')} does not exist in the directory.", "PrincipalNotFound")


def _scope_exists(put: Put) -> None:
    scope = put.id.scope
    implicit = scope.lower() == f"/subscriptions/{SUBSCRIPTION}" or "/blobservices/" in scope.lower()
    if not implicit and put.azure.store.get(scope) is None:
        raise AzureError("ResourceNotFound", f"The resource '{scope}' was not found.", 404)


def _not_twice(put: Put, role: str) -> None:
    for one in put.azure.store.of_kind(ASSIGNMENTS):
        given = one.properties
        same = (given["scope"].lower(), given["principalId"], given["roleDefinitionId"].rpartition("/")[2])
        if one.id.key != put.id.key and same == (put.id.scope.lower(), put.properties["principalId"], role):
            raise AzureError("RoleAssignmentExists", "The role assignment already exists.", 409)


KINDS = (Kind(ASSIGNMENTS, assign),)
