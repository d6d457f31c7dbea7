"""What excludes what: one operation at a time on an endpoint, deployment or workspace, nothing in a group that goes.

https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints#http-status-codes ("Common error
codes ... 409: when an operation is already in progress, any new operation on that same online endpoint responds with a
409 conflict error"). The words of its message are not published.
"""

from trifold.local.azure.api.arm.ids import ResourceId
from trifold.local.azure.api.arm.store import Resource, Store
from trifold.local.azure.api.errors import AzureError

UNDER_WAY = ("Creating", "Updating", "Deleting")
ML = "microsoft.machinelearningservices/workspaces"
ONE_AT_A_TIME = (ML, f"{ML}/onlineendpoints", f"{ML}/onlineendpoints/deployments")


def check(store: Store, id: ResourceId) -> None:
    """Raises AzureError (409) where a change of the resource has to wait."""
    group = store.get(id.group) if id.group else None
    if group and group.hidden.get("deleting"):
        raise AzureError("ResourceGroupBeingDeleted", f"The resource group '{group.id.name}' is in deprovisioning "
                         "state and cannot perform this operation.", 409)  # fmt: skip
    found = store.get(id)
    if found and id.type.lower() in ONE_AT_A_TIME and _under_way(found):
        raise AzureError("Conflict", f"An operation on {id.type} '{id.name}' is already in progress.", 409)


def written_at_once(identity: str) -> AzureError:
    """Two federated credentials of one identity at the same time.

    https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations#concurrent-updates-arent-
    supported-user-assigned-managed-identities
    """
    return AzureError(
        "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        f"Too many Federated Identity Credentials are written concurrently for the managed identity '{identity}'. "
        "Concurrent Federated Identity Credentials writes under the same managed identity are not supported.",
        409,
    )


def _under_way(resource: Resource) -> bool:
    return bool(resource.hidden.get("deleting")) or resource.properties.get("provisioningState") in UNDER_WAY
