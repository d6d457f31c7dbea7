"""A vendor's error that says what is wrong and not what to do: told once more after the run, with the next command."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trifold.errors import UserError

Event = Mapping[str, Any]
Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class Known:
    """said: a part of the error of a resource of this type. told(inputs, stack): what it means there."""

    type: str
    said: str
    told: Callable[[Inputs, str], UserError]


def _held_workspace(inputs: Inputs, stack: str) -> UserError:
    """docs/decisions/163-names-that-azure-holds.md"""
    name, group = (inputs.get(key, "") for key in ("workspaceName", "resourceGroupName"))
    return UserError(
        f"Azure holds the name {name} of a workspace that was deleted, for 14 days from then",
        where=f"workspace {name}, resource group {group}",
        next=f"trifold sweep azure -s {stack} --delete --purge  # for good; or recover it in the portal: "
        "https://learn.microsoft.com/azure/machine-learning/concept-soft-delete",
    )


def _given_already(inputs: Inputs, stack: str) -> UserError:
    """Azure knows an assignment by principal, role and scope, whatever its name: one of others is not the stack's."""
    principal, scope = (inputs.get(key, "") for key in ("principalId", "scope"))
    role = str(inputs.get("roleDefinitionId", "")).rpartition("/")[2]
    return UserError(
        f"{principal} has this role there already, by others, and Azure gives it once only",
        where=str(scope),
        next="bring an identity without it (docs/how-to/bring-your-own-foundation.md), or take it away: "
        f"az role assignment delete --assignee {principal} --role {role} --scope {scope}",
    )


KNOWN = (
    Known("azure-native:machinelearningservices:Workspace", "Soft-deleted workspace exists", _held_workspace),
    Known("azure-native:authorization:RoleAssignment", "RoleAssignmentExists", _given_already),
)


class Explained:
    """A sink of a run's events, which keeps what is to be told."""

    takes_debug = False

    def __init__(self, stack: str) -> None:
        self._stack = stack
        self._errors: dict[str, str] = {}
        self.found: list[UserError] = []

    def __call__(self, event: Event) -> None:
        if (said := event.get("diagnosticEvent")) and said["severity"] == "error":
            self._errors[said.get("urn", "")] = said["message"]
        elif failed := event.get("resOpFailedEvent"):
            self._failed(failed["metadata"])

    def _failed(self, step: Mapping[str, Any]) -> None:
        error, inputs = self._errors.get(step["urn"], ""), (step["new"] or {}).get("inputs") or {}
        self.found += [one.told(inputs, self._stack) for one in KNOWN if one.type == step["type"] and one.said in error]

    def tell(self) -> None:
        for one in self.found:
            print(f"error: {one}", file=sys.stderr)
