"""429 of Resource Manager and 503 of the Blob service.

https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes
"""

from trifold.local.azure.api.arm.actions import VERBS
from trifold.local.azure.api.arm.longrunning import Operations
from trifold.local.azure.api.entra import Caller
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.api.wire import Raw
from trifold.local.azure.cloud import SUBSCRIPTION
from trifold.local.hostile import Hostile

REMAINING = "x-ms-ratelimit-remaining-subscription-"
BUSY = "The server is currently unable to receive requests. Please retry your request."


def throttle(hostile: Hostile, operations: Operations, raw: Raw, caller: Caller) -> None:
    """Raises AzureError where the subscription's requests of a kind are used up."""
    about = operations.about(raw.plain_path) or raw.plain_path
    if not hostile.happens(f"throttle {raw.method} {about}".lower(), hostile.measures.refused):
        return
    least, most = hostile.measures.retry_after
    wait = round(hostile.seconds(f"retry after {about}".lower(), (least, most)))
    kind = VERBS.get(raw.method, "write")
    raise AzureError(
        "SubscriptionRequestsThrottled",
        f"Number of '{kind}' requests for subscription '{SUBSCRIPTION}' actor '{caller.object_id}' exceeded. Please "
        f"try again after '{wait}' seconds.",
        429,
        headers={"retry-after": str(wait), f"{REMAINING}{kind}s": "0"},
    )


def busy(hostile: Hostile, raw: Raw) -> None:
    """Raises AzureError where the storage account has too much to do."""
    if hostile.happens(f"busy {raw.method} {raw.host}{raw.path}", hostile.measures.refused):
        raise AzureError("ServerBusy", BUSY, 503)
