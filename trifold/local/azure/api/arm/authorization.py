"""Whether a caller may do what it asks of Resource Manager; the denials are its own, word for word.

https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trifold.local.azure.api.arm.actions import Operation
from trifold.local.azure.api.arm.conditions import Asked
from trifold.local.azure.api.arm.grants import allows
from trifold.local.azure.api.entra import Caller
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.api.wire import Raw

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure


def check(azure: "Azure", caller: Caller, asked: Operation | None, raw: Raw) -> None:
    """Raises AzureError (403) unless a role of the caller's allows the operation at its scope, or above."""
    if asked is None:
        return
    about = _about(azure, asked, raw) if "/roleassignments/" in asked.name.lower() else None
    if not allows(azure, caller.object_id, asked.name, asked.scope, data=False, asked=about):
        raise AzureError(
            "AuthorizationFailed",
            f"The client '{caller.client_id}' with object id '{caller.object_id}' does not have authorization to "
            f"perform action '{asked.name}' over scope '{asked.scope}' or the scope is invalid. If access was recently "
            "granted, please refresh your credentials.",
            403,
        )


def _about(azure: "Azure", asked: Operation, raw: Raw) -> Asked:
    """What the condition of an assignment may look at: the role assignment that is made, or taken away."""
    held = azure.store.get(raw.plain_path)
    try:
        given = json.loads(raw.body or b"{}").get("properties") or {}
    except (ValueError, AttributeError):
        given = {}
    return Asked(asked.name, _attributes(given), _attributes(held.properties if held else {}))


def _attributes(properties: Mapping[str, Any]) -> dict[str, str]:
    return {
        "RoleDefinitionId": str(properties.get("roleDefinitionId", "")).rpartition("/")[2],
        "PrincipalId": str(properties.get("principalId", "")),
        "PrincipalType": str(properties.get("principalType", "")),
    }


def check_linked(azure: "Azure", caller: Caller, asked: Operation, linked: Operation) -> None:
    """The same of a resource that the request only names: an identity that it hands over to another."""
    if not allows(azure, caller.object_id, linked.name, linked.scope, data=False):
        raise AzureError(
            "LinkedAuthorizationFailed",
            f"The client '{caller.client_id}' with object id '{caller.object_id}' has permission to perform action "
            f"'{asked.name}' on scope '{asked.scope}'; however, it does not have permission to perform action(s) "
            f"'{linked.name}' on the linked scope(s) '{linked.scope}' (respectively) or the linked scope(s) are "
            "invalid.",
            403,
        )
