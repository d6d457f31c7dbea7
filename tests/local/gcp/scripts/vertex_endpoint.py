"""Online predictions, after cloud.google.com/vertex-ai/docs/predictions/get-online-predictions, in our own words."""

import json

from google.api_core.exceptions import GoogleAPICallError
from google.cloud import aiplatform


def main(names):
    aiplatform.init(project="local", location="us-central1")
    upload = {
        "display_name": names["model"],
        "artifact_uri": names["artifacts"],
        "serving_container_image_uri": names["image"],
    }
    model = aiplatform.Model.upload(**upload)
    endpoint = aiplatform.Endpoint.create(display_name=names["model"], labels={"stage": "test"})
    model.deploy(
        endpoint=endpoint,
        deployed_model_display_name="first",
        machine_type="n1-standard-2",
        min_replica_count=1,
        max_replica_count=1,
        traffic_percentage=100,
    )
    answer = endpoint.predict(instances=names["instances"])
    assert len(answer.predictions) == len(names["instances"])
    assert answer.model_resource_name == model.resource_name and answer.model_version_id == "1"
    raw = endpoint.raw_predict(
        body=json.dumps({"instances": names["instances"]}).encode(), headers={"Content-Type": "application/json"}
    )
    assert raw.json()["predictions"] == answer.predictions

    model.deploy(
        endpoint=endpoint, deployed_model_display_name="second", machine_type="n1-standard-2", traffic_percentage=30
    )
    first, second = sorted(endpoint.list_models(), key=lambda one: one.display_name)
    assert endpoint.traffic_split == {first.id: 70, second.id: 30}
    endpoint.update(traffic_split={first.id: 0, second.id: 100})
    assert {endpoint.predict(instances=names["instances"]).deployed_model_id for _ in range(5)} == {second.id}
    endpoint.undeploy(deployed_model_id=first.id)

    assert [one.display_name for one in aiplatform.Endpoint.list(filter='labels.stage="test"')] == [names["model"]]
    try:
        endpoint.delete()
        raise AssertionError("something is deployed to it")
    except GoogleAPICallError as error:
        assert "DeployedModel(s)" in str(error)
    endpoint.delete(force=True)
    model.delete()
