"""boto3's reference: the examples of Application Auto Scaling for a SageMaker endpoint's variant, and the calls under
"Request Syntax" that describe, tag and delete an endpoint and what it was made of. `names` has an endpoint of ours.
"""

from botocore.exceptions import ClientError
from documented import examples, syntax
from vendor import run

# The reference scales an ECS service; its names, the service's too, become those of a variant.
SCALED = {
    "service/default/web-app": "endpoint/{endpoint}/variant/{variant}",
    "ecs:service:DesiredCount": "sagemaker:variant:DesiredInstanceCount",
    "'ecs'": "'sagemaker'",
}
METRIC = {"ECSServiceAverageCPUUtilization": "SageMakerVariantInvocationsPerInstance"}


def main(names):
    scaling({old: new.format(**names) for old, new in SCALED.items()})
    tags(call("DescribeEndpoint", EndpointName=names["endpoint"])["EndpointArn"])
    gone(names)


def scaling(renamed):
    service = "application-autoscaling"
    run(examples(service, "RegisterScalableTarget"), renamed)
    run(examples(service, "PutScalingPolicy"), {**renamed, **METRIC})
    (target,) = run(examples(service, "DescribeScalableTargets"), {"'ecs'": "'sagemaker'"})[1]["response"][
        "ScalableTargets"
    ]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 10)
    policy = {"web-app-cpu-lt-25": "cpu75-target-tracking-scaling-policy"}
    run(examples(service, "DeleteScalingPolicy"), {**renamed, **policy})
    run(examples(service, "DeregisterScalableTarget"), renamed)


def tags(arn):
    call("AddTags", ResourceArn=arn)
    call("DeleteTags", ResourceArn=arn)


def gone(names):
    """The endpoint, its configuration and its models, in that order."""
    config = call("DescribeEndpoint", EndpointName=names["endpoint"])["EndpointConfigName"]
    variants = call("DescribeEndpointConfig", EndpointConfigName=config)["ProductionVariants"]
    call("DeleteEndpoint", EndpointName=names["endpoint"])
    call("DeleteEndpointConfig", EndpointConfigName=config)
    for model in {one["ModelName"] for one in variants}:
        assert call("DescribeModel", ModelName=model)["ModelName"] == model
        call("DeleteModel", ModelName=model)
        try:
            call("DescribeModel", ModelName=model)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "ValidationException"
        else:
            raise AssertionError("it is deleted")


def call(operation, **values):
    """What is answered to a request of the reference, with these names in the place of 'string'."""
    changed = {f"{name}='string'": f"{name}={value!r}" for name, value in values.items()}
    return run(syntax("sagemaker", operation), changed)[1]["response"]
