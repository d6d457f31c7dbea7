"""What each operation of the Blob service asks of a token's roles: containers are the control plane's, blobs are data.

https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory, "Permissions for calling
data operations". So an Owner makes and lists containers by token, and reads and writes no blob.
"""

from trifold.local.azure.api.arm.grants import DELETE_BLOBS, READ_BLOBS, WRITE_BLOBS

_SERVICE = "Microsoft.Storage/storageAccounts/blobServices"
_CONTAINERS = f"{_SERVICE}/containers"
CONTROL = {
    "List Containers": f"{_CONTAINERS}/read",
    "Get Blob Service Properties": f"{_SERVICE}/read",
    "Get Account Information": f"{_SERVICE}/getInfo/action",
    "Create Container": f"{_CONTAINERS}/write",
    "Get Container Properties": f"{_CONTAINERS}/read",
    "Set Container Metadata": f"{_CONTAINERS}/write",
    "Delete Container": f"{_CONTAINERS}/delete",
    "Get Container ACL": f"{_CONTAINERS}/getAcl/action",
    "Lease Container": f"{_CONTAINERS}/write",
}
DATA = {
    "List Blobs": READ_BLOBS,
    "Get Blob": READ_BLOBS,
    "Get Blob Properties": READ_BLOBS,
    "Get Block List": READ_BLOBS,
    "Delete Blob": DELETE_BLOBS,
}


def needed(operation: str) -> tuple[str, bool]:
    """The action, and whether it is one on data; what is in neither table writes a blob."""
    if operation in CONTROL:
        return CONTROL[operation], False
    return DATA.get(operation, WRITE_BLOBS), True
