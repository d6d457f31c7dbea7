"""Make a resource group, give it tags, list the groups, delete it.

After https://learn.microsoft.com/azure/developer/python/sdk/examples/azure-sdk-example-resource-group
"""

import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.resource.resources import ResourceManagementClient

credential = DefaultAzureCredential()
subscription_id = os.environ["AZURE_SUBSCRIPTION_ID"]
resource_client = ResourceManagementClient(credential, subscription_id)

rg_result = resource_client.resource_groups.create_or_update(sys.argv[1], {"location": "eastus"})
print(f"Provisioned resource group {rg_result.name} in the {rg_result.location} region")

rg_result = resource_client.resource_groups.create_or_update(
    sys.argv[1], {"location": "eastus", "tags": {"environment": "test", "department": "tech"}}
)
print(f"Updated resource group {rg_result.name} with tags {rg_result.tags}")
print([group.name for group in resource_client.resource_groups.list()])

poller = resource_client.resource_groups.begin_delete(rg_result.name)
result = poller.result()
print([group.name for group in resource_client.resource_groups.list()])
