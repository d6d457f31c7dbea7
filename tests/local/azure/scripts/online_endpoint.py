"""Register a model and an environment with an image, deploy them to a managed online endpoint, ask it, read its log.

After https://learn.microsoft.com/azure/machine-learning/how-to-deploy-custom-container
"""

import os
import sys

from azure.ai.ml import MLClient
from azure.ai.ml.entities import (
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    OnlineRequestSettings,
)
from azure.identity import DefaultAzureCredential

resource_group, workspace, online_endpoint_name, image, model_path, request_file = sys.argv[1:7]
ml_client = MLClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"], resource_group, workspace)

endpoint = ManagedOnlineEndpoint(
    name=online_endpoint_name,
    description="this is a sample endpoint",
    auth_mode="key",
    tags={"foo": "bar"},
)
ml_client.online_endpoints.begin_create_or_update(endpoint).result()

model = Model(name="half-plus-two", version="1", path=model_path, type="custom_model")
env = Environment(
    name="serving",
    version="1",
    image=image,
    inference_config={
        "liveness_route": {"port": 5001, "path": "/"},
        "readiness_route": {"port": 5001, "path": "/ready"},
        "scoring_route": {"port": 5001, "path": "/score"},
    },
)
blue_deployment = ManagedOnlineDeployment(
    name="blue",
    endpoint_name=online_endpoint_name,
    model=model,
    environment=env,
    instance_type="Standard_DS3_v2",
    instance_count=1,
    request_settings=OnlineRequestSettings(request_timeout_ms=60000, max_concurrent_requests_per_instance=8),
)
ml_client.online_deployments.begin_create_or_update(blue_deployment).result()

endpoint.traffic = {"blue": 100}
ml_client.online_endpoints.begin_create_or_update(endpoint).result()
print(ml_client.online_endpoints.get(name=online_endpoint_name).traffic)
print(len(ml_client.online_endpoints.get_keys(name=online_endpoint_name).primary_key) > 20)
print(ml_client.online_endpoints.invoke(online_endpoint_name, request_file=request_file)[:16])
print("serving" in ml_client.online_deployments.get_logs("blue", online_endpoint_name, lines=50))
