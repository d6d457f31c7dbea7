"""Azure, through azure-storage-blob and Resource Manager."""

import hashlib
from collections.abc import Mapping
from typing import Any

from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobClient, ContainerClient

from tests.conformance.use.azure_parts import bring, brought, take_away

__all__ = ("anonymous", "archive", "bring", "brought", "left", "overwrite", "take_away")
KEY = "conformance/note.txt"


def overwrite(outputs: Mapping[str, Any]) -> list[str]:
    with ContainerClient.from_container_url(outputs["store"], credential=DefaultAzureCredential()) as container:
        blob = container.get_blob_client(KEY)
        versions = [blob.upload_blob(text, overwrite=True)["version_id"] for text in (b"old", b"new")]
        found = [blob.download_blob(version_id=one).readall().decode() for one in reversed(versions)]
        blob.delete_blob()
    return found


def anonymous(outputs: Mapping[str, Any]) -> int:
    """The status that somebody without credentials gets."""
    with BlobClient.from_blob_url(outputs["archive"]) as blob:
        try:
            blob.download_blob().readall()
        except HttpResponseError as error:
            return int(error.status_code or 0)
    return 200


def archive(outputs: Mapping[str, Any]) -> str:
    with BlobClient.from_blob_url(outputs["archive"], credential=DefaultAzureCredential()) as blob:
        return hashlib.sha256(blob.download_blob().readall()).hexdigest()


def left(outputs: Mapping[str, Any]) -> list[str]:
    """Everything lives in resource groups: an account without any is empty."""
    from azure.mgmt.resource.resources import ResourceManagementClient

    with ResourceManagementClient(DefaultAzureCredential(), outputs["account"]) as client:
        return sorted(f"group {one.name}" for one in client.resource_groups.list())
