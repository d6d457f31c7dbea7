"""Faults planted in the local AWS: each is found, with the command that mends it, and is not found where it is not."""

import json

import pytest

from tests.conformance import brought
from trifold.doctor.checks import ERROR

pytestmark = pytest.mark.e2e

ANOTHER = [{"Key": "project", "Value": "trifold"}, {"Key": "stack", "Value": "another"}]
TRUST = '{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture
def doctor(doctor_of):
    return doctor_of("aws")


def own(doctor) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in doctor.ask.tags.items()]


@pytest.fixture
def bucket(doctor):
    """The stack's bucket is there already."""
    s3, name = doctor.client("s3"), doctor.ask.names["bucket"]
    s3.create_bucket(Bucket=name)
    yield name
    s3.delete_bucket_policy(Bucket=name)
    s3.delete_bucket(Bucket=name)


@pytest.fixture
def role(doctor):
    """role(actions) -> the ARN of a role that may do these and nothing else."""
    iam = doctor.client("iam")

    def make(effect: str, actions: list[str]) -> str:
        found = iam.create_role(RoleName="doctor-deploys", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        statements = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
        statements += [{"Effect": effect, "Action": actions, "Resource": "*"}]
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_role_policy(RoleName="doctor-deploys", PolicyName="may", PolicyDocument=policy)
        return found

    yield make
    iam.delete_role_policy(RoleName="doctor-deploys", PolicyName="may")
    iam.delete_role(RoleName="doctor-deploys")


@pytest.mark.parametrize("check", ["identity", "permissions", "services", "placement", "quota", "names"])
def test_a_clean_stack_has_nothing_to_mend(doctor, check):
    assert doctor.is_clean(check)


def test_the_wrong_account(doctor):
    found = doctor.one("identity", account="123456789012")
    assert found.severity == ERROR and "000000000000" in found.what and "123456789012" in found.what
    assert "export AWS_PROFILE=" in found.mend and found.where == "Pulumi.doctored.yaml"


def test_nobody_is_signed_in(doctor, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSE0000")
    found = doctor.one("identity")
    assert (found.severity, found.mend.split("  ")[0]) == (ERROR, "aws sso login")
    assert "InvalidClientTokenId" in found.what


def test_a_missing_permission(doctor, role):
    arn = role("Deny", ["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"])
    # An update is asked of the endpoint and of its configuration.
    configuration, found = doctor("permissions", principal=arn)
    assert configuration.severity == ERROR and "EndpointConfiguration needs" in configuration.what
    assert found.severity == ERROR and "aws:sagemaker/endpoint:Endpoint needs" in found.what
    assert "sagemaker:CreateEndpoint, sagemaker:UpdateEndpoint" in found.what
    assert found.mend.startswith("aws iam put-role-policy --role-name doctor-deploys")
    assert '"sagemaker:CreateEndpoint"' in found.mend


NETWORK = brought.NETWORKS["aws"]


def test_a_private_network_takes_rights_that_a_plain_stack_does_not(doctor, doctor_of, role):
    arn = role("Deny", ["ec2:*", "iam:CreatePolicy"])
    assert doctor.is_clean("permissions", principal=arn)
    found = doctor_of("aws", network=NETWORK)("permissions", principal=arn)
    assert {one.severity for one in found} == {ERROR}
    told = "\n".join(one.what for one in found)
    assert "aws:iam/policy:Policy needs iam:CreatePolicy on arn:aws:iam::000000000000:policy/endpoint-may-in" in told
    for subnet in NETWORK["subnets"]:
        assert (
            f"ec2:CreateVpcEndpoint, ec2:ModifyVpcEndpoint on arn:aws:ec2:us-east-1:000000000000:subnet/{subnet}"
            in told
        )
    mends = [one.mend for one in found if "ec2:DescribeVpcEndpoints" in one.what]
    assert mends and mends[0].startswith("aws iam put-role-policy --role-name doctor-deploys")


def test_a_network_whose_private_endpoints_are_there_takes_none_of_ec2(doctor_of, role):
    arn = role("Deny", ["ec2:*"])
    assert doctor_of("aws", network=brought.CONNECTED["aws"]).is_clean("permissions", principal=arn)


def test_who_brings_a_role_needs_not_make_one(doctor, doctor_of, role):
    arn = role("Deny", ["iam:CreateRole", "iam:DeleteRole"])
    assert "needs iam:CreateRole" in doctor.one("permissions", principal=arn).what
    there = {"identity": brought.EXISTING["aws"]["identity"]}
    assert doctor_of("aws", existing=there).is_clean("permissions", principal=arn)


def test_a_role_is_asked_about_under_its_organisations_path(doctor_of, role):
    arn = role("Deny", ["iam:CreateRole", "iam:PutRolePermissionsBoundary"])
    boundary = "arn:aws:iam::000000000000:policy/team-boundary"
    found = doctor_of("aws", role={"path": "/team/", "permissionsBoundary": boundary})("permissions", principal=arn)
    assert [one.what for one in found] == [
        f"{what} on arn:aws:iam::000000000000:role/team/foundation-endpoint-*"
        for what in (
            "aws:iam/role:Role needs iam:CreateRole",
            "aws:iam/role:Role (its boundary) needs iam:PutRolePermissionsBoundary",
        )
    ]


def test_no_permission_is_missing(doctor, role):
    assert doctor.is_clean("permissions", principal=role("Deny", ["sagemaker:CreateTrainingJob"]))


def test_a_region_that_is_off(doctor):
    found = doctor.one("services", region="eu-south-1")
    assert (found.severity, found.mend) == (ERROR, "aws account enable-region --region-name eu-south-1")


def test_an_unknown_region(doctor):
    found = doctor.one("placement", region="eu-west-9")
    assert (found.severity, found.what) == (ERROR, "there is no region eu-west-9 for it")
    assert found.mend.startswith("pulumi config set -s doctored aws:region eu-west-")


def test_an_instance_type_that_is_not_offered(doctor):
    found = doctor.one("placement", sizes={"ml.m99.large": 1})
    assert (found.severity, found.what) == (ERROR, "ml.m99.large is not offered in us-east-1")
    assert found.mend.startswith("pulumi config set -s doctored trifold:size ml.m")


def test_a_quota_of_none(doctor):
    found = doctor.one("quota", sizes={"ml.m5.large": 2})
    assert found.severity == ERROR and "is 0 instances, and the stack asks for 2" in found.what
    assert "request-service-quota-increase --service-code sagemaker --region us-east-1 --quota-code L-" in found.mend
    assert found.mend.endswith("--desired-value 2")


def test_a_bucket_name_that_somebody_else_has(doctor, bucket):
    """S3 says 403 of a bucket that is another's; here the bucket's policy makes it say so."""
    denial = {"Effect": "Deny", "Principal": "*", "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denial]})
    doctor.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy)
    found = doctor.one("names")
    assert found.severity == ERROR and f"the bucket name {bucket} is taken by another account" in found.what
    assert found.mend == "pulumi stack rename -s doctored doctored2"


def test_a_bucket_of_nobody_known(doctor, bucket):
    found = doctor.one("names")
    assert found.severity == ERROR and "something without this stack's tags" in found.what
    assert f"aws s3 rb s3://{bucket}" in found.mend


def test_data_that_a_destroy_kept_is_not_to_be_deleted(doctor, bucket):
    kept = [*own(doctor), {"Key": "on_destroy", "Value": "keep"}]
    tags = [{**one, "Value": "another"} if one["Key"] == "stack" else one for one in kept]
    doctor.client("s3").put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
    found = doctor.one("names")
    assert found.severity == ERROR and "kept on purpose" in found.what
    assert "aws s3 rb" not in found.mend and "bring-your-own-foundation.md" in found.mend


def test_the_stacks_own_bucket(doctor, bucket):
    doctor.client("s3").put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": own(doctor)})
    assert doctor.is_clean("names")


@pytest.mark.parametrize("of", ["another", "own"])
def test_a_repository_of_another_stack(doctor, of):
    ecr, name = doctor.client("ecr"), doctor.ask.names["registry"]
    ecr.create_repository(repositoryName=name, tags=own(doctor) if of == "own" else ANOTHER)
    try:
        found = doctor.one("names")
    finally:
        ecr.delete_repository(repositoryName=name, force=True)
    if of == "own":
        assert found.severity == "ok"
    else:
        assert found.severity == ERROR and "belongs to stack trifold/another" in found.what
        assert f"aws ecr delete-repository --repository-name {name}" in found.mend


def test_a_log_group_that_was_left(doctor):
    """SageMaker makes the group of an endpoint itself: one that an endpoint by hand left stops the stack's."""
    logs, group = doctor.client("logs"), f"/aws/sagemaker/Endpoints/{doctor.ask.names['endpoint']}"
    logs.create_log_group(logGroupName=group)
    try:
        found = doctor.one("names")
    finally:
        logs.delete_log_group(logGroupName=group)
    assert found.severity == ERROR and f"aws logs delete-log-group --log-group-name {group}" in found.mend
