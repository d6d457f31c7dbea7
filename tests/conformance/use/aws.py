"""AWS, through boto3."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import requests

KEY = "conformance/note.txt"


def bucket(outputs: Mapping[str, Any]) -> str:
    return outputs["store"].removeprefix("s3://")


def key(outputs: Mapping[str, Any]) -> str:
    return outputs["archive"].removeprefix(f"{outputs['store']}/")


def overwrite(outputs: Mapping[str, Any]) -> list[str]:
    s3, name = boto3.client("s3", region_name=outputs["region"]), bucket(outputs)
    versions = [s3.put_object(Bucket=name, Key=KEY, Body=text)["VersionId"] for text in (b"old", b"new")]
    found = [s3.get_object(Bucket=name, Key=KEY, VersionId=one)["Body"].read().decode() for one in reversed(versions)]
    for one in versions:
        s3.delete_object(Bucket=name, Key=KEY, VersionId=one)
    return found


def anonymous(outputs: Mapping[str, Any]) -> int:
    return requests.get(f"https://{bucket(outputs)}.s3.amazonaws.com/{key(outputs)}", timeout=30).status_code


def archive(outputs: Mapping[str, Any]) -> str:
    s3 = boto3.client("s3", region_name=outputs["region"])
    body = s3.get_object(Bucket=bucket(outputs), Key=key(outputs))["Body"].read()
    return hashlib.sha256(body).hexdigest()


def budgets(outputs: Mapping[str, Any]) -> dict[str, float]:
    client, name = boto3.client("budgets", region_name=outputs["region"]), f"trifold-{outputs['cloud']}"
    try:
        found = client.describe_budget(AccountId=outputs["account"], BudgetName=name)["Budget"]
    except client.exceptions.NotFoundException:
        return {}
    return {found["BudgetName"]: float(found["BudgetLimit"]["Amount"])}


def left(outputs: Mapping[str, Any]) -> list[str]:
    return sorted(_all(boto3.Session(region_name=outputs["region"])))


def _all(session: boto3.Session) -> Iterator[str]:
    sagemaker, iam = session.client("sagemaker"), session.client("iam")
    yield from (f"bucket {one['Name']}" for one in session.client("s3").list_buckets()["Buckets"])
    yield from (f"role {one['RoleName']}" for one in iam.list_roles()["Roles"])
    yield from (
        f"registry {one['repositoryName']}" for one in session.client("ecr").describe_repositories()["repositories"]
    )
    yield from (f"logs {one['logGroupName']}" for one in session.client("logs").describe_log_groups()["logGroups"])
    yield from (f"model {one['ModelName']}" for one in sagemaker.list_models()["Models"])
    yield from (f"endpoint {one['EndpointName']}" for one in sagemaker.list_endpoints()["Endpoints"])
    configurations = sagemaker.list_endpoint_configs()["EndpointConfigs"]
    yield from (f"configuration {one['EndpointConfigName']}" for one in configurations)
    scaling = session.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")
    yield from (f"scaling {one['ResourceId']}" for one in scaling["ScalableTargets"])


def bring(given: Mapping[str, Any]) -> list[str]:
    """Make what a platform team has already: a repository, a bucket, and a role that SageMaker may assume."""
    session = boto3.Session(region_name=given["region"])
    session.client("ecr").create_repository(repositoryName=_repository(given))
    session.client("s3").create_bucket(Bucket=given["store"])
    statement = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam = session.client("iam")
    iam.create_role(
        RoleName=_role(given),
        Path="/team/",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    # IAM shows what was made a while later, for which boto3 has a waiter of its own.
    iam.get_waiter("role_exists").wait(RoleName=_role(given))
    return brought(given)


def brought(given: Mapping[str, Any]) -> list[str]:
    """What is there of it, with all that is on it."""
    session = boto3.Session(region_name=given["region"])
    s3, iam = session.client("s3"), session.client("iam")
    role = iam.get_role(RoleName=_role(given))["Role"]
    policies = iam.list_role_policies(RoleName=_role(given))["PolicyNames"]
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=given["store"]).get("Contents", [])]
    (repository,) = session.client("ecr").describe_repositories(repositoryNames=[_repository(given)])["repositories"]
    return [role["Arn"], *sorted(policies), repository["repositoryArn"], given["store"], *keys]


def take_away(given: Mapping[str, Any]) -> None:
    session = boto3.Session(region_name=given["region"])
    session.client("ecr").delete_repository(repositoryName=_repository(given), force=True)
    session.client("s3").delete_bucket(Bucket=given["store"])
    session.client("iam").delete_role(RoleName=_role(given))


def _repository(given: Mapping[str, Any]) -> str:
    return str(given["registry"]).partition(":repository/")[2]


def _role(given: Mapping[str, Any]) -> str:
    return str(given["identity"]).rpartition("/")[2]
