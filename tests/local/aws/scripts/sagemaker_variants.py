"""Invoke one variant, shift the traffic to it; what takes the endpoint down is sagemaker_reference.py.

After https://docs.aws.amazon.com/sagemaker/latest/dg/model-ab-testing.html, in our own words
"""

import sys

import boto3

(body,) = sys.argv[1:2]
sm, smrt = boto3.client("sagemaker"), boto3.client("sagemaker-runtime")
with open(body, "rb") as payload:  # noqa: PTH123
    request = payload.read()
answer = smrt.invoke_endpoint(
    EndpointName="my-endpoint", ContentType="application/json", TargetVariant="Variant2", Body=request
)
print(answer["InvokedProductionVariant"])
sm.update_endpoint_weights_and_capacities(
    EndpointName="my-endpoint",
    DesiredWeightsAndCapacities=[
        {"DesiredWeight": 0, "VariantName": "Variant1"},
        {"DesiredWeight": 1, "VariantName": "Variant2"},
    ],
)
sm.get_waiter("endpoint_in_service").wait(EndpointName="my-endpoint", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
asked = [
    smrt.invoke_endpoint(EndpointName="my-endpoint", ContentType="application/json", Body=request) for _ in range(10)
]
print({one["InvokedProductionVariant"] for one in asked})
