"""Role definitions and role assignments, as Resource Manager keeps them. Who may do what by them: grants.py."""

import re
import uuid
from typing import TYPE_CHECKING, Any

from trifold.local.azure.api.arm import conditions
from trifold.local.azure.api.arm.builtin import ROLES
from trifold.local.azure.api.arm.grants import ASSIGNMENTS, DEFINITIONS
from trifold.local.azure.api.arm.ids import Target
from trifold.local.azure.api.arm.kinds import Kind, Made, Put
from trifold.local.azure.api.arm.permissions import Role, read
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.errors import AzureError, invalid
from trifold.local.azure.api.wire import Raw, Reply, json_reply
from trifold.local.azure.cloud import OBJECT_ID, SUBSCRIPTION, TENANT

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"


def definition(id: str) -> dict[str, Any]:
    """A built-in role as Resource Manager shows it."""
    role = ROLES[id]
    return {
        "id": _place(id),
        "type": DEFINITIONS,
        "name": id,
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "assignableScopes": ["/"],
            "permissions": [role.permissions.shown()],
        },
    }


def definitions(azure: "Azure", raw: Raw, target: Target) -> Reply | None:
    """A role, or all of them, or those of a name ($filter=roleName eq '...'): the built-in ones, and one's own."""
    kind = DEFINITIONS.lower()
    if target.id and target.id.type.lower() == kind:
        id = target.id.name.lower()
        if id not in ROLES and azure.store.get(_place(id)) is None:
            raise AzureError("RoleDefinitionDoesNotExist", f"The role '{target.id.name}' does not exist.", 404)
        return json_reply(200, definition(id)) if id in ROLES else None
    if target.collection.lower() != kind:
        return None
    shown = [*(definition(id) for id in ROLES), *(one.shown() for one in azure.store.of_kind(DEFINITIONS))]
    wanted = re.fullmatch(r"roleName eq '(.*)'", raw.parameters.get("$filter", ""), re.IGNORECASE)
    found = [one for one in shown if wanted is None or one["properties"]["roleName"] == wanted[1]]
    return json_reply(200, {"value": found})


async def define(put: Put) -> Made:
    """A role of one's own. Its name is one of a kind in the directory, as Azure has it."""
    properties = put.properties
    _guid(put.id.name, "RoleDefinitionId", "role definition")
    name = properties.get("roleName") or ""
    others = [one for one in put.azure.store.of_kind(DEFINITIONS) if one.id.key != put.id.key]
    if any(one.properties["roleName"] == name for one in others) or name in [role.name for role in ROLES.values()]:
        raise AzureError("RoleDefinitionWithSameNameExists", f"A custom role with the same name '{name}' already exists"
                         " in this directory. Use a different name.", 409)  # fmt: skip
    entries = [read(one) for one in properties.get("permissions") or []]
    if len(entries) != 1 or not properties.get("assignableScopes"):
        raise invalid("A role definition needs one entry of permissions, and assignable scopes.",
                      "InvalidRoleDefinition")  # fmt: skip
    properties["type"] = "CustomRole"
    properties["permissions"] = [entries[0].shown()]
    properties.setdefault("description", "")
    return Made(put.body, {"role": Role(name, entries[0])})


async def undefined(azure: "Azure", resource: Resource) -> None:
    """A role that somebody holds stays."""
    held = [one for one in azure.store.of_kind(ASSIGNMENTS) if _role(one) == resource.id.name.lower()]
    if held:
        raise AzureError("RoleDefinitionHasAssignments", "There are existing role assignments referencing role.", 400)


async def assign(put: Put) -> Made:
    properties = put.properties
    _guid(put.id.name, "RoleAssignmentId", "role assignment")
    role = properties["roleDefinitionId"].rpartition("/")[2].lower()
    if put.azure.grants.role(role) is None:
        raise invalid(f"The specified role definition with ID '{role}' does not exist.", "RoleDefinitionDoesNotExist")
    _known_principal(put, properties["principalId"], bool(properties.get("principalType")))
    _scope_exists(put)
    _not_twice(put, role)
    if properties.get("condition"):
        conditions.parse(properties["condition"])
        properties.setdefault("conditionVersion", "2.0")
    if put.old and {**put.old.properties, **properties} != put.old.properties:
        raise AzureError("RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, principal ID, and scope are "
                         "not allowed to be updated.")  # fmt: skip
    properties["roleDefinitionId"] = _place(role)
    properties.setdefault("principalType", "ServicePrincipal")
    properties["scope"] = put.id.scope or "/"
    put.azure.grants.set(Resource(put.id, ASSIGNMENTS, put.body))
    return Made(put.body)


async def unassigned(azure: "Azure", resource: Resource) -> None:
    azure.grants.set(resource, exists=False)


def _known_principal(put: Put, principal: str, typed: bool) -> None:
    """Who is given a role must be in the directory. typed: whether the request says what kind of principal it is, in
    which case Azure does not look it up, and so finds one that is new."""
    held = [*put.azure.store.of_kind(IDENTITIES), *(one for one in put.azure.store.all("") if one.body.get("identity"))]
    known = {OBJECT_ID}
    for one in held:
        if typed or put.azure.settled(one):
            shown = one.properties if one.kind == IDENTITIES else one.body["identity"]
            known.add(str(shown.get("principalId")))
    if principal not in known:
        # https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-
        # new-principal-sometimes-fails
        raise invalid(
            f"Principal {principal.replace('-', '')} does not exist in the directory {TENANT}. Check that you have the "
            "correct principal ID. If you are creating this principal and then immediately assigning a role, this "
            "error might be related to a replication delay. In this case, set the role assignment principalType "
            "property to a value, such as ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype",
            "PrincipalNotFound",
        )


def _scope_exists(put: Put) -> None:
    scope = put.id.scope
    implicit = scope.lower() == f"/subscriptions/{SUBSCRIPTION}" or "/blobservices/" in scope.lower()
    if not implicit and put.azure.store.get(scope) is None:
        raise AzureError("ResourceNotFound", f"The resource '{scope}' was not found.", 404)


def _not_twice(put: Put, role: str) -> None:
    for one in put.azure.store.of_kind(ASSIGNMENTS):
        given = one.properties
        same = (given["scope"].lower(), given["principalId"], _role(one))
        if one.id.key != put.id.key and same == (put.id.scope.lower(), put.properties["principalId"], role):
            raise AzureError("RoleAssignmentExists", "The role assignment already exists.", 409)


def _role(assignment: Resource) -> str:
    """The GUID of its definition."""
    return str(assignment.properties["roleDefinitionId"]).rpartition("/")[2].lower()


def _place(id: str) -> str:
    return f"/subscriptions/{SUBSCRIPTION}/providers/{DEFINITIONS}/{id}"


def _guid(name: str, code: str, what: str) -> None:
    try:
        uuid.UUID(name)
    except ValueError:
        raise invalid(f"The {what} ID must be a GUID.", f"Invalid{code}") from None


KINDS = (Kind(ASSIGNMENTS, assign, unassigned), Kind(DEFINITIONS, define, undefined))
