"""What an endpoint's identity may do: pull the image, and read the model. Checked where a deployment starts."""

from typing import TYPE_CHECKING

from trifold.local.azure.api.arm.grants import PULL, READ_BLOBS, allows
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.errors import UNPERMITTED, AzureError
from trifold.local.azure.cloud import BLOB_SUFFIX

if TYPE_CHECKING:
    from trifold.local.azure.api.ml.assets import Location
    from trifold.local.azure.api.services import Azure

REGISTRIES = "Microsoft.ContainerRegistry/registries"
REGISTRY_SUFFIX = ".azurecr.io"
NO_PULL = (
    "Endpoint identity does not have pull permission on the registry. For System Assigned Identity case and workspace "
    "ACR, platform will wire up the permissions but if user is creating deployment with User Assigned Identity or if "
    "using non-workspace ACR, then User should grant pull permissions to identity on the registry."
)
GUIDE = "Please see troubleshooting guide, available here: https://aka.ms/oe-tsg#authorization-error"


class Access:
    """The checks. A system-assigned identity is granted what it needs by the workspace, as Azure ML does."""

    def __init__(self, azure: "Azure") -> None:
        self._azure = azure

    def pull(self, deployment: Resource, image: str) -> None:
        """An image of a registry of Azure needs the registry, and AcrPull on it."""
        host = image.partition("/")[0].lower()
        if not host.endswith(REGISTRY_SUFFIX):
            return
        registries = self._azure.store.of_kind(REGISTRIES)
        found = next((one for one in registries if one.properties["loginServer"].lower() == host), None)
        if found is None:
            raise AzureError("ResourceNotReady", f"ImagePullFailed: no such host: the registry {host} was not found.")
        if not self._any(deployment, PULL, found.id.text, data=False):
            raise AzureError("BadArgument", f"{NO_PULL} {GUIDE}")

    def read(self, deployment: Resource, place: "Location") -> None:
        """A model's files need Storage Blob Data Reader on their container or above; the refusal is Blob Storage's."""
        scope = f"{place.account.id.text}/blobServices/default/containers/{place.container}"
        if not self._any(deployment, READ_BLOBS, scope):
            blobs = f"https://{place.account.id.name}{BLOB_SUFFIX}/{place.container}/{place.path}"
            raise AzureError("BadArgument", f"Unable to download user model from {blobs}: {UNPERMITTED} ErrorCode: "
                             f"AuthorizationPermissionMismatch. {GUIDE}")  # fmt: skip

    def _any(self, deployment: Resource, action: str, scope: str, data: bool = True) -> bool:
        endpoint = self._azure.store.get(deployment.id.parent or "")
        identity = (endpoint.body.get("identity") if endpoint else None) or {"type": "SystemAssigned"}
        if "SystemAssigned" in identity["type"]:
            return True
        principals = [one["principalId"] for one in identity.get("userAssignedIdentities", {}).values()]
        return any(allows(self._azure, principal, action, scope, data) for principal in principals)
