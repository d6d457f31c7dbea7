"""Make a storage account and a container in it; get its keys.

After https://learn.microsoft.com/azure/developer/python/sdk/examples/azure-sdk-example-storage
"""

import os
import sys
from pathlib import Path

from azure.identity import DefaultAzureCredential
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient

credential = DefaultAzureCredential()
subscription_id = os.environ["AZURE_SUBSCRIPTION_ID"]
RESOURCE_GROUP_NAME, storage_account_name, CONTAINER_NAME = sys.argv[1:4]
LOCATION = "eastus"

resource_client = ResourceManagementClient(credential, subscription_id)
rg_result = resource_client.resource_groups.create_or_update(RESOURCE_GROUP_NAME, {"location": LOCATION})

storage_client = StorageManagementClient(credential, subscription_id)
availability_result = storage_client.storage_accounts.check_name_availability({"name": storage_account_name})
if not availability_result.name_available:
    print(f"Storage name {storage_account_name} is already in use. Try another name.")
    sys.exit(1)

poller = storage_client.storage_accounts.begin_create(
    RESOURCE_GROUP_NAME,
    storage_account_name,
    {"location": LOCATION, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}},
)
account_result = poller.result()
print(f"Provisioned storage account {account_result.name}")

keys = storage_client.storage_accounts.list_keys(RESOURCE_GROUP_NAME, storage_account_name)
conn_string = (
    f"DefaultEndpointsProtocol=https;EndpointSuffix=core.windows.net;AccountName={storage_account_name};"
    f"AccountKey={keys.keys_property[0].value if hasattr(keys, 'keys_property') else keys.keys[0].value}"
)
container = storage_client.blob_containers.create(RESOURCE_GROUP_NAME, storage_account_name, CONTAINER_NAME, {})
print(f"Provisioned blob container {container.name}")
Path("connection-string").write_text(conn_string)
