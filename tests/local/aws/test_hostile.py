"""A hostile AWS: grants come late, changes meet others, names are held, calls are refused for now, quotas are a new
account's, instances run out; and the provider and the kit come through where the official ones do."""

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.aws import working
from tests.local.aws.conftest import IMAGE, TRUST, Cloud, World, archive, may_start, separate, wait_for
from tests.local.aws.test_provider import BUCKET, Driver, session_of
from trifold.local.aws.provider.retries import through_conflicts
from trifold.local.aws.provider.server import create
from trifold.plugin.registry import Session
from trifold.plugin.sagemaker import TYPES
from trifold.protocol.declared import DeclaredProvider
from trifold.protocol.naming import Request


@pytest.fixture(scope="module")
def late_grants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """Two to three seconds until a grant works, one until a read sees what was made."""
    with separate(tmp_path_factory.mktemp("late"), grants=[2.0, 3.0], lag=[1.0, 1.0]) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """Every call is refused twice, and every long operation fails once."""
    with separate(tmp_path_factory.mktemp("short"), refused=1.0, late=1.0) as cloud:
        yield cloud


def said(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return "{Code}: {Message}".format(**refused.value.response["Error"])


def until_let(call: Callable[[], Any]) -> list[str]:
    """What was said until it was let through."""
    heard: list[str] = []

    def tried() -> bool:
        try:
            call()
        except ClientError as error:
            heard.append(error.response["Error"]["Message"])
            return False
        return True

    wait_for(tried)
    return heard


def test_a_new_role_cannot_be_assumed_for_a_while_and_its_grants_come_later(late_grants: Cloud) -> None:
    s3, iam, sagemaker = (late_grants.client(name) for name in ("s3", "iam", "sagemaker"))
    s3.create_bucket(Bucket="data")
    s3.put_object(Bucket="data", Key="m", Body=archive(says="x"))
    role = iam.create_role(RoleName="new", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    iam.put_role_policy(RoleName="new", PolicyName="read", PolicyDocument=may_start("arn:aws:s3:::data/*"))
    container = {"Image": IMAGE, "ModelDataUrl": "s3://data/m"}
    heard = until_let(lambda: sagemaker.create_model(ModelName="m", PrimaryContainer=container, ExecutionRoleArn=role))
    assert heard and heard[0].startswith(f'The execution role ARN "{role}" is invalid.')
    iam.delete_role_policy(RoleName="new", PolicyName="read")
    sagemaker.create_model(ModelName="still", PrimaryContainer=container, ExecutionRoleArn=role)
    names = (f"later-{number}" for number in itertools.count())
    assert wait_for(
        lambda: _refused(
            lambda: sagemaker.create_model(ModelName=next(names), PrimaryContainer=container, ExecutionRoleArn=role)
        )
    )


def _refused(call: Callable[[], Any]) -> str:
    try:
        call()
    except ClientError as error:
        text = error.response["Error"]["Message"]
        return text if "cannot pull" in text or "Could not access" in text else ""
    return ""


def test_the_provider_waits_for_what_the_official_one_waits_for(late_grants: Cloud) -> None:
    driver = Driver(create(), patient(late_grants))
    _, bucket, _ = driver.create(BUCKET, bucket="patient", forceDestroy=True)
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::patient/*"}
    deny["Condition"] = {"Bool": {"aws:SecureTransport": "false"}}
    written = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    driver.create("aws:s3/bucketPolicy:BucketPolicy", bucket="patient", policy=written)
    driver.create("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucket="patient", blockPublicAcls=True)
    late_grants.client("s3").put_object(Bucket="patient", Key="m", Body=archive(says="x"))
    role_id, role, _ = driver.create("aws:iam/role:Role", name="patient", assumeRolePolicy=TRUST)
    policy = may_start("arn:aws:s3:::patient/*")
    driver.create("aws:iam/rolePolicy:RolePolicy", role=role_id, name="read", policy=policy)
    container = {"image": IMAGE, "modelDataUrl": "s3://patient/m"}
    driver.create("aws:sagemaker/model:Model", name="p", executionRoleArn=role["arn"], primaryContainer=container)
    driver.end(BUCKET, "patient", bucket)
    driver.create(BUCKET, bucket="patient")


def patient(cloud: Cloud) -> Any:
    """A session whose clients are the provider's own in what they try again."""
    plain = cloud.client

    class Patient(Cloud):
        def client(self, service: str, **config: Any) -> Any:
            made = plain(service, retries={"mode": "standard", "total_max_attempts": 5}, **config)
            return through_conflicts(made) if service == "s3" else made

    cloud_of = Patient(cloud.port)
    cloud_of.session = cloud.session
    return session_of(cloud_of, {})


def test_reads_lag_where_aws_says_they_may(late_grants: Cloud) -> None:
    s3, iam = late_grants.client("s3"), late_grants.client("iam")
    iam.create_role(RoleName="lagging", AssumeRolePolicyDocument=TRUST)
    words = "NoSuchEntity: The role with name lagging cannot be found."
    assert said(lambda: iam.get_role(RoleName="lagging")) == words
    s3.create_bucket(Bucket="lagging")
    assert said(lambda: s3.head_bucket(Bucket="lagging")).startswith("404")
    s3.put_object(Bucket="lagging", Key="k", Body=b"x")
    assert s3.get_object(Bucket="lagging", Key="k")["Body"].read() == b"x", "objects never lag"
    until_let(lambda: iam.get_role(RoleName="lagging"))
    until_let(lambda: s3.head_bucket(Bucket="lagging"))


def test_a_deleted_buckets_name_is_held(late_grants: Cloud) -> None:
    s3 = late_grants.client("s3")
    s3.create_bucket(Bucket="held")
    s3.delete_bucket(Bucket="held")
    aborted = (
        "OperationAborted: A conflicting conditional operation is currently in progress against this resource. "
        "Please try again."
    )
    assert said(lambda: s3.create_bucket(Bucket="held")) == aborted
    until_let(lambda: s3.create_bucket(Bucket="held"))


def test_two_changes_of_one_bucket_at_once_conflict_and_the_provider_comes_through(late_grants: Cloud) -> None:
    client, driver = late_grants.client("s3"), Driver(create(), patient(late_grants))
    client.create_bucket(Bucket="busy")
    block = {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}
    versions = {"VersioningConfiguration": {"Status": "Enabled"}}
    calls = [(client.put_public_access_block, block), (client.put_bucket_versioning, versions)] * 3
    heard = at_once([lambda call=call, given=given: call(Bucket="busy", **given) for call, given in calls])
    assert "OperationAborted" in heard
    settings: list[Callable[[], Any]] = [
        lambda: driver.create("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucket="busy"),
        lambda: driver.create("aws:s3/bucketVersioning:BucketVersioning", bucket="busy",
                              versioningConfiguration={"status": "Enabled"}),
    ] * 2  # fmt: skip
    assert at_once(settings) == []


def at_once(calls: list[Callable[[], Any]]) -> list[str]:
    """The codes of those that were refused."""
    heard: list[str] = []

    def run(call: Callable[[], Any]) -> None:
        try:
            call()
        except ClientError as error:
            heard.append(error.response["Error"]["Code"])

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return heard


@pytest.mark.parametrize(
    ("service", "operation", "codes"),
    [
        ("s3", "list_buckets", {"SlowDown", "ServiceUnavailable"}),
        ("iam", "list_roles", {"Throttling", "ServiceUnavailable"}),
        ("sagemaker", "list_models", {"ThrottlingException", "ServiceUnavailable"}),
    ],
)
def test_an_unmodified_client_comes_through_what_refuses_it_for_now(
    short: Cloud, service: str, operation: str, codes: set[str]
) -> None:
    assert said(getattr(short.client(service), operation)).partition(":")[0] in codes
    getattr(short.client(service, retries={}), operation)()


def test_a_new_account_has_no_room_for_some_instances(short: Cloud) -> None:
    sagemaker = short.client("sagemaker", retries={})
    with short_world(short, "quota") as world:
        world.model("one")
        config = world.config("small", one=1)
        large = {**sagemaker.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"][0]}
        large["InstanceType"] = "ml.m5.large"
        sagemaker.create_endpoint_config(EndpointConfigName="quota-large", ProductionVariants=[large])
        words = said(lambda: sagemaker.create_endpoint(EndpointName="quota", EndpointConfigName="quota-large"))
    assert words.startswith(
        "ResourceLimitExceeded: The account-level service limit 'ml.m5.large for endpoint usage' is 0 Instances, with "
        "current utilization of 0 Instances and a request delta of 1 Instances. Please use AWS Service Quotas"
    )


@contextmanager
def short_world(cloud: Cloud, name: str) -> Iterator[World]:
    """A world whose clients try again, as the vendor's do by themselves."""

    class Trying(Cloud):
        def client(self, service: str, **config: Any) -> Any:
            return super().client(service, **{"retries": {}, **config})

    trying = Trying(cloud.port)
    trying.session = cloud.session
    world = World(trying, name)
    yield world
    world.end()


def test_instances_that_run_out_are_asked_for_again_by_the_rollout(short: Cloud) -> None:
    with short_world(short, "capacity") as world:
        world.model("one")
        world.model("two")
        found = world.create(world.config("first", one=1))
        assert found["EndpointStatus"] == "Failed"
        assert "due to InsufficientInstanceCapacity error" in found["FailureReason"]
        rollout(world, "first")
        assert world.ask()["Body"]["says"] == "one"
        world.config("second", two=1)
        rollout(world, "second")
        assert world.ask()["Body"]["says"] == "two"


def rollout(world: World, config: str) -> None:
    provider, session = DeclaredProvider("trifold", "0", TYPES, Session), Session({})
    session.once(("sagemaker", None), lambda: world.sagemaker)
    given = {"endpointName": world.name, "endpointConfigName": f"{world.name}-{config}"}
    token = "trifold:sagemaker:EndpointRollout"
    checked, _ = provider.check(session, token, Request("rollout", b""), {}, given)
    provider.create(session, token, checked)


def test_an_endpoint_that_found_no_instances_is_made_by_the_next_up(tmp_path: Path) -> None:
    """The official provider gives up on it and keeps it in its state; nobody has to lend a hand."""
    with separate(tmp_path / "api", late=1.0) as cloud, working.stack(cloud, working.package(tmp_path)) as stack:
        assert "due to InsufficientInstanceCapacity error" in stack.up().error
        assert stack.up()
        assert not stack.preview(refresh=True).changed
        assert stack.destroy()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 6))
def test_the_kits_stack_lives_through_all_of_it(tmp_path: Path, seed: int) -> None:
    hostile = {"refused": 0.05, "late": 0.05, "grants": [2.0, 5.0], "lag": [0.3, 1.5]}
    api = separate(tmp_path / "api", seed=seed, **hostile)
    with api as cloud, working.stack(cloud, working.package(tmp_path)) as stack:
        assert stack.up()
        stack.config["trifold:count"] = "2"
        assert stack.up()
        assert not stack.preview(refresh=True).changed
        assert stack.destroy()
        assert stack.up(), "names that are held"
        assert stack.destroy()
