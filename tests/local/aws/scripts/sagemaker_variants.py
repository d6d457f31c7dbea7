"""Invoke one variant, shift the traffic to it, let it scale, and take all of it down.

After https://docs.aws.amazon.com/sagemaker/latest/dg/model-ab-testing.html, endpoint-auto-scaling-add-code-define.html
and realtime-endpoints-delete-resources.html
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

aas_client = boto3.client("application-autoscaling")
resource_id = "endpoint/my-endpoint/variant/Variant2"
aas_client.register_scalable_target(
    ServiceNamespace="sagemaker",
    ResourceId=resource_id,
    ScalableDimension="sagemaker:variant:DesiredInstanceCount",
    MinCapacity=1,
    MaxCapacity=2,
)
aas_client.put_scaling_policy(
    PolicyName="my-policy",
    ServiceNamespace="sagemaker",
    ResourceId=resource_id,
    ScalableDimension="sagemaker:variant:DesiredInstanceCount",
    PolicyType="TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration={
        "TargetValue": 50.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        "ScaleInCooldown": 600,
        "ScaleOutCooldown": 300,
    },
)
found = aas_client.describe_scaling_policies(ServiceNamespace="sagemaker", ResourceId=resource_id)
print([policy["PolicyName"] for policy in found["ScalingPolicies"]])
aas_client.deregister_scalable_target(
    ServiceNamespace="sagemaker", ResourceId=resource_id, ScalableDimension="sagemaker:variant:DesiredInstanceCount"
)

response = sm.describe_endpoint_config(EndpointConfigName="my-config")
sm.delete_endpoint(EndpointName="my-endpoint")
sm.get_waiter("endpoint_deleted").wait(EndpointName="my-endpoint", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
sm.delete_endpoint_config(EndpointConfigName=response["EndpointConfigName"])
sm.delete_model(ModelName=response["ProductionVariants"][0]["ModelName"])
print(sm.list_endpoints(NameContains="my-endpoint")["Endpoints"])
