"""The parts of a workspace, then the workspace itself by Resource Manager's own API, waited for.

After https://learn.microsoft.com/azure/machine-learning/how-to-manage-rest
"""

import os
import sys
import time

import requests
from azure.identity import DefaultAzureCredential
from azure.mgmt.applicationinsights import ApplicationInsightsManagementClient

resource_group, account, vault, workspace = sys.argv[1:5]
credential = DefaultAzureCredential()
subscription = os.environ["AZURE_SUBSCRIPTION_ID"]
insights = ApplicationInsightsManagementClient(credential, subscription).components.create_or_update(
    resource_group, "insights", {"location": "eastus", "kind": "web", "application_type": "web"}
)
group = f"/subscriptions/{subscription}/resourceGroups/{resource_group}/providers"
url = f"https://management.azure.com{group}/Microsoft.MachineLearningServices/workspaces/{workspace}?api-version=2023-10-01"
headers = {"Authorization": f"Bearer {credential.get_token('https://management.azure.com/.default').token}"}
body = {
    "location": "eastus",
    "identity": {"type": "systemAssigned"},
    "properties": {
        "friendlyName": workspace,
        "storageAccount": f"{group}/Microsoft.Storage/storageAccounts/{account}",
        "keyVault": f"{group}/Microsoft.KeyVault/vaults/{vault}",
        "applicationInsights": insights.id,
    },
}
answer = requests.put(url, headers=headers, json=body)
while answer.status_code == 202:
    time.sleep(0.1)
    answer = requests.get(answer.headers["location"], headers=headers)
print(requests.get(url, headers=headers).json()["properties"]["provisioningState"])
