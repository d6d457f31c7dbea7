"""Which operation a request to Resource Manager is, in the words of role definitions, and over what scope.

https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations: a GET reads, PUT and PATCH
write, DELETE deletes, a POST is an action of its own name.
"""

from dataclasses import dataclass

from trifold.local.azure.api.arm.ids import GROUPS, SUBSCRIPTIONS, ResourceId, Target
from trifold.local.azure.api.wire import Raw

VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
# What lies above resource providers has a name of its own in role definitions.
NAMES = {
    GROUPS: "Microsoft.Resources/subscriptions/resourceGroups",
    # Resource Manager follows its own operations at /subscriptions/ID/operationresults/ID.
    **dict.fromkeys(
        ("Microsoft.Resources/locations/operationsStatus", "Microsoft.Resources/locations/operationResults"),
        "Microsoft.Resources/subscriptions/operationresults",
    ),
}
# Asked by POST, and reading all the same: so the vendor names them.
READING = ("checknameavailability",)


@dataclass(frozen=True)
class Operation:
    """name: "Microsoft.Storage/storageAccounts/write"; scope: an id, as the request spells it."""

    name: str
    scope: str


def operation(raw: Raw, target: Target) -> Operation | None:
    """None for what anybody may ask who has a token: which subscriptions and tenants there are."""
    scope = raw.plain_path.rstrip("/")
    if target.id and not target.tail:
        return Operation(f"{_type(target.id)}/{VERBS.get(raw.method, raw.method.lower())}", scope)
    if raw.method == "POST":
        return Operation(_posted(target), _owner(target) or scope)
    if not target.collection and target.id:  # what a subscription or a group holds: resources, providers, locations
        return Operation(f"{_type(target.id)}/{target.tail}/read", target.id.text)
    if target.collection and not target.tail and "/" not in target.collection:
        return Operation("Microsoft.Resources/subscriptions/providers/read", target.scope)
    if target.collection in ("", SUBSCRIPTIONS):
        return None
    return Operation(f"{NAMES.get(target.collection, target.collection)}/read", _owner(target) or scope)


def _posted(target: Target) -> str:
    """Of a resource ("listKeys"), or of a whole provider ("register", "checkNameAvailability")."""
    path = f"{_type(target.id)}/{target.tail}" if target.id else target.collection
    return f"{path}/read" if target.tail.lower() in READING else f"{path}/action"


def _owner(target: Target) -> str:
    return target.id.text if target.id else target.scope


def _type(id: ResourceId) -> str:
    return NAMES.get(id.type, id.type)
