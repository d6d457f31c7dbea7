"""What is deleted and keeps its name: key vaults for the days they say, Azure ML workspaces for fourteen.

https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
https://learn.microsoft.com/azure/machine-learning/concept-soft-delete
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from trifold.local.azure.api.arm.ids import ResourceId
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.cloud import LOCATION, SUBSCRIPTION

VAULTS = "Microsoft.KeyVault/vaults"
WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
DAY = 24 * 3600


@dataclass
class Deleted:
    """Vaults by name, which is one of a kind in the world; workspaces by id. Both in lower case."""

    vaults: dict[str, tuple[Resource, float]] = field(default_factory=dict)
    workspaces: dict[str, Resource] = field(default_factory=dict)

    def keep(self, resource: Resource) -> None:
        """Something was deleted: whatever is recoverable is kept."""
        if resource.kind == VAULTS:
            self.vaults[resource.id.name.lower()] = (resource, time.time())
        elif resource.kind == WORKSPACES and not resource.hidden.get("purged"):
            self.workspaces[resource.id.key] = resource

    def vault(self, id: ResourceId, mode: str) -> Resource | None:
        """The vault that is recovered; None for a new one. Raises AzureError where the name is held."""
        found = self.vaults.get(id.name.lower())
        if found is None:
            return None
        if mode.lower() != "recover" or found[0].id.key != id.key:
            raise AzureError("ConflictError", "A vault with the same name already exists in deleted state. You need to "
                             "either recover or purge existing key vault. Follow this link "
                             "https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
                             409)  # fmt: skip
        return self.vaults.pop(id.name.lower())[0]

    def workspace(self, id: ResourceId) -> None:
        """Raises AzureError where a workspace of that id was deleted."""
        if id.key in self.workspaces:
            raise AzureError("BadRequest", "Soft-deleted workspace exists. Please purge or recover it. "
                             "https://aka.ms/wsoftdelete", 400)  # fmt: skip

    def purge_workspace(self, id: ResourceId) -> bool:
        return self.workspaces.pop(id.key, None) is not None

    def purge_vault(self, name: str) -> None:
        """Raises AzureError where there is none, or it is protected."""
        resource, _ = self._vault(name)
        if resource.properties.get("enablePurgeProtection"):
            raise AzureError("MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.", 405)
        del self.vaults[name.lower()]

    def shown(self) -> Iterator[dict[str, Any]]:
        for name in self.vaults:
            yield self.shown_vault(name)

    def shown_vault(self, name: str) -> dict[str, Any]:
        """A deleted vault as Resource Manager shows it."""
        resource, when = self._vault(name)
        days = resource.properties.get("softDeleteRetentionInDays", 90)
        return {
            "id": f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/{LOCATION}/deletedVaults/"
            f"{resource.id.name}",
            "name": resource.id.name,
            "type": "Microsoft.KeyVault/deletedVaults",
            "properties": {
                "vaultId": resource.id.text,
                "location": LOCATION,
                "deletionDate": _stamp(when),
                "scheduledPurgeDate": _stamp(when + days * DAY),
                "tags": resource.body.get("tags") or {},
                "purgeProtectionEnabled": bool(resource.properties.get("enablePurgeProtection")),
            },
        }

    def _vault(self, name: str) -> tuple[Resource, float]:
        if name.lower() not in self.vaults:
            raise AzureError("DeletedVaultNotFound", f"The deleted vault '{name}' could not be found.", 404)
        return self.vaults[name.lower()]


def _stamp(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
