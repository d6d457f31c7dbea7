"""aws/amazon-sagemaker-examples: an endpoint made, updated, scaled, its variants weighed, and taken down.

The scripts pause a minute between looks at the endpoint; here a pause is a tenth of a second.
"""

import json
import runpy
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import boto3
from samples import Samples
from vendor import run

ARCHIVED = " archived"
NOTEBOOK = "     deploy_and_monitor/sm-a_b_testing/sm-a_b_testing.ipynb"


def main(names):
    folder = Path(names["samples"]) / "amazon-sagemaker-examples"
    sm, runtime = boto3.client("sagemaker"), boto3.client("sagemaker-runtime")
    role = boto3.client("iam").get_role(RoleName=names["role"])["Role"]["Arn"]
    with quick():
        container = {"Image": names["image"], "ModelDataUrl": names["archive"]}
        samples = Samples(folder / ARCHIVED, "{}.py")
        made = samples.run(
            "onnx-roberta-backend/utils/endpoint_utils", sm, "samples", role, container, "ml.m5.large", "pt"
        )
        model, _, endpoint = made
        script(folder / ARCHIVED / "retail_recommend/deploy.py", model, "samples-second")
        script(folder / ARCHIVED / "product_ratings_with_pipelines/code/deploy_model.py", model, "samples-second")
        scaling(folder / ARCHIVED / "auto-scaling/endpoint_scaling.py", endpoint)
        weights(cells(folder / NOTEBOOK), sm, model)
    asked = {"ContentType": "application/json", "Body": names["request"]}
    for one in (endpoint, "samples-second", "samples-variants"):
        answer = runtime.invoke_endpoint(EndpointName=one, **asked)
        assert json.loads(answer["Body"].read())["predictions"]
        sm.delete_endpoint(EndpointName=one)
    for one in sm.list_endpoint_configs(NameContains="samples")["EndpointConfigs"]:
        sm.delete_endpoint_config(EndpointConfigName=one["EndpointConfigName"])
    sm.delete_model(ModelName=model)


@contextmanager
def quick():
    pause = time.sleep
    time.sleep = lambda seconds: pause(min(seconds, 0.1))
    try:
        yield
    finally:
        time.sleep = pause


def script(path, model, endpoint):
    """A script with the arguments that its reader gives it."""
    kept, sys.argv = sys.argv, [
        str(path), "--model-name", model, "--region", "us-east-1", "--endpoint-name", endpoint,
        "--endpoint-instance-type", "ml.m5.large",
    ]  # fmt: skip
    try:
        runpy.run_path(str(path), run_name="__main__")
    finally:
        sys.argv = kept


def scaling(path, endpoint):
    defined = runpy.run_path(str(path))
    defined["register_scaling"](endpoint, "AllTraffic", 2)
    name, _ = defined["set_target_scaling_on_invocation"](endpoint, "AllTraffic", 50)
    defined["delete_scaling_policies"](endpoint, "AllTraffic", [name])
    defined["clear_auto_scaling_and_reset_to_initialCount"](endpoint, "AllTraffic", 1)


def cells(path):
    return ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]


def weights(notebook, sm, model):
    """The cells of the A/B test that shift the traffic, on two variants that the SageMaker SDK is not needed for."""
    variants = [
        {"VariantName": name, "ModelName": model, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        for name in ("Variant1", "Variant2")
    ]
    sm.create_endpoint_config(EndpointConfigName="samples-variants", ProductionVariants=variants)
    sm.create_endpoint(EndpointName="samples-variants", EndpointConfigName="samples-variants")
    given = {"sm": sm, "time": time, "endpoint_name": "samples-variants"}
    given |= {"variant1": variants[0], "variant2": variants[1]}
    waits = next(cell for cell in notebook if cell.startswith('print("Waiting for update to complete")'))
    run(waits, {}, **given)
    for cell in notebook:
        if "sm.update_endpoint_weights_and_capacities(" in cell:
            run(cell, {}, **given)
            run(waits, {}, **given)
    found = sm.describe_endpoint(EndpointName="samples-variants")["ProductionVariants"]
    assert {one["VariantName"]: one["CurrentWeight"] for one in found} == {"Variant1": 0.0, "Variant2": 1.0}
