"""googleapis/python-aiplatform: samples/model-builder (the SDK) and samples/snippets (the generated clients, gRPC)."""

from google.cloud import aiplatform
from samples import Samples

PLACE = {"project": "local", "location": "us-central1"}
REGISTRY = "model_registry/"


def main(names):
    builder = Samples(f"{names['samples']}/python-aiplatform/samples/model-builder", "{}_sample.py")
    served = {"serving_container_image_uri": names["image"], "artifact_uri": names["artifacts"]}
    builder.run("init", **PLACE, staging_bucket=names["bucket"])
    model = builder.run("upload_model", **PLACE, display_name="samples", **served)
    assert builder.run("get_model", **PLACE, model_name=model.name).display_name == "samples"
    versions(builder, model, served)
    traffic(builder, model, names["instances"])
    builder.run(f"{REGISTRY}delete_model", **PLACE, model_id=model.name)
    generated(Samples(f"{names['samples']}/python-aiplatform/samples/snippets", "{}_sample.py"), names)


def versions(builder, model, served):
    which = {**PLACE, "model_id": model.name}
    aiplatform.Model.upload(parent_model=model.name, is_default_version=False, **served)
    assert builder.run(f"{REGISTRY}create_default_model", **which).version_id == "1"
    assert [one.version_id for one in builder.run(f"{REGISTRY}list_model_versions_with_model_registry", **which)] == [
        "2",
        "1",
    ]
    builder.run(f"{REGISTRY}assign_aliases_model_version", **which, version_aliases=["golden"], version_id="2")
    assert builder.run(f"{REGISTRY}create_aliased_model", **which, version_id="golden").version_id == "2"
    info = builder.run(f"{REGISTRY}get_model_version_info", **which, version_id="golden")
    assert info.version_aliases == ["golden"]
    assert builder.run(f"{REGISTRY}get_registered_model_version", **which, version_id="golden").version_id == "2"
    builder.run(f"{REGISTRY}delete_aliases_model_version", **which, version_aliases=["golden"], version_id="2")
    builder.refused("default version", f"{REGISTRY}delete_model_version", **which, version_id="1")
    builder.run(f"{REGISTRY}delete_model_version", **which, version_id="2")


def traffic(builder, model, instances):
    endpoint = builder.run("create_endpoint", **PLACE, display_name="samples")
    deploy = {**PLACE, "model_name": model.name, "machine_type": "n1-standard-2", "endpoint": endpoint}
    builder.run("deploy_model_with_dedicated_resources", **deploy, traffic_percentage=100)
    (first,) = endpoint.list_models()
    builder.run("deploy_model_with_dedicated_resources", **deploy, traffic_split={"0": 30, first.id: 70})
    assert sorted(endpoint.traffic_split.values()) == [30, 70]
    answer = builder.run("endpoint_predict", **PLACE, endpoint=endpoint.name, instances=instances)
    assert len(answer.predictions) == len(instances)
    builder.run("predict_tabular_classification", **PLACE, endpoint_name=endpoint.name, instances=instances)
    endpoint.delete(force=True)


def generated(snippets, names):
    served = {"image_uri": names["image"], "artifact_uri": names["artifacts"], "metadata_schema_uri": ""}
    snippets.run("model_service/upload_model", "local", display_name="snippets", **served)
    (model,) = aiplatform.Model.list(filter='display_name="snippets"')
    snippets.run("model_service/get_model", "local", model.name)
    snippets.run("endpoint_service/create_endpoint", "local", "snippets")
    (endpoint,) = aiplatform.Endpoint.list(filter='display_name="snippets"')
    deploy = ("local", endpoint.name, model.resource_name, "snippets")
    snippets.refused("'automatic_resources' is not supported for Model", "endpoint_service/deploy_model", *deploy)
    snippets.run("endpoint_service/deploy_model_custom_trained_model", *deploy)
    snippets.run("prediction_service/predict_custom_trained_model", "local", endpoint.name, names["instances"])
    snippets.run("prediction_service/predict", "local", endpoint.name, names["instances"][0])
    endpoint.undeploy_all()
    snippets.run("endpoint_service/delete_endpoint", "local", endpoint.name)
    snippets.run("model_service/delete_model", "local", model.name)
