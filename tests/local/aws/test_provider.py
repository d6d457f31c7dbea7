"""Each type of the provider through its life, against the running API: made, read back, changed, deleted, forgotten."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.conftest import IMAGE, TRUST, Cloud, archive, may_start
from trifold.local.aws.provider.server import create
from trifold.local.aws.provider.session import Session
from trifold.protocol.declaration import InvalidInputs, NotInitialized
from trifold.protocol.naming import Request
from trifold.protocol.shapes import promises
from trifold.protocol.values import Asset

# Outputs the SDK's classes promise and the official provider leaves out unless they were set.
LEFT_OUT = {
    "aws:s3/bucket:Bucket": {
        *("acl", "logging", "objectLockConfiguration", "replicationConfiguration"),
        *("website", "websiteDomain", "websiteEndpoint"),
    },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {"expectedBucketOwner"},
}


@dataclass
class Driver:
    """The provider as an engine uses it: Check, then Create, Read, Update or Delete."""

    provider: Any
    session: Session

    def check(self, token: str, inputs: dict[str, Any], olds: dict[str, Any] | None = None) -> tuple[Any, list]:
        return self.provider.check(self.session, token, Request("thing", b"seed"), olds or {}, inputs)

    def create(self, token: str, **inputs: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """(id, outputs, checked inputs); holds that Check is content and that every promised output is there."""
        checked, failures = self.check(token, inputs)
        assert failures == []
        id, outputs = self.provider.create(self.session, token, checked)
        missing = promises(self.provider.type(token).arguments).always - set(outputs) - LEFT_OUT.get(token, set())
        assert not missing
        again = self.provider.read(self.session, token, id, checked)
        difference, _ = self.provider.diff(self.session, token, checked, again[1])
        assert not difference.paths, "what was made is what was asked for"
        assert self.provider.read(self.session, token, "", checked)[0] == id, "a killed run's resource is found again"
        return id, outputs, checked

    def update(self, token: str, id: str, outputs: Any, **inputs: Any) -> dict[str, Any]:
        checked, failures = self.check(token, inputs)
        assert failures == []
        return self.provider.update(self.session, token, id, outputs, checked)

    def read(self, token: str, id: str, inputs: Any = None) -> Any:
        return self.provider.read(self.session, token, id, inputs or {})

    def end(self, token: str, id: str, outputs: Any) -> None:
        """Delete it, twice: what is gone already is a success."""
        self.provider.delete(self.session, token, id, outputs)
        self.provider.delete(self.session, token, id, outputs)


def session_of(aws: Cloud, inputs: dict[str, Any]) -> Session:
    class Direct(Session):
        def client(self, service: str, region: str | None = None) -> Any:
            return aws.client(service)

    return Direct(inputs)


@pytest.fixture
def driver(aws: Cloud) -> Driver:
    tags = {"defaultTags": {"tags": {"owner": "tests"}}, "allowedAccountIds": ["000000000000"]}
    return Driver(create(), session_of(aws, tags))


BUCKET = "aws:s3/bucket:Bucket"


def test_a_bucket_lives(driver: Driver) -> None:
    id, outputs, _ = driver.create(BUCKET, tags={"a": "1"}, forceDestroy=True)
    assert outputs["tagsAll"] == {"a": "1", "owner": "tests"}
    assert outputs["bucketRegionalDomainName"] == f"{id}.s3.us-east-1.amazonaws.com"
    driver.session.client("s3").put_object(Bucket=id, Key="x", Body=b"x")
    assert driver.update(BUCKET, id, outputs, bucket=id, tags={"b": "2"})["tags"] == {"b": "2"}
    driver.end(BUCKET, id, outputs)
    assert driver.read(BUCKET, id) is None


def test_a_bucket_with_something_in_it_is_kept_unless_told(driver: Driver) -> None:
    id, outputs, _ = driver.create(BUCKET)
    driver.session.client("s3").put_object(Bucket=id, Key="x", Body=b"x")
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        driver.end(BUCKET, id, outputs)
    driver.end(BUCKET, id, {**outputs, "forceDestroy": True})


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("BucketVersioning", {"versioningConfiguration": {"status": "Enabled"}}),
        (
            "BucketServerSideEncryptionConfiguration",
            {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
        ),
        ("BucketPublicAccessBlock", {"blockPublicAcls": True, "restrictPublicBuckets": True}),
        ("BucketPolicy", {"policy": json.dumps({"Version": "2012-10-17", "Statement": []})}),
        (
            "BucketLifecycleConfiguration",
            {
                "rules": [
                    {
                        "id": "old",
                        "status": "Enabled",
                        "filter": {"prefix": ""},
                        "noncurrentVersionExpiration": {"noncurrentDays": 30},
                        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
                    }
                ]
            },
        ),
    ],
)
def test_what_is_set_on_a_bucket_lives(driver: Driver, name: str, inputs: dict[str, Any]) -> None:
    bucket, held, _ = driver.create(BUCKET)
    token = f"aws:s3/{name[:1].lower()}{name[1:]}:{name}"
    id, outputs, _ = driver.create(token, bucket=bucket, **inputs)
    assert id == bucket
    driver.update(token, id, outputs, bucket=bucket, **inputs)
    driver.end(token, id, outputs)
    if name != "BucketVersioning":  # it stays, suspended
        assert driver.read(token, id, {"bucket": bucket}) is None
    driver.end(BUCKET, bucket, held)
    assert driver.read(token, id, {"bucket": bucket}) is None


def test_an_object_lives(driver: Driver, tmp_path: Path) -> None:
    token = "aws:s3/bucketObjectv2:BucketObjectv2"
    bucket, held, _ = driver.create(BUCKET, forceDestroy=True)
    big = tmp_path / "big"
    big.write_bytes(bytes(range(256)) * 4 * 20_000)
    source = Asset("path", str(big), "hash")
    id, outputs, _ = driver.create(token, bucket=bucket, key="a/b", source=source, contentType="x/y", tags={"a": "1"})
    assert driver.session.client("s3").get_object(Bucket=bucket, Key="a/b")["Body"].read() == big.read_bytes()
    assert outputs["contentType"] == "x/y"
    outputs = driver.update(token, id, outputs, bucket=bucket, key="a/b", source=Asset("text", "small", "other"))
    assert driver.session.client("s3").get_object(Bucket=bucket, Key="a/b")["Body"].read() == b"small"
    driver.end(token, id, outputs)
    assert driver.read(token, id) is None
    driver.end(BUCKET, bucket, held)


def test_a_role_and_its_policy_live(driver: Driver) -> None:
    role, policy = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
    id, outputs, _ = driver.create(role, assumeRolePolicy=TRUST, tags={"a": "1"}, description="one")
    document = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k"}],
        }
    )
    inner, made, _ = driver.create(policy, role=id, policy=document)
    changed = driver.update(role, id, outputs, name=id, assumeRolePolicy=TRUST, description="two", tags={"b": "2"})
    assert (changed["description"], changed["tagsAll"]) == ("two", {"b": "2", "owner": "tests"})
    driver.end(policy, inner, made)
    assert driver.read(policy, inner) is None
    driver.end(role, id, outputs)
    assert driver.read(role, id) is None


def test_a_repository_lives(driver: Driver) -> None:
    token, rules = "aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"
    id, outputs, _ = driver.create(
        token,
        name="stack/trifold-serving",
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfigurations=[{"encryptionType": "AES256"}],
        tags={"a": "1"},
    )
    assert outputs["repositoryUrl"] == "000000000000.dkr.ecr.us-east-1.amazonaws.com/stack/trifold-serving"
    rule = {"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3}}
    policy = json.dumps({"rules": [rule | {"action": {"type": "expire"}}]})
    inner, made, _ = driver.create(rules, repository=id, policy=policy)
    driver.end(rules, inner, made)
    changed = driver.update(token, id, outputs, name=id, tags={"b": "2"})
    assert (changed["imageTagMutability"], changed["tags"]) == ("MUTABLE", {"b": "2"})
    driver.end(token, id, outputs)
    assert driver.read(token, id) is None


def test_a_log_group_lives(driver: Driver) -> None:
    token = "aws:cloudwatch/logGroup:LogGroup"
    id, outputs, _ = driver.create(token, name="/a/b", retentionInDays=30, tags={"a": "1"})
    assert driver.update(token, id, outputs, name=id, retentionInDays=7)["retentionInDays"] == 7
    driver.end(token, id, outputs)
    assert driver.read(token, id) is None


MODEL, CONFIG, ENDPOINT = (
    f"aws:sagemaker/{name[:1].lower()}{name[1:]}:{name}" for name in ("Model", "EndpointConfiguration", "Endpoint")
)


def model(driver: Driver, name: str, **files: str) -> tuple[str, Any]:
    s3, iam = driver.session.client("s3"), driver.session.client("iam")
    s3.create_bucket(Bucket="provider-models")
    s3.put_object(Bucket="provider-models", Key=name, Body=archive(says=name, **files))
    role = iam.create_role(RoleName=f"provider-{name}", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    document = may_start(f"arn:aws:s3:::provider-models/{name}")
    iam.put_role_policy(RoleName=f"provider-{name}", PolicyName="read", PolicyDocument=document)
    container = {"image": IMAGE, "modelDataUrl": f"s3://provider-models/{name}", "environment": {"A_b": "1"}}
    given = {"name": f"model-{name}", "executionRoleArn": role, "primaryContainer": container}
    id, outputs, _ = driver.create(MODEL, **given, tags={"a": "1"})
    return id, outputs


def config(driver: Driver, name: str, model: str) -> tuple[str, Any]:
    variant = {"variantName": "main", "modelName": model, "initialInstanceCount": 1, "instanceType": "ml.t2.medium"}
    id, outputs, _ = driver.create(CONFIG, name=name, productionVariants=[variant])
    return id, outputs


def test_an_endpoint_lives(driver: Driver) -> None:
    held, made = model(driver, "good")
    first, config_outputs = config(driver, "good-1", held)
    id, outputs, _ = driver.create(ENDPOINT, endpointConfigName=first, tags={"a": "1"})
    second, other_outputs = config(driver, "good-2", held)
    changed = driver.update(ENDPOINT, id, outputs, name=id, endpointConfigName=second, tags={"b": "2"})
    assert (changed["endpointConfigName"], changed["tags"]) == ("good-2", {"b": "2"})
    for token, one, what in (
        (ENDPOINT, id, outputs),
        (CONFIG, first, config_outputs),
        (CONFIG, second, other_outputs),
        (MODEL, held, made),
    ):
        driver.end(token, one, what)
        assert driver.read(token, one) is None


def test_an_endpoint_that_does_not_start_is_kept_with_the_reason(driver: Driver) -> None:
    held, _ = model(driver, "bad", broken="")
    name, _ = config(driver, "bad-1", held)
    with pytest.raises(NotInitialized, match="did not pass the ping health check") as failed:
        driver.create(ENDPOINT, endpointConfigName=name)
    assert failed.value.outputs["arn"].endswith(failed.value.id)
    driver.end(ENDPOINT, failed.value.id, failed.value.outputs)


def test_scaling_lives(driver: Driver) -> None:
    token, policy = "aws:appautoscaling/target:Target", "aws:appautoscaling/policy:Policy"
    held, _ = model(driver, "scaled")
    endpoint, held_endpoint, _ = driver.create(ENDPOINT, endpointConfigName=config(driver, "scaled-1", held)[0])
    where = {
        "serviceNamespace": "sagemaker",
        "scalableDimension": "sagemaker:variant:DesiredInstanceCount",
        "resourceId": f"endpoint/{endpoint}/variant/main",
    }
    id, outputs, _ = driver.create(token, **where, minCapacity=1, maxCapacity=2, tags={"a": "1"})
    tracking = {
        "targetValue": 100.0,
        "predefinedMetricSpecification": {"predefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
    }
    inner, made, _ = driver.create(
        policy, **where, policyType="TargetTrackingScaling", targetTrackingScalingPolicyConfiguration=tracking
    )
    assert driver.update(token, id, outputs, **where, minCapacity=1, maxCapacity=3)["maxCapacity"] == 3
    driver.end(policy, inner, made)
    driver.end(token, id, outputs)
    assert driver.read(token, id, where) is None
    driver.end(ENDPOINT, endpoint, held_endpoint)


def told(percent: int, *addresses: str) -> dict[str, Any]:
    return {
        "comparisonOperator": "GREATER_THAN",
        "notificationType": "ACTUAL",
        "threshold": float(percent),
        "thresholdType": "PERCENTAGE",
        "subscriberEmailAddresses": list(addresses),
    }


def test_a_budget_lives(driver: Driver) -> None:
    token = "aws:budgets/budget:Budget"
    given = {
        "budgetType": "COST",
        "timeUnit": "MONTHLY",
        "limitAmount": "250.00",
        "limitUnit": "USD",
        "costFilters": [{"name": "TagKeyValue", "values": ["user:stack$dev"]}],
        "notifications": [told(50, "a@example.com"), told(80, "a@example.com")],
        "tags": {"a": "1"},
    }
    id, outputs, checked = driver.create(token, **given)
    assert id == f"000000000000:{outputs['name']}" and outputs["arn"].endswith(f"budget/{outputs['name']}")
    assert outputs["tagsAll"] == {"a": "1", "owner": "tests"}
    less = {**given, "name": checked["name"], "limitAmount": "99.50", "tags": {}}
    less["notifications"] = [told(80, "a@example.com", "b@example.com"), told(100, "a@example.com")]
    changed = driver.update(token, id, outputs, **less)
    assert (changed["limitAmount"], changed["tags"]) == ("99.50", {})
    assert changed["notifications"] == less["notifications"]
    driver.end(token, id, outputs)
    assert driver.read(token, id) is None


def test_a_budget_of_another_account_or_currency_is_refused(driver: Driver) -> None:
    client = driver.session.client("budgets")
    budget = {"BudgetName": "b", "BudgetType": "COST", "TimeUnit": "MONTHLY"}
    limit = {"BudgetLimit": {"Amount": "1", "Unit": "USD"}}
    euros = {"BudgetLimit": {"Amount": "1", "Unit": "EUR"}}
    for account, given, code in (
        ("000000000001", {**budget, **limit}, "AccessDeniedException"),
        ("000000000000", {**budget, **euros}, "InvalidParameterException"),
        ("000000000000", {**budget, **limit, "TimeUnit": "DAILY"}, "NotImplemented"),
        ("000000000000", {**budget, **limit, "Metrics": ["BlendedCost"]}, "NotImplemented"),
    ):
        with pytest.raises(ClientError) as refused:
            client.create_budget(AccountId=account, Budget=given)
        assert refused.value.response["Error"]["Code"] == code


def test_another_account_is_refused(aws: Cloud) -> None:
    with pytest.raises(InvalidInputs, match="allowedAccountIds: AWS account ID not allowed: 000000000000"):
        session_of(aws, {"allowedAccountIds": ["123456789012"]})


def test_a_setting_that_is_not_served_is_refused(aws: Cloud) -> None:
    with pytest.raises(InvalidInputs, match="profile: is not served by the local AWS provider"):
        session_of(aws, {"profile": "work"})


def test_inputs_that_are_wrong_or_not_served_are_named(driver: Driver) -> None:
    _, failures = driver.check(BUCKET, {"buckt": "x", "acl": "private"})
    said = {failure.property: failure.reason for failure in failures}
    assert said["buckt"] == "is not a property of BucketArgs; did you mean bucket?"
    assert said["acl"] == "is not served by the local AWS provider"


def test_policies_are_compared_by_what_they_say(driver: Driver) -> None:
    old, new = ({"policy": text} for text in ('{"a": 1, "b": [2]}', '{ "b":[2],"a":1}'))
    difference, _ = driver.provider.diff(driver.session, "aws:s3/bucketPolicy:BucketPolicy", old, new)
    assert not difference.paths


def test_the_providers_region_is_no_change(driver: Driver) -> None:
    difference, _ = driver.provider.diff(
        driver.session, BUCKET, {"bucket": "b"}, {"bucket": "b", "region": "us-east-1"}
    )
    assert not difference.paths
    difference, _ = driver.provider.diff(
        driver.session, BUCKET, {"bucket": "b"}, {"bucket": "b", "region": "eu-west-1"}
    )
    assert difference.keys == ("region",)


def test_an_explicit_name_is_deleted_before_it_is_made_again(driver: Driver) -> None:
    old, new = {"name": "m", "executionRoleArn": "a"}, {"name": "m", "executionRoleArn": "b"}
    assert driver.provider.diff(driver.session, MODEL, old, new)[1]
    made = {"__defaults": ["name"]}
    assert not driver.provider.diff(driver.session, MODEL, old | made, new | made)[1]


def test_who_am_i(driver: Driver) -> None:
    found = driver.provider.invoke(driver.session, "aws:index/getCallerIdentity:getCallerIdentity", {})
    assert found["accountId"] == "000000000000"
    assert driver.provider.invoke(driver.session, "aws:index/getRegion:getRegion", {})["region"] == "us-east-1"
    assert driver.provider.invoke(driver.session, "aws:index/getPartition:getPartition", {})["partition"] == "aws"
