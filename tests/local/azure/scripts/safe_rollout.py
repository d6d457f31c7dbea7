"""A second deployment beside the first: asked by name, a tenth of the traffic, all of it, and the first one deleted.

After https://learn.microsoft.com/azure/machine-learning/how-to-safely-rollout-online-endpoints
"""

import os
import sys

from azure.ai.ml import MLClient
from azure.ai.ml.entities import ManagedOnlineDeployment
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential

resource_group, workspace, online_endpoint_name, request_file = sys.argv[1:5]
ml_client = MLClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"], resource_group, workspace)

green_deployment = ManagedOnlineDeployment(
    name="green",
    endpoint_name=online_endpoint_name,
    model=ml_client.models.get("half-plus-two", "1"),
    environment=ml_client.environments.get("serving", "1"),
    instance_type="Standard_F4s_v2",
    instance_count=1,
)
ml_client.online_deployments.begin_create_or_update(green_deployment).result()
print(ml_client.online_endpoints.invoke(online_endpoint_name, deployment_name="green", request_file=request_file)[:16])

endpoint = ml_client.online_endpoints.get(name=online_endpoint_name)
endpoint.traffic = {"blue": 90, "green": 10}
ml_client.online_endpoints.begin_create_or_update(endpoint).result()
print(dict(sorted(ml_client.online_endpoints.get(name=online_endpoint_name).traffic.items())))

try:
    ml_client.online_deployments.begin_delete(name="blue", endpoint_name=online_endpoint_name).result()
except HttpResponseError as error:
    print(error.error.code)

endpoint.traffic = {"blue": 0, "green": 100}
ml_client.online_endpoints.begin_create_or_update(endpoint).result()
ml_client.online_deployments.begin_delete(name="blue", endpoint_name=online_endpoint_name).result()
print([one.name for one in ml_client.online_deployments.list(online_endpoint_name)])

ml_client.online_endpoints.begin_delete(name=online_endpoint_name).result()
print([one.name for one in ml_client.online_endpoints.list()])
