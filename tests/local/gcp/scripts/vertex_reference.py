"""The scripts in the reference of the generated clients (google.cloud.aiplatform_v1), over gRPC, their default.

Only names are changed, and the clients are told their region, as each script's own head says that it may need. The
scripts whose values are made up (1803 replicas, a null instance) are not among them; what lies between is ours.
"""

from google.api_core.exceptions import NotFound
from google.cloud import aiplatform
from google.cloud.aiplatform_v1 import EndpointServiceClient, ModelServiceClient
from vendor import reference, run

PARENT = "projects/local/locations/us-central1"
REGION = {"ServiceClient()": 'ServiceClient(client_options={"api_endpoint": "us-central1-aiplatform.googleapis.com"})'}


def said(method, **names):
    return run(reference(method), {**REGION, **{f"{old}_value": new for old, new in names.items()}})[0]


def main(names):
    aiplatform.init(project="local", location="us-central1")
    upload = {"artifact_uri": names["artifacts"], "serving_container_image_uri": names["image"]}
    model = aiplatform.Model.upload(display_name="reference", **upload)
    aiplatform.Model.upload(parent_model=model.resource_name, is_default_version=False, **upload)

    assert names["image"] in said(ModelServiceClient.get_model, name=model.resource_name)
    assert model.resource_name in said(ModelServiceClient.list_models, parent=PARENT)
    assert said(ModelServiceClient.list_model_versions, name=model.resource_name).count("version_id:") == 2
    aliases = {"version_aliases_value1": "one", "version_aliases_value2": "two"}
    code = reference(ModelServiceClient.merge_version_aliases)
    answer = run(code, {**REGION, **aliases, "name_value": f"{model.resource_name}@2"})[0]
    assert 'version_aliases: "one"' in answer and 'version_id: "2"' in answer

    endpoints(model)

    said(ModelServiceClient.delete_model_version, name=f"{model.resource_name}@2")
    assert len(model.versioning_registry.list_versions()) == 1
    said(ModelServiceClient.delete_model, name=model.resource_name)
    gone(ModelServiceClient.get_model, model.resource_name)


def endpoints(model):
    made = said(EndpointServiceClient.create_endpoint, parent=PARENT, display_name="reference")
    assert made.startswith("Waiting for operation to complete...")
    (endpoint,) = aiplatform.Endpoint.list(filter='display_name="reference"')
    assert 'display_name: "reference"' in said(EndpointServiceClient.get_endpoint, name=endpoint.resource_name)
    assert endpoint.resource_name in said(EndpointServiceClient.list_endpoints, parent=PARENT)
    endpoint.deploy(model, machine_type="n1-standard-2")
    (deployed,) = endpoint.list_models()
    said(EndpointServiceClient.undeploy_model, endpoint=endpoint.resource_name, deployed_model_id=deployed.id)
    assert endpoint.list_models() == []
    said(EndpointServiceClient.delete_endpoint, name=endpoint.resource_name)
    gone(EndpointServiceClient.get_endpoint, endpoint.resource_name)


def gone(method, name):
    try:
        said(method, name=name)
        raise AssertionError(f"{name} is to be gone")
    except NotFound:
        pass
