"""The generated clients, synchronous and asynchronous, where their reference has made-up values: in our words."""

import asyncio

from google.api_core.exceptions import NotFound
from google.cloud import aiplatform_v1
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Value

OPTIONS = {"api_endpoint": "us-central1-aiplatform.googleapis.com"}
PARENT = "projects/local/locations/us-central1"


def main(names):
    models = aiplatform_v1.ModelServiceClient(client_options=OPTIONS)
    container = {"image_uri": names["image"], "ports": [{"container_port": 8080}]}
    uploaded = models.upload_model(
        parent=PARENT,
        model={"display_name": "clients", "artifact_uri": names["artifacts"], "container_spec": container},
    ).result(timeout=60)
    model = models.get_model(name=uploaded.model)

    endpoints = aiplatform_v1.EndpointServiceClient(client_options=OPTIONS)
    endpoint = endpoints.create_endpoint(parent=PARENT, endpoint={"display_name": "clients"}).result(timeout=60)
    deployed = {
        "model": model.name,
        "display_name": "clients",
        "dedicated_resources": {"machine_spec": {"machine_type": "e2-standard-2"}, "min_replica_count": 1},
    }
    operation = endpoints.deploy_model(endpoint=endpoint.name, deployed_model=deployed, traffic_split={"0": 100})
    ident = operation.result(timeout=120).deployed_model.id
    assert dict(endpoints.get_endpoint(name=endpoint.name).traffic_split) == {ident: 100}

    predictions = aiplatform_v1.PredictionServiceClient(client_options=OPTIONS)
    instances = [json_format.ParseDict(one, Value()) for one in names["instances"]]
    answer = predictions.predict(endpoint=endpoint.name, instances=instances)
    assert answer.deployed_model_id == ident and len(answer.predictions) == len(instances)
    assert asyncio.run(ask(endpoint.name, instances)) == len(instances)

    endpoints.undeploy_model(endpoint=endpoint.name, deployed_model_id=ident, traffic_split={}).result(timeout=60)
    endpoints.delete_endpoint(name=endpoint.name).result(timeout=60)
    models.delete_model(name=model.name).result(timeout=60)
    try:
        models.get_model(name=model.name)
        raise AssertionError("it is gone")
    except NotFound:
        pass


async def ask(endpoint, instances):
    client = aiplatform_v1.PredictionServiceAsyncClient(client_options=OPTIONS)
    answer = await client.predict(endpoint=endpoint, instances=instances)
    return len(answer.predictions)
