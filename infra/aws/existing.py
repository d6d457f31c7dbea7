"""What is there already on AWS, looked up by the provider's own functions and never changed."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import Output

from infra.existing import find, unfit


@dataclass(frozen=True)
class Repository:
    """An ECR repository. url: without a tag."""

    arn: Output[str]
    url: Output[str]
    name: Output[str]


@dataclass(frozen=True)
class Role:
    """A role. name: without its path, as policies are put on it."""

    arn: Output[str]
    name: Output[str]


def registry(arn: str, parent: pulumi.Resource) -> Repository:
    """The repository with an ARN."""
    account, name = arn.split(":")[4], arn.partition(":repository/")[2]
    found = find(
        "existing.registry", arn, lambda opts: aws.ecr.get_repository(name=name, registry_id=account, opts=opts), parent
    )
    return Repository(Output.from_input(found.arn), Output.from_input(found.repository_url), Output.from_input(name))


def role(arn: str, parent: pulumi.Resource) -> Role:
    """The role with an ARN. Raises SettingsError unless SageMaker may assume it."""
    name = arn.rpartition("/")[2]
    found = find("existing.identity", arn, lambda opts: aws.iam.get_role(name=name, opts=opts), parent)
    if found.arn != arn:
        raise unfit("existing.identity", arn, f"was not found: the role {name} is {found.arn}")
    if "sagemaker.amazonaws.com" not in json.dumps(found.assume_role_policy):
        raise unfit("existing.identity", arn, "cannot be assumed by sagemaker.amazonaws.com: its trust policy says so")
    return Role(Output.from_input(found.arn), Output.from_input(found.name))


def bucket(name: str, region: str, parent: pulumi.Resource) -> Output[str]:
    """The ARN of a bucket. Raises SettingsError for one of another region: SageMaker reads from its own only."""
    found = find("existing.store", name, lambda opts: aws.s3.get_bucket(bucket=name, opts=opts), parent)
    if found.bucket_region != region:
        raise unfit("existing.store", name, f"is in {found.bucket_region}, and the stack is in {region}")
    return Output.from_input(found.arn)


def log_group(arn: str, parent: pulumi.Resource) -> Output[str]:
    """The ARN of a log group, as it was given, once it is known to be there."""
    name = arn.partition(":log-group:")[2]
    found = find("existing.logs", arn, lambda opts: aws.cloudwatch.get_log_group(name=name, opts=opts), parent)
    return Output.from_input(found.arn)


def key(arn: str, parent: pulumi.Resource) -> str:
    """The ARN of a key, as it was given. Raises SettingsError for one that cannot encrypt."""
    found = find("key", arn, lambda opts: aws.kms.get_key(key_id=arn, opts=opts), parent)
    if found.key_state != "Enabled" or found.key_usage != "ENCRYPT_DECRYPT" or found.key_spec != "SYMMETRIC_DEFAULT":
        told = f"{found.key_state}, {found.key_usage}, {found.key_spec}"
        raise unfit("key", arn, f"is {told}; what encrypts here is Enabled, ENCRYPT_DECRYPT, SYMMETRIC_DEFAULT")
    return arn
