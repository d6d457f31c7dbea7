"""Deploy a model for real-time inference: model, endpoint configuration, endpoint; wait; invoke.

After https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html and
realtime-endpoints-test-endpoints.html, in our own words
"""

import json
import sys

import boto3

role_name, model_url, image_uri, body = sys.argv[1:5]
aws_region = "us-east-1"
sagemaker_client = boto3.client("sagemaker", region_name=aws_region)
sagemaker_role = boto3.client("iam").get_role(RoleName=role_name)["Role"]["Arn"]

response = sagemaker_client.create_model(
    ModelName="my-model",
    ExecutionRoleArn=sagemaker_role,
    PrimaryContainer={"Image": image_uri, "ModelDataUrl": model_url},
)
endpoint_config_response = sagemaker_client.create_endpoint_config(
    EndpointConfigName="my-config",
    ProductionVariants=[
        {
            "VariantName": variant,
            "ModelName": "my-model",
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
            "InitialVariantWeight": 1,
        }
        for variant in ("Variant1", "Variant2")
    ],
)
print(f"Created EndpointConfig: {endpoint_config_response['EndpointConfigArn']}")
create_endpoint_response = sagemaker_client.create_endpoint(EndpointName="my-endpoint", EndpointConfigName="my-config")
waiter = sagemaker_client.get_waiter("endpoint_in_service")
waiter.wait(EndpointName="my-endpoint", WaiterConfig={"Delay": 1, "MaxAttempts": 120})
print(sagemaker_client.describe_endpoint(EndpointName="my-endpoint")["EndpointStatus"])

sagemaker_runtime = boto3.client("sagemaker-runtime", region_name=aws_region)
with open(body, "rb") as payload:  # noqa: PTH123
    response = sagemaker_runtime.invoke_endpoint(
        EndpointName="my-endpoint", Body=payload.read(), ContentType="application/json"
    )
print(len(json.loads(response["Body"].read().decode("utf-8"))["predictions"]))
