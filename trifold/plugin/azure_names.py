"""Azure: names that something deleted still holds, freed before a stack is made and after all of it is gone.

azure-native deletes a workspace and a vault softly and has no argument for more. Both hold their names for days, and
nobody wants anything back from a stack that is to throw away. What lives is never touched: only what is deleted already
can be purged by these calls.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from trifold.plugin.resource_manager import Arm, resource_manager
from trifold.protocol.declaration import ResourceType, Values

VAULTS = "2023-07-01"
WORKSPACES = "2024-10-01"


class FreedNames:
    """The id is the workspace's own in Resource Manager, with `/freedNames` at its end."""

    def create(self, session: Any, inputs: Values) -> tuple[str, Values]:
        _free(resource_manager(session), inputs)
        return f"{_workspace(inputs)}/freedNames", dict(inputs)

    def update(self, session: Any, id: str, old: Values, inputs: Values) -> Values:
        return dict(inputs)

    def read(self, session: Any, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        return id, dict(inputs), dict(inputs)

    def delete(self, session: Any, id: str, outputs: Values) -> None:
        _free(resource_manager(session), outputs)

    def find(self, session: Any, inputs: Values) -> str:
        return f"{_workspace(inputs)}/freedNames"


def _free(arm: Arm, inputs: Mapping[str, Any]) -> None:
    """Azure ML lists no deleted workspaces: one that is not there is asked to be purged, which is nothing if there is
    none. Key Vault does list deleted vaults, with their tags."""
    workspace = _workspace(inputs)
    if arm.get(workspace, WORKSPACES) is None:
        arm.delete(workspace, WORKSPACES, forceToPurge="true")
    for vault in _deleted_vaults(arm, inputs):
        arm.act(f"{vault['id']}/purge", VAULTS)


def _deleted_vaults(arm: Arm, inputs: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Those of this group with the stack's tags; not those that Azure lets nobody purge."""
    subscription = f"/subscriptions/{inputs['subscriptionId']}"
    group = f"{subscription}/resourceGroups/{inputs['resourceGroupName']}/".lower()
    found = arm.get(f"{subscription}/providers/Microsoft.KeyVault/deletedVaults", VAULTS) or {}
    for vault in found.get("value", []):
        held = vault["properties"]
        tags = held.get("tags") or {}
        ours = all(tags.get(key) == value for key, value in inputs["tags"].items())
        if ours and held["vaultId"].lower().startswith(group) and not held.get("purgeProtectionEnabled"):
            yield vault


def _workspace(inputs: Mapping[str, Any]) -> str:
    return (
        f"/subscriptions/{inputs['subscriptionId']}/resourceGroups/{inputs['resourceGroupName']}/providers/"
        f"Microsoft.MachineLearningServices/workspaces/{inputs['workspaceName']}"
    )


TYPES = (
    ResourceType(
        "trifold:azureml:FreedNames",
        "trifold.plugin.resources.azure_names:FreedNamesArgs",
        FreedNames(),
        replace=("subscriptionId", "resourceGroupName", "workspaceName"),
        delete_first=True,
    ),
)
