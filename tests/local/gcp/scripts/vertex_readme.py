"""The README of google-cloud-aiplatform and the examples in its reference, from a model's upload to its end.

Only names are changed (display names, ids, folder and image), and `[...]` into the instances that it stands for. The
README's own deployment asks for a GPU, which is refused by name; the one after it is like it without.
"""

from google.api_core.exceptions import MethodNotImplemented
from google.cloud import aiplatform
from google.cloud.aiplatform import Endpoint, Model
from vendor import example, readme, run

SDK = "google-cloud-aiplatform"


def main(names):
    aiplatform.init(project="local", location="us-central1")
    title = names["model"]
    folder = {
        "gs://python/to/my/model/dir": names["artifacts"],
        "us-docker.pkg.dev/vertex-ai/prediction/tf2-cpu.2-2:latest": names["image"],
    }
    code = readme(SDK, "aiplatform.Model.upload(")
    model = run(code, {"my-model": title, **folder}, aiplatform=aiplatform)[1]["model"]
    code = readme(SDK, "Model('/projects/my-project/locations/us-central1/models/{MODEL_ID}')\n")
    read = {"/projects/my-project/locations/us-central1/models/{MODEL_ID}": model.resource_name}
    assert run(code, read, aiplatform=aiplatform)[1]["model"].display_name == title
    updated = run(example(Model.update), {"my-model": f"{title}-new"}, my_model=model)[1]["my_model"]
    assert (updated.description, updated.labels) == ("my description", {"key": "value"})
    found = {"my_label_value": "value", "my_label": "key", "my_model": f"{title}-new"}
    (listed,) = run("found = " + example(Model.list), found, aiplatform=aiplatform)[1]["found"]
    assert listed.resource_name == model.resource_name

    code = readme(SDK, "aiplatform.Endpoint.create(")
    endpoint = run(code, {"my-endpoint": title}, aiplatform=aiplatform)[1]["endpoint"]
    deploy(endpoint, read, model)
    predict(endpoint, names["instances"])
    run(readme(SDK, "endpoint.undeploy_all()"), {}, endpoint=endpoint)
    assert endpoint.list_models() == []
    run(readme(SDK, "endpoint.delete()"), {}, endpoint=endpoint)
    model.delete()
    assert not Endpoint.list(filter=f'display_name="{title}"')


def deploy(endpoint, read, model):
    try:
        run(readme(SDK, "endpoint.deploy(model,\n"), read, aiplatform=aiplatform, endpoint=endpoint)
        raise AssertionError("there is no GPU here")
    except MethodNotImplemented as error:
        assert "accelerator" in str(error)
    for traffic in (100, 0):
        endpoint.deploy(model, machine_type="n1-standard-4", min_replica_count=1, traffic_percentage=traffic)
    first, second = (one.id for one in endpoint.list_models())
    run(example(Endpoint.update), {"123456": first, "234567": second}, my_endpoint=endpoint)
    assert endpoint.traffic_split == {first: 20, second: 80}
    assert endpoint.display_name == "my-updated-endpoint"


def predict(endpoint, instances):
    known = run(example(Endpoint.predict), {"[...]": repr(instances)}, my_endpoint=endpoint)[1]
    assert len(known["my_predictions"]) == len(instances)
    code = readme(SDK, "endpoint.predict(")
    run(code, {"[[6.7, 3.1, 4.7, 1.5], [4.6, 3.1, 1.5, 0.2]]": repr(instances)}, endpoint=endpoint)
