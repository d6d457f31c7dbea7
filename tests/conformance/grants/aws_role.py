"""AWS: a role as infra/aws grants it, models by it, and what an endpoint writes as it."""

import io
import tarfile
from collections.abc import Callable, Collection
from typing import Any

from tests.conformance.grants import Rig
from tests.conformance.grants.aws_bucket import bucket, client, document, let_through, refusal, write

PULL = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:GetAuthorizationToken",
)
LOG = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
METRIC, NAMESPACE = "cloudwatch:PutMetricData", "/aws/sagemaker/Endpoints"


def model(rig: Rig, *left_out: str) -> str:
    """A model, by a role with what infra/aws grants; `left_out` is not among it."""
    rig = rig.another()
    arn = role(rig, left_out)
    put_archive(rig)
    return str(let_through(lambda: create_model(rig, arn)))


def without(rig: Rig, action: str) -> str:
    """What SageMaker says of a role that could have a model made, once `action` is taken away from it."""
    rig = rig.another()
    arn = role(rig)
    put_archive(rig)
    let_through(lambda: create_model(rig, arn))
    if action == "sts:AssumeRole":
        client("iam").update_assume_role_policy(RoleName=rig.name, PolicyDocument=trust("lambda"))
    else:
        grant(rig, action)
    return refusal(lambda: create_model(rig, arn))


def create_model(rig: Rig, arn: str) -> str:
    """By its name, which is new each time."""
    sagemaker, made = client("sagemaker"), rig.another()
    container = {
        "Image": f"{rig.account}.dkr.ecr.{rig.region}.amazonaws.com/{rig.name}/trifold-serving@sha256:{'0' * 64}",
        "ModelDataUrl": f"s3://{rig.name}/note",
    }
    sagemaker.create_model(ModelName=made.name, PrimaryContainer=container, ExecutionRoleArn=arn)
    rig.after.callback(sagemaker.delete_model, ModelName=made.name)
    return made.name


def put_archive(rig: Rig) -> None:
    with io.BytesIO() as made:
        tarfile.open(fileobj=made, mode="w:gz").close()
        write(bucket(rig), body=made.getvalue())


def role(rig: Rig, left_out: Collection[str] = ()) -> str:
    iam = client("iam")
    made = iam.create_role(RoleName=rig.name, AssumeRolePolicyDocument=trust("sagemaker"))["Role"]["Arn"]
    rig.after.callback(iam.delete_role, RoleName=rig.name)
    grant(rig, *left_out)
    rig.after.callback(iam.delete_role_policy, RoleName=rig.name, PolicyName="granted")
    return str(made)


def trust(service: str) -> str:
    principal = {"Service": f"{service}.amazonaws.com"}
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def grant(rig: Rig, *left_out: str) -> None:
    """What infra/aws grants the role, but for what is left out."""
    place = f"{rig.region}:{rig.account}"
    granted = {
        "s3:GetObject": f"arn:aws:s3:::{rig.name}/note",
        **dict.fromkeys(PULL, f"arn:aws:ecr:{place}:repository/{rig.name}/trifold-serving"),
        **dict.fromkeys(("ecr:GetAuthorizationToken", METRIC), "*"),
        **dict.fromkeys(LOG, f"arn:aws:logs:{place}:log-group:{log_group('*')}:log-stream:*"),
    }
    given: list[dict[str, Any]] = [
        {"Effect": "Allow", "Action": action, "Resource": on}
        for action, on in granted.items()
        if action not in left_out
    ]
    for one in given:
        if one["Action"] == METRIC:
            one["Condition"] = {"StringEquals": {"cloudwatch:namespace": NAMESPACE}}
    client("iam").put_role_policy(RoleName=rig.name, PolicyName="granted", PolicyDocument=document(*given))


def log_group(name: str) -> str:
    return f"{NAMESPACE}/{name}"


def read_log(rig: Rig, *left_out: str) -> None:
    """What an endpoint has written that finds no package in its archive."""
    group, logs = fail_to_start(rig, *left_out), client("logs")
    found = logs.describe_log_streams(logGroupName=group)["logStreams"]
    stream = found[0]["logStreamName"] if found else "one/none"
    assert logs.get_log_events(logGroupName=group, logStreamName=stream)["events"]


def read_metrics(rig: Rig, *left_out: str) -> None:
    name = fail_to_start(rig, *left_out).rpartition("/")[2]
    mine = [{"Name": "EndpointName", "Value": name}]
    assert client("cloudwatch").list_metrics(Namespace=NAMESPACE, Dimensions=mine)["Metrics"], (
        "no metrics of the endpoint"
    )


def missing(attempt: Callable[[], Any]) -> str:
    """Why there is nothing to be found."""
    try:
        attempt()
    except AssertionError as error:
        return str(error).partition("\n")[0]
    raise AssertionError("it was there")


def fail_to_start(rig: Rig, *left_out: str) -> str:
    """The log group of an endpoint that finds no package; its role is granted all but what is left out."""
    from botocore.exceptions import WaiterError

    name, logs, sagemaker = model(rig, *left_out), client("logs"), client("sagemaker")
    group = log_group(name)
    logs.create_log_group(logGroupName=group)
    rig.after.callback(logs.delete_log_group, logGroupName=group)
    variant = {"VariantName": "one", "ModelName": name, "InstanceType": "ml.t2.medium", "InitialInstanceCount": 1}
    # AWS recommends to describe what one builds on before one does.
    sagemaker.describe_model(ModelName=name)
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.describe_endpoint_config(EndpointConfigName=name)
    rig.after.callback(sagemaker.delete_endpoint_config, EndpointConfigName=name)
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    rig.after.callback(sagemaker.delete_endpoint, EndpointName=name)
    try:
        waiter = sagemaker.get_waiter("endpoint_in_service")
        waiter.wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    except WaiterError as error:
        assert error.last_response["EndpointStatus"] == "Failed", error.last_response
        return group
    raise AssertionError("an endpoint without a package is in service")
