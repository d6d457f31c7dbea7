"""What Resource Manager tells of access: the caller's own permissions at a scope, and whether a principal may do
something there.

checkAccess is in the portal ("Check access") and what Azure's own authorizer of Kubernetes calls
(https://github.com/kubeguard/guard, authz/providers/azure/rbac, whose request and answer these are, version
2018-09-01-preview); its action is in the vendor's list of Microsoft.Authorization's operations.
"""

import json
from typing import TYPE_CHECKING, Any

from trifold.local.azure.api.arm.ids import Target
from trifold.local.azure.api.entra import Caller
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.api.wire import Raw, Reply, json_reply

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

PERMISSIONS, CHECK = "microsoft.authorization/permissions", "microsoft.authorization/checkaccess"
SECONDS_GOOD = 300  # how long an answer may be kept


def answer(azure: "Azure", raw: Raw, target: Target, caller: Caller) -> Reply | None:
    """The answer where the path is one of these; None for all others."""
    collection, scope = target.collection.lower(), target.scope
    if raw.method == "GET" and collection == PERMISSIONS:
        held = azure.grants.permissions(caller.object_id, scope)
        return json_reply(200, {"value": [one.shown() for one in held]})
    if raw.method == "POST" and collection == CHECK:
        return json_reply(200, _decisions(azure, raw, scope))
    return None


def _decisions(azure: "Azure", raw: Raw, scope: str) -> list[dict[str, Any]]:
    try:
        asked = json.loads(raw.body)
        principal = str(asked["Subject"]["Attributes"]["ObjectId"])
        actions = [(str(one["Id"]), bool(one.get("IsDataAction"))) for one in asked["Actions"]]
    except (ValueError, KeyError, TypeError):
        raise AzureError("InvalidRequestContent", "The request content was invalid and could not be deserialized."
                         ) from None  # fmt: skip
    return [_decision(azure, principal, action, data, scope) for action, data in actions]


def _decision(azure: "Azure", principal: str, action: str, data: bool, scope: str) -> dict[str, Any]:
    found = [held for held, role in azure.grants.of(principal, scope) if role.permissions.allow(action, data)]
    shown: dict[str, Any] = {
        "actionId": action,
        "accessDecision": "Allowed" if found else "NotAllowed",
        "isDataAction": data,
        "timeToLiveInMs": SECONDS_GOOD * 1000,
    }
    if found:
        granted = {"roleDefinitionId": found[0].role, "principalId": principal, "scope": found[0].scope}
        shown["roleAssignment"] = {**granted, "principalType": "ServicePrincipal"}
    return shown
