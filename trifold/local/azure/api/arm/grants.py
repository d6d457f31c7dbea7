"""Who may do what where: the role assignments that are in effect, which on a hostile cloud is a while after they are
made, or taken away.

https://learn.microsoft.com/azure/role-based-access-control/troubleshooting: changes can take up to ten minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trifold.local.azure.api.arm import conditions
from trifold.local.azure.api.arm.builtin import OWNER, ROLES
from trifold.local.azure.api.arm.conditions import Asked
from trifold.local.azure.api.arm.permissions import Permissions, Role
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.cloud import OBJECT_ID, SUBSCRIPTION
from trifold.local.hostile import Lagging

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
DEFINITIONS = "Microsoft.Authorization/roleDefinitions"
READ_BLOBS, WRITE_BLOBS, DELETE_BLOBS = (
    f"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/{verb}" for verb in ("read", "write", "delete")
)
PULL = "Microsoft.ContainerRegistry/registries/pull/read"


@dataclass(frozen=True)
class Grant:
    """One assignment. role: the definition's GUID; condition: what else must hold, "" for nothing."""

    principal: str
    role: str
    scope: str
    condition: str = ""

    def reaches(self, scope: str) -> bool:
        """Whether it holds at a scope: its own, or one below."""
        return f"{scope.lower().rstrip('/')}/".startswith(f"{self.scope.lower().rstrip('/')}/")


class Grants:
    """The caller that `trifold local env` gives out owns the subscription from the start."""

    def __init__(self, azure: "Azure") -> None:
        self._azure = azure
        self._held: dict[str, Grant | None] = {"": Grant(OBJECT_ID, OWNER, f"/subscriptions/{SUBSCRIPTION}")}
        self._late: dict[str, Lagging[Grant | None]] = {}

    def set(self, assignment: Resource, exists: bool = True) -> None:
        """An assignment was made, or is gone."""
        given, key = assignment.properties, assignment.id.key
        role = given["roleDefinitionId"].rpartition("/")[2].lower()
        grant = Grant(given["principalId"].lower(), role, given["scope"], given.get("condition") or "")
        hostile = self._azure.context.hostile
        if hostile is None:
            self._held[key] = grant if exists else None
            return
        late = self._late.setdefault(key, hostile.lagging(f"grant {key}", None, hostile.measures.grants))
        late.set(grant if exists else None)

    def of(self, principal: str, scope: str) -> Iterator[tuple[Grant, Role]]:
        """What a principal holds at a scope, and is in effect."""
        for held in (*self._held.values(), *(late.seen for late in self._late.values())):
            if held and held.principal == principal.lower() and held.reaches(scope):
                role = self.role(held.role)
                if role:
                    yield held, role

    def role(self, id: str) -> Role | None:
        """A built-in role, or one of the subscription's own."""
        if id in ROLES:
            return ROLES[id]
        made = self._azure.store.get(f"/subscriptions/{SUBSCRIPTION}/providers/{DEFINITIONS}/{id}")
        return made.hidden["role"] if made else None

    def permissions(self, principal: str, scope: str) -> list[Permissions]:
        return [role.permissions for _, role in self.of(principal, scope)]


def allows(
    azure: "Azure", principal: str, action: str, scope: str, data: bool = True, asked: Asked | None = None
) -> bool:
    """Whether a principal holds a role that grants an operation at the scope or above it. asked: what the condition of
    an assignment may look at; without, it is taken to hold."""
    for held, role in azure.grants.of(principal, scope):
        if role.permissions.allow(action, data) and _holds(held.condition, asked):
            return True
    return False


def _holds(condition: str, asked: Asked | None) -> bool:
    return not condition or asked is None or conditions.parse(condition)(asked)
