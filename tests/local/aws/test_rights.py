"""Rights that act: a role's trust, its policies and a bucket's policy, each with the grant and without it."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.conftest import IMAGE, TRUST, Cloud, World


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def make_model(world: World, **changed: Any) -> None:
    world.s3.put_object(Bucket=world.bucket, Key="m.tar.gz", Body=b"x")
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://{world.bucket}/{changed.get('key', 'm.tar.gz')}"}
    role = changed.get("role", world.role)
    world.sagemaker.create_model(ModelName=f"{world.name}-m", PrimaryContainer=container, ExecutionRoleArn=role)


def test_a_role_with_the_right_may_read_the_archive(world: World) -> None:
    world.allow(f"arn:aws:s3:::{world.bucket}/m.tar.gz")
    make_model(world)
    assert world.sagemaker.describe_model(ModelName=f"{world.name}-m")["ExecutionRoleArn"] == world.role


def test_a_role_without_the_right_may_not(world: World) -> None:
    world.allow(f"arn:aws:s3:::{world.bucket}/other.tar.gz")
    with pytest.raises(
        ClientError, match=r"Could not access model data at s3://.*/m.tar.gz. Please ensure that the role"
    ):
        make_model(world)


@pytest.mark.parametrize(("name", "pulled"), [("stub", True), ("other", False)])
def test_a_role_pulls_the_images_that_it_may(world: World, name: str, pulled: bool) -> None:
    layers = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    grants = [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Allow", "Action": layers, "Resource": f"arn:aws:ecr:us-east-1:000000000000:repository/{name}"},
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
    ]
    world.iam.put_role_policy(RoleName=world.name, PolicyName="read", PolicyDocument=policy(*grants))
    if pulled:
        make_model(world)
        return
    with pytest.raises(ClientError, match=f"Role {world.role} cannot pull {IMAGE}. Ensure that the role exists and"):
        make_model(world)


def test_an_access_list_needs_a_bucket_that_has_them(world: World) -> None:
    lists = {"Bucket": world.bucket, "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}
    written = {"Bucket": world.bucket, "Key": "k", "ACL": "public-read"}
    with pytest.raises(ClientError, match="The bucket does not allow ACLs"):
        world.s3.put_object(**written)
    world.s3.put_bucket_ownership_controls(**lists)
    world.s3.put_object(**written)


def test_a_denial_wins(world: World) -> None:
    denial = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    world.iam.put_role_policy(RoleName=world.name, PolicyName="no", PolicyDocument=policy(denial))
    with pytest.raises(ClientError, match="Could not access model data"):
        make_model(world)


def test_an_archive_that_is_not_there_is_said_to_be(world: World) -> None:
    with pytest.raises(ClientError, match=f"Could not find model data at s3://{world.bucket}/nothing."):
        make_model(world, key="nothing")


@pytest.mark.parametrize("principal", ["lambda.amazonaws.com", "ec2.amazonaws.com"])
def test_a_role_that_trusts_another_service_is_refused(world: World, principal: str) -> None:
    world.iam.update_assume_role_policy(
        RoleName=world.name, PolicyDocument=TRUST.replace("sagemaker.amazonaws.com", principal)
    )
    with pytest.raises(
        ClientError, match=f'The execution role ARN "{world.role}" is invalid. Please ensure that the role exists'
    ):
        make_model(world)


@pytest.mark.parametrize(("account", "trusted"), [("000000000000", True), ("123456789012", False)])
def test_a_role_that_trusts_sagemaker_on_behalf_of_one_account(world: World, account: str, trusted: bool) -> None:
    document = json.loads(TRUST)
    document["Statement"][0]["Condition"] = {"StringEquals": {"aws:SourceAccount": account}}
    world.iam.update_assume_role_policy(RoleName=world.name, PolicyDocument=json.dumps(document))
    if trusted:
        make_model(world)
        return
    with pytest.raises(ClientError, match=r"The execution role ARN .* is invalid"):
        make_model(world)


def test_a_role_that_does_not_exist_is_refused(world: World) -> None:
    with pytest.raises(ClientError, match=r"The execution role ARN .* is invalid"):
        make_model(world, role="arn:aws:iam::000000000000:role/nobody")


def test_an_attached_policy_counts(world: World) -> None:
    world.iam.delete_role_policy(RoleName=world.name, PolicyName="read")
    grant = {"Effect": "Allow", "Action": ["s3:Get*"], "Resource": [f"arn:aws:s3:::{world.bucket}/*"]}
    pull = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
    made = world.iam.create_policy(PolicyName=world.name, PolicyDocument=policy(grant, pull))["Policy"]["Arn"]
    world.iam.attach_role_policy(RoleName=world.name, PolicyArn=made)
    make_model(world)


def test_a_bucket_that_takes_tls_only_takes_tls(world: World) -> None:
    everything = [f"arn:aws:s3:::{world.bucket}", f"arn:aws:s3:::{world.bucket}/*"]
    tls = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": everything}
    condition = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    world.s3.put_bucket_policy(Bucket=world.bucket, Policy=policy({**tls, **condition}))
    make_model(world)


@pytest.mark.parametrize(
    ("principal", "action", "denied"),
    [
        ("*", "s3:PutObject", True),
        ({"AWS": "arn:aws:iam::000000000000:root"}, "s3:Put*", True),
        ({"AWS": "arn:aws:iam::000000000000:user/trifold"}, ["s3:PutObject"], True),
        ({"AWS": "arn:aws:iam::123456789012:root"}, "s3:PutObject", False),
        ("*", "s3:DeleteObject", False),
    ],
)
def test_a_bucket_policy_denies_what_it_names(world: World, principal: Any, action: Any, denied: bool) -> None:
    denial = {"Effect": "Deny", "Principal": principal, "Action": action, "Resource": f"arn:aws:s3:::{world.bucket}/*"}
    world.s3.put_bucket_policy(Bucket=world.bucket, Policy=policy(denial))
    if not denied:
        world.s3.put_object(Bucket=world.bucket, Key="k", Body=b"x")
        return
    with pytest.raises(ClientError, match="is not authorized to perform: s3:PutObject on resource") as refused:
        world.s3.put_object(Bucket=world.bucket, Key="k", Body=b"x")
    assert refused.value.response["Error"]["Code"] == "AccessDenied"
    world.s3.delete_bucket_policy(Bucket=world.bucket)
    world.s3.put_object(Bucket=world.bucket, Key="k", Body=b"x")


def test_who_am_i(aws: Cloud) -> None:
    found = aws.client("sts").get_caller_identity()
    assert (found["Account"], found["Arn"]) == ("000000000000", "arn:aws:iam::000000000000:user/trifold")
