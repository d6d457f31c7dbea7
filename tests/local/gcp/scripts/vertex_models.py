"""Models and their versions, after cloud.google.com/vertex-ai/docs/model-registry, in our own words."""

from google.cloud import aiplatform


def main(names):
    aiplatform.init(project="local", location="us-central1")
    model = aiplatform.Model.upload(
        display_name=names["model"],
        model_id=names["model"],
        artifact_uri=names["artifacts"],
        serving_container_image_uri=names["image"],
        serving_container_predict_route="/predict",
        serving_container_health_route="/health",
        serving_container_ports=[8080],
        serving_container_environment_variables={"LEVEL": "info"},
        labels={"stage": "test"},
    )
    assert model.version_id == "1" and model.version_aliases == ["default"]

    second = aiplatform.Model.upload(
        parent_model=model.resource_name,
        display_name=names["model"],
        artifact_uri=names["artifacts"],
        serving_container_image_uri=names["image"],
        is_default_version=False,
        version_aliases=["candidate"],
        version_description="a second one",
    )
    assert second.version_id == "2"

    registry = aiplatform.models.ModelRegistry(model.resource_name)
    assert [one.version_id for one in registry.list_versions()] == ["2", "1"]
    registry.add_version_aliases(["golden"], version="2")
    assert registry.get_model("golden").version_id == "2"
    registry.remove_version_aliases(["golden"], version="2")
    assert registry.get_version_info("candidate").version_description == "a second one"

    model.update(display_name="renamed", labels={"stage": "prod"})
    found = aiplatform.Model.list(filter='labels.stage="prod"')
    assert [one.display_name for one in found] == ["renamed"]
    registry.delete_version("candidate")
    model.delete()
    assert not aiplatform.Model.list(filter='labels.stage="prod"')
