"""AWS: what the endpoints' role is granted, and what keeps others out of the bucket."""

import io
import json
import re
import tarfile
import time
from collections.abc import Callable, Collection
from typing import Any

from tests.conformance.grants import Grant, Rig, not_emulated

NOT_AUTHORIZED = r"AccessDenied: User: arn:aws:iam::\d{12}:user/\w+ is not authorized to perform: "
MODEL_DATA = (
    r'Could not access model data at s3://\S+\. Please ensure that the role "\S+" exists and that its trust '
    r'relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker\.amazonaws\.com"\. '
    r'Also ensure that the role has "s3:GetObject" permissions and that the object is located in \S+\. If your Model '
    r'uses multiple models or uncompressed models, please ensure that the role has "s3:ListBucket" permission\.'
)
PULL = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:GetAuthorizationToken",
)
LOG = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
# How long a grant may take to be in effect, and how often to look.
SECONDS, LOOK = 20.0, 0.2
LISTS = "ObjectWriter"  # who writes an object may give it an access list


def grants() -> list[Grant]:
    return [*role_grants(), *bucket_locks(), *gaps()]


def role_grants() -> list[Grant]:
    return [
        Grant(
            "the endpoints identity reads the packages",
            ("endpoint-may-read s3:GetObject",),
            lambda rig: rig.once(model),
            lambda rig: without(rig, "s3:GetObject"),
            f"ValidationException: {MODEL_DATA}",
        ),
        Grant(
            "the endpoints identity pulls the image",
            tuple(f"foundation-endpoint-pull {action}" for action in PULL),
            lambda rig: rig.once(model),
            lambda rig: alike([without(rig, one) for one in PULL]),
            r"ValidationException: Role \S+ cannot pull \S+\. Ensure that the role exists and the image was granted "
            r"pull permission\.",
        ),
        Grant(
            "the platform assumes the endpoints identity",
            ("foundation-endpoint sts:AssumeRole",),
            lambda rig: rig.once(model),
            lambda rig: without(rig, "sts:AssumeRole"),
            r'ValidationException: The execution role ARN "\S+" is invalid\. Please ensure that the role exists and '
            r'that its trust relationship policy allows the action "sts:AssumeRole" for the service principal '
            r'"sagemaker\.amazonaws\.com"\.',
        ),
        # SageMaker goes on without a log where it may not write one; CloudWatch Logs then has nothing to show.
        Grant(
            "the endpoints identity writes its log",
            tuple(f"endpoint-may-log {action}" for action in LOG),
            lambda rig: read_log(rig),
            lambda rig: alike([refusal(lambda one=one: read_log(rig, one)) for one in LOG]),
            r"ResourceNotFoundException: The specified log stream does not exist\.",
        ),
    ]


def bucket_locks() -> list[Grant]:
    return [
        Grant(
            "nobody makes the store public",
            ("storage-private blockPublicPolicy=true",),
            lambda rig: open_to_all(own(rig)),
            lambda rig: refusal(lambda: open_to_all(block(own(rig), "BlockPublicPolicy"))),
            rf'{NOT_AUTHORIZED}s3:PutBucketPolicy on resource: "arn:aws:s3:::\w+" because public policies are blocked '
            r"by the BlockPublicPolicy block public access setting\.",
        ),
        Grant(
            "nobody without credentials reads a store that was made public",
            ("storage-private restrictPublicBuckets=true",),
            lambda rig: read_as_nobody(open_to_all(own(rig))),
            lambda rig: refusal(lambda: read_as_nobody(block(open_to_all(own(rig)), "RestrictPublicBuckets"))),
            "AccessDenied: Access Denied",
        ),
        Grant(
            "no object is made public",
            ("storage-private blockPublicAcls=true",),
            lambda rig: read_as_nobody(write(own(rig, LISTS), ACL="public-read")),
            lambda rig: refusal(lambda: write(block(own(rig, LISTS), "BlockPublicAcls"), ACL="public-read")),
            rf'{NOT_AUTHORIZED}s3:PutObject on resource: "arn:aws:s3:::\w+/note" because public access control lists '
            r"\(ACLs\) are blocked by the BlockPublicAcls block public access setting\.",
        ),
        Grant(
            "nobody without credentials reads an object that was made public",
            ("storage-private ignorePublicAcls=true",),
            lambda rig: read_as_nobody(write(own(rig, LISTS), ACL="public-read")),
            lambda rig: refusal(
                lambda: read_as_nobody(block(write(own(rig, LISTS), ACL="public-read"), "IgnorePublicAcls"))
            ),
            "AccessDenied: Access Denied",
        ),
        Grant(
            "the store takes encrypted transport only",
            ("storage-tls Deny s3:*",),
            lambda rig: write(own(rig), scheme="http"),
            lambda rig: refusal(lambda: write(tls_only(own(rig)), scheme="http")),
            rf'{NOT_AUTHORIZED}s3:PutObject on resource: "arn:aws:s3:::\w+/note" with an explicit deny in a '
            "resource-based policy",
        ),
    ]


def gaps() -> list[Grant]:
    return [
        not_emulated(
            "the endpoints identity writes its metrics",
            ("endpoint-may-log cloudwatch:PutMetricData",),
            "the local AWS has no CloudWatch metrics",
        ),
        not_emulated(
            "no image is overwritten under its tag",
            ("foundation-registry imageTagMutability=IMMUTABLE",),
            "local registries hold no image that could be overwritten",
        ),
    ]


def refusal(attempt: Callable[[], Any]) -> str:
    """What AWS says: the code and the message. A grant that was taken away, and a lock, may take a moment."""
    found = awaited(lambda: heard(attempt))
    assert found, "it was let through"
    return found


def let_through(attempt: Callable[[], Any]) -> Any:
    """What it gives: a new grant takes a moment, see ../../../docs/decisions/130-grants-that-take-seconds.md."""
    from botocore.exceptions import ClientError

    end = time.monotonic() + SECONDS
    while True:
        try:
            return attempt()
        except ClientError:
            if time.monotonic() > end:
                raise
        time.sleep(LOOK)


def awaited(look: Callable[[], str]) -> str:
    """What is found, once it is; "" if it never is."""
    end = time.monotonic() + SECONDS
    while not (found := look()) and time.monotonic() < end:
        time.sleep(LOOK)
    return found


def heard(attempt: Callable[[], Any]) -> str:
    """What a refusal says; "" for none."""
    from botocore.exceptions import ClientError

    try:
        attempt()
    except ClientError as error:
        return "{Code}: {Message}".format(**error.response["Error"])
    return ""


def alike(said: list[str]) -> str:
    """One of some refusals that differ in names only."""
    assert len({re.sub(r"\S*g[0-9a-f]{11}\S*", "", one) for one in said}) == 1, said
    return said[0]


def client(service: str, **more: Any) -> Any:
    import boto3

    return boto3.client(service, **more)


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


# ---- the endpoints' role -----------------------------------------------------------------------------------------


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
        "ecr:GetAuthorizationToken": "*",
        **dict.fromkeys(LOG, f"arn:aws:logs:{place}:log-group:{log_group('*')}:log-stream:*"),
    }
    given = [
        {"Effect": "Allow", "Action": action, "Resource": on}
        for action, on in granted.items()
        if action not in left_out
    ]
    client("iam").put_role_policy(RoleName=rig.name, PolicyName="granted", PolicyDocument=document(*given))


def log_group(name: str) -> str:
    return f"/aws/sagemaker/Endpoints/{name}"


def read_log(rig: Rig, *left_out: str) -> None:
    """What an endpoint has written that finds no package in its archive."""
    name, logs = model(rig, *left_out), client("logs")
    group = log_group(name)
    logs.create_log_group(logGroupName=group)
    rig.after.callback(logs.delete_log_group, logGroupName=group)
    fail_to_start(rig, name)
    found = logs.describe_log_streams(logGroupName=group)["logStreams"]
    stream = found[0]["logStreamName"] if found else "one/none"
    assert logs.get_log_events(logGroupName=group, logStreamName=stream)["events"]


def fail_to_start(rig: Rig, name: str) -> None:
    from botocore.exceptions import WaiterError

    sagemaker = client("sagemaker")
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
        return
    raise AssertionError("an endpoint without a package is in service")


# ---- the bucket --------------------------------------------------------------------------------------------------


def own(rig: Rig, ownership: str = "BucketOwnerEnforced") -> str:
    return bucket(rig.another(), ownership)


def bucket(rig: Rig, ownership: str = "BucketOwnerEnforced") -> str:
    """A bucket that goes by the try's name, with an object; nothing keeps anybody out yet."""
    import boto3

    made = boto3.resource("s3").create_bucket(Bucket=rig.name, ObjectOwnership=ownership)
    rig.after.callback(made.delete)
    rig.after.callback(made.objects.delete)
    # A policy that shuts everybody out of its objects would be in the way.
    rig.after.callback(made.Policy().delete)
    return write(rig.name)


def write(name: str, *, body: bytes = b"mine", scheme: str = "https", **options: str) -> str:
    address = f"{scheme}://s3.us-east-1.amazonaws.com"
    client("s3", endpoint_url=address).put_object(Bucket=name, Key="note", Body=body, **options)
    return name


def open_to_all(name: str) -> str:
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
    client("s3").put_bucket_policy(Bucket=name, Policy=document(everybody))
    return name


def tls_only(name: str) -> str:
    """As infra/aws has it."""
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    client("s3").put_bucket_policy(Bucket=name, Policy=document(deny))
    return name


def block(name: str, switch: str) -> str:
    """One of the four switches of Block Public Access."""
    client("s3").put_public_access_block(Bucket=name, PublicAccessBlockConfiguration={switch: True})
    return name


def read_as_nobody(name: str) -> None:
    from botocore import UNSIGNED
    from botocore.config import Config

    found = client("s3", config=Config(signature_version=UNSIGNED)).get_object(Bucket=name, Key="note")
    assert found["Body"].read() == b"mine"
