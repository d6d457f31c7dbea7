"""Azure, through azure-storage-blob and Resource Manager."""

import hashlib
from collections.abc import Mapping
from typing import Any

import requests
from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobClient, ContainerClient

KEY = "conformance/note.txt"
MANAGEMENT = "https://management.azure.com"


def overwrite(outputs: Mapping[str, Any]) -> list[str]:
    with ContainerClient.from_container_url(outputs["store"], credential=DefaultAzureCredential()) as container:
        blob = container.get_blob_client(KEY)
        versions = [blob.upload_blob(text, overwrite=True)["version_id"] for text in (b"old", b"new")]
        found = [blob.download_blob(version_id=one).readall().decode() for one in reversed(versions)]
        blob.delete_blob()
    return found


def anonymous(outputs: Mapping[str, Any]) -> int:
    return requests.get(outputs["archive"], timeout=30).status_code


def archive(outputs: Mapping[str, Any]) -> str:
    with BlobClient.from_blob_url(outputs["archive"], credential=DefaultAzureCredential()) as blob:
        return hashlib.sha256(blob.download_blob().readall()).hexdigest()


def left(outputs: Mapping[str, Any]) -> list[str]:
    """Everything lives in resource groups: an account without any is empty."""
    token = DefaultAzureCredential().get_token(f"{MANAGEMENT}/.default").token
    found = requests.get(
        f"{MANAGEMENT}/subscriptions/{outputs['account']}/resourcegroups",
        params={"api-version": "2021-04-01"},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    found.raise_for_status()
    return sorted(f"group {one['name']}" for one in found.json()["value"])
