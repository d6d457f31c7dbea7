"""Share one blob by a signature, and see that it opens nothing else; what a token needs.

After https://learn.microsoft.com/azure/storage/blobs/sas-service-create-python
"""

import datetime
import sys
from pathlib import Path

from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import (
    AccountSasPermissions,
    BlobClient,
    BlobSasPermissions,
    BlobServiceClient,
    ResourceTypes,
    generate_account_sas,
    generate_blob_sas,
)

container_name = sys.argv[1]
service = BlobServiceClient.from_connection_string(Path("connection-string").read_text())
blob_client = service.get_blob_client(container_name, "shared.txt")
blob_client.upload_blob(b"shared", overwrite=True)
service.get_blob_client(container_name, "other.txt").upload_blob(b"other", overwrite=True)

start_time = datetime.datetime.now(datetime.UTC)
sas_token = generate_blob_sas(
    account_name=blob_client.account_name,
    container_name=blob_client.container_name,
    blob_name=blob_client.blob_name,
    account_key=service.credential.account_key,
    permission=BlobSasPermissions(read=True),
    expiry=start_time + datetime.timedelta(days=1),
    start=start_time - datetime.timedelta(minutes=1),
)
print(BlobClient.from_blob_url(f"{blob_client.url}?{sas_token}").download_blob().readall().decode())

account_token = generate_account_sas(
    service.account_name, service.credential.account_key, ResourceTypes(object=True), AccountSasPermissions(read=True),
    start_time + datetime.timedelta(hours=1),
)  # fmt: skip
print(BlobClient.from_blob_url(f"{blob_client.url}?{account_token}").download_blob().readall().decode())


def code(action):
    try:
        action()
    except HttpResponseError as error:
        return f"{error.status_code} {error.response.headers['x-ms-error-code']}"
    return "allowed"


other = f"{service.url}{container_name}/other.txt?{sas_token}"
print(code(BlobClient.from_blob_url(other).download_blob))
print(code(lambda: BlobClient.from_blob_url(f"{blob_client.url}?{sas_token}").upload_blob(b"x", overwrite=True)))
wrong = BlobServiceClient(service.url, credential={"account_name": service.account_name, "account_key": "d3Jvbmc="})
print(code(lambda: list(wrong.list_containers())))
by_token = BlobServiceClient(service.url, credential=DefaultAzureCredential())
print(code(by_token.get_account_information))
print(code(by_token.get_blob_client(container_name, "shared.txt").download_blob))
print(code(BlobClient.from_blob_url(blob_client.url).download_blob))
