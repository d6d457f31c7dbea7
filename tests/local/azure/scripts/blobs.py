"""Upload, list, download and delete blobs.

After https://learn.microsoft.com/azure/storage/blobs/storage-quickstart-blobs-python
"""

import os
import uuid
from pathlib import Path

from azure.storage.blob import BlobServiceClient

connect_str = Path("connection-string").read_text()
blob_service_client = BlobServiceClient.from_connection_string(connect_str)

container_name = str(uuid.uuid4())
container_client = blob_service_client.create_container(container_name)

local_path = Path("./data")
local_path.mkdir(exist_ok=True)
local_file_name = str(uuid.uuid4()) + ".txt"
upload_file_path = local_path / local_file_name
upload_file_path.write_text("Hello, World!")

blob_client = blob_service_client.get_blob_client(container=container_name, blob=local_file_name)
with upload_file_path.open(mode="rb") as data:
    blob_client.upload_blob(data)

print("Listing blobs...", [blob.name == local_file_name for blob in container_client.list_blobs()])

download_file_path = local_path / str.replace(local_file_name, ".txt", "DOWNLOAD.txt")
with download_file_path.open(mode="wb") as download_file:
    download_file.write(container_client.download_blob(local_file_name).readall())
print(download_file_path.read_text())

large = os.urandom(9 * 1024 * 1024)
container_client.upload_blob("dir a/large ü.bin", large, max_concurrency=2, metadata={"kind": "test"})
found = container_client.get_blob_client("dir a/large ü.bin")
print(found.download_blob(max_concurrency=2).readall() == large, found.get_blob_properties().metadata)
print(found.download_blob(offset=5, length=10).readall() == large[5:15])

container_client.delete_container()
print(container_name in [one.name for one in blob_service_client.list_containers()])
