"""Who calls, and what they may: users with keys of their own, assumed roles, and AWS' denials word for word."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.local.aws.conftest import Cloud
from trifold.local.aws.cloud import ACCOUNT, REGION

NUMBERS = itertools.count(1)
USER = f"arn:aws:iam::{ACCOUNT}:user"


def policy(*allowed: tuple[str, str], effect: str = "Allow", **more: Any) -> str:
    given = [{"Effect": effect, "Action": action, "Resource": on, **more} for action, on in allowed]
    return json.dumps({"Version": "2012-10-17", "Statement": given})


class Somebody:
    """A user with a key; nothing is allowed yet."""

    def __init__(self, aws: Cloud) -> None:
        self.aws, self.name = aws, f"somebody-{next(NUMBERS)}"
        self.iam = aws.client("iam")
        self.iam.create_user(UserName=self.name)
        self.key = self.iam.create_access_key(UserName=self.name)["AccessKey"]
        self.cloud = Cloud(aws.port)
        self.sign(self.key["AccessKeyId"], self.key["SecretAccessKey"])

    def sign(self, id: str, secret: str, token: str | None = None) -> None:
        self.cloud.session = boto3.Session(id, secret, token, region_name=REGION)

    def may(self, *allowed: tuple[str, str], **more: Any) -> None:
        self.iam.put_user_policy(UserName=self.name, PolicyName="own", PolicyDocument=policy(*allowed, **more))

    def refusal(self, service: str, operation: str, **arguments: Any) -> tuple[int, str, str]:
        with pytest.raises(ClientError) as refused:
            getattr(self.cloud.client(service), operation)(**arguments)
        answer = refused.value.response
        return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]


@pytest.fixture
def somebody(aws: Cloud) -> Iterator[Somebody]:
    yield Somebody(aws)


def why(action: str) -> str:
    return f"because no identity-based policy allows the {action} action"


SAGEMAKER, LOGS = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}", f"arn:aws:logs:{REGION}:{ACCOUNT}"
MODEL = {"ModelName": "Mine", "PrimaryContainer": {"Image": "x"}, "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}
DENIED = [
    ("sagemaker", "create_model", MODEL, 400, "sagemaker:CreateModel", f"{SAGEMAKER}:model/mine"),
    ("sagemaker", "list_models", {}, 400, "sagemaker:ListModels", ""),
    ("sagemaker-runtime", "invoke_endpoint", {"EndpointName": "e", "Body": b"x"}, 403, "sagemaker:InvokeEndpoint",
     f"{SAGEMAKER}:endpoint/e"),
    ("iam", "get_role", {"RoleName": "r"}, 403, "iam:GetRole", f"arn:aws:iam::{ACCOUNT}:role/r"),
    ("iam", "list_roles", {}, 403, "iam:ListRoles", f"arn:aws:iam::{ACCOUNT}:role/"),
    ("ecr", "describe_repositories", {"repositoryNames": ["aa"]}, 400, "ecr:DescribeRepositories",
     f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/aa"),
    ("logs", "describe_log_groups", {"logGroupNamePrefix": "/a"}, 400, "logs:DescribeLogGroups",
     f"{LOGS}:log-group::log-stream:"),
    ("logs", "describe_log_streams", {"logGroupName": "/a"}, 400, "logs:DescribeLogStreams",
     f"{LOGS}:log-group:/a:log-stream:"),
    ("logs", "list_tags_for_resource", {"resourceArn": f"{LOGS}:log-group:/a"}, 400, "logs:ListTagsForResource",
     f"{LOGS}:log-group:/a"),
    ("budgets", "describe_budget", {"AccountId": ACCOUNT, "BudgetName": "b"}, 400, "budgets:ViewBudget",
     f"arn:aws:budgets::{ACCOUNT}:budget/b"),
    ("service-quotas", "list_service_quotas", {"ServiceCode": "sagemaker"}, 400,
     "servicequotas:ListServiceQuotas", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("service", "operation", "given", "status", "action", "on"), DENIED, ids=[x[4] for x in DENIED]
)
def test_what_no_policy_allows_is_denied_in_the_services_own_words(
    somebody: Somebody, service: str, operation: str, given: dict[str, Any], status: int, action: str, on: str
) -> None:
    code = "AccessDenied" if service == "iam" else "AccessDeniedException"
    target = f" on resource: {on}" if on else ""
    said = f"User: {USER}/{somebody.name} is not authorized to perform: {action}{target} {why(action)}"
    assert somebody.refusal(service, operation, **given) == (status, code, said)


def test_a_user_is_who_the_key_says_and_needs_no_right_to_ask(somebody: Somebody) -> None:
    found = somebody.cloud.client("sts").get_caller_identity()
    assert (found["Arn"], found["Account"]) == (f"{USER}/{somebody.name}", ACCOUNT)
    assert found["UserId"].startswith("AIDA") or found["UserId"]


def test_a_bucket_is_read_by_who_may_and_its_denial_quotes_the_resource(aws: Cloud, somebody: Somebody) -> None:
    bucket = f"kept-{somebody.name}"
    aws.client("s3").create_bucket(Bucket=bucket)
    aws.client("s3").put_object(Bucket=bucket, Key="k", Body=b"x")
    said = f'is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::{bucket}/k" {why("s3:GetObject")}'
    status, code, message = somebody.refusal("s3", "get_object", Bucket=bucket, Key="k")
    assert (status, code, message) == (403, "AccessDenied", f"User: {USER}/{somebody.name} {said}")
    somebody.may(("s3:GetObject", f"arn:aws:s3:::{bucket}/*"))
    assert somebody.cloud.client("s3").get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"


def test_what_is_missing_is_said_to_who_may_list_only(aws: Cloud, somebody: Somebody) -> None:
    bucket = f"listed-{somebody.name}"
    aws.client("s3").create_bucket(Bucket=bucket)
    everything = ("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
    somebody.may(everything)
    assert somebody.refusal("s3", "get_object", Bucket=bucket, Key="k")[:2] == (403, "AccessDenied")
    assert somebody.refusal("s3", "head_object", Bucket=bucket, Key="k")[0] == 403
    somebody.may(everything, ("s3:ListBucket", f"arn:aws:s3:::{bucket}"))
    assert somebody.refusal("s3", "get_object", Bucket=bucket, Key="k")[:2] == (404, "NoSuchKey")


def test_a_buckets_own_policy_lets_in_whom_it_names(aws: Cloud, somebody: Somebody) -> None:
    bucket = f"shared-{somebody.name}"
    aws.client("s3").create_bucket(Bucket=bucket)
    aws.client("s3").put_object(Bucket=bucket, Key="k", Body=b"x")
    principal = {"AWS": f"{USER}/{somebody.name}"}
    named = policy(("s3:GetObject", f"arn:aws:s3:::{bucket}/*"), Principal=principal)
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=named)
    assert somebody.cloud.client("s3").get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"


def test_a_denial_in_a_policy_is_said_to_be_one(somebody: Somebody) -> None:
    somebody.may(("sagemaker:*", "*"), effect="Deny")
    said = somebody.refusal("sagemaker", "list_models")[2]
    assert said.endswith("sagemaker:ListModels with an explicit deny in an identity-based policy")


@pytest.mark.parametrize(("service", "passed"), [("sagemaker.amazonaws.com", True), ("lambda.amazonaws.com", False)])
def test_a_role_is_passed_to_the_service_that_is_named(somebody: Somebody, service: str, passed: bool) -> None:
    make, passing = ("sagemaker:CreateModel", "*"), ("iam:PassRole", MODEL["ExecutionRoleArn"])
    somebody.may(make)
    denial = f"iam:PassRole on resource: {MODEL['ExecutionRoleArn']} {why('iam:PassRole')}"
    assert somebody.refusal("sagemaker", "create_model", **MODEL)[2].endswith(denial)
    statements = [json.loads(policy(make))["Statement"][0], json.loads(policy(passing))["Statement"][0]]
    statements[1]["Condition"] = {"StringEquals": {"iam:PassedToService": service}}
    somebody.iam.put_user_policy(
        UserName=somebody.name,
        PolicyName="own",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    said = somebody.refusal("sagemaker", "create_model", **MODEL)[2]
    assert ("execution role ARN" in said) == passed and said.endswith(denial) != passed


def test_tags_take_a_right_of_their_own(somebody: Somebody) -> None:
    somebody.may(("logs:CreateLogGroup", "*"))
    somebody.cloud.client("logs").create_log_group(logGroupName=somebody.name)
    said = somebody.refusal("logs", "create_log_group", logGroupName="other", tags={"a": "b"})[2]
    assert f"logs:TagResource on resource: {LOGS}:log-group:other " in said


def test_a_role_is_assumed_by_whom_it_trusts(aws: Cloud, somebody: Somebody) -> None:
    name, user = f"worker-{somebody.name}", f"{USER}/{somebody.name}"
    role = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    denial = (403, "AccessDenied", f"User: {user} is not authorized to perform: sts:AssumeRole on resource: {role}")
    asked = {"RoleArn": role, "RoleSessionName": "work"}
    assert somebody.refusal("sts", "assume_role", **asked) == denial, "there is none"
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    somebody.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    assert somebody.refusal("sts", "assume_role", **asked) == denial, "the account lets nobody in by itself"
    somebody.may(("sts:AssumeRole", role))
    given = somebody.cloud.client("sts").assume_role(**asked)
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/work"
    assert given["AssumedRoleUser"]["Arn"] == session
    held = given["Credentials"]
    somebody.sign(held["AccessKeyId"], held["SecretAccessKey"], held["SessionToken"])
    assert somebody.cloud.client("sts").get_caller_identity()["Arn"] == session
    assert f"User: {session} is not" in somebody.refusal("sagemaker", "list_models")[2]
    somebody.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(("sagemaker:ListModels", "*")))
    assert "Models" in somebody.cloud.client("sagemaker").list_models()
    somebody.sign(held["AccessKeyId"], held["SecretAccessKey"], "another")
    assert somebody.refusal("sagemaker", "list_models")[:2] == (403, "UnrecognizedClientException")


def test_a_role_that_names_somebody_asks_for_no_policy_of_theirs(somebody: Somebody) -> None:
    name, user = f"named-{somebody.name}", f"{USER}/{somebody.name}"
    trust = {"Effect": "Allow", "Principal": {"AWS": user}, "Action": "sts:AssumeRole"}
    made = somebody.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    somebody.cloud.client("sts").assume_role(RoleArn=made["Role"]["Arn"], RoleSessionName="work")


def test_a_key_that_is_off_or_gone_is_no_key(somebody: Somebody) -> None:
    which = {"UserName": somebody.name, "AccessKeyId": somebody.key["AccessKeyId"]}
    somebody.iam.update_access_key(**which, Status="Inactive")
    assert somebody.refusal("sts", "get_caller_identity")[:2] == (403, "InvalidClientTokenId")
    somebody.iam.update_access_key(**which, Status="Active")
    somebody.cloud.client("sts").get_caller_identity()
    somebody.iam.delete_access_key(**which)
    assert somebody.refusal("s3", "list_buckets")[:2] == (403, "InvalidAccessKeyId")
