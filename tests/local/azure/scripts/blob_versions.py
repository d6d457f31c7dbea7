"""Turn versioning on, overwrite and delete a blob, list its versions, read an old one.

After https://learn.microsoft.com/azure/storage/blobs/versions-manage-python
"""

import os
import sys
from pathlib import Path

from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.mgmt.storage import StorageManagementClient
from azure.storage.blob import BlobServiceClient

resource_group, account, container_name = sys.argv[1:4]
management = StorageManagementClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"])
management.blob_services.set_service_properties(
    resource_group, account, parameters={"properties": {"isVersioningEnabled": True}}
)
service = BlobServiceClient.from_connection_string(Path("connection-string").read_text())
container = service.get_container_client(container_name)

first = container.upload_blob("sample.txt", b"first", metadata={"number": "1"}).get_blob_properties()
second = container.upload_blob("sample.txt", b"second", overwrite=True).get_blob_properties()
blob_client = container.get_blob_client("sample.txt")
print(first.version_id < second.version_id, second.is_current_version)

blob_list = container.list_blobs(name_starts_with="sample.txt", include=["versions"])
print([(blob.version_id == first.version_id, bool(blob.is_current_version)) for blob in blob_list])
print(blob_client.download_blob(version_id=first.version_id).readall().decode())
old = container.get_blob_client("sample.txt", version_id=first.version_id).get_blob_properties()
print(old.metadata, old.etag == first.etag, old.last_modified == first.last_modified)

blob_client.delete_blob()
print([blob.name for blob in container.list_blobs()], len(list(container.list_blobs(include=["versions"]))))
blob_client.delete_blob(version_id=first.version_id)
try:
    blob_client.download_blob(version_id=first.version_id)
except HttpResponseError as error:
    print(error.error_code)
