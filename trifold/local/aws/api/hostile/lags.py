"""Reads that do not see yet what was just made, where AWS says so.

IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency.
S3's buckets and their settings, not what is in them:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel. SageMaker's CreateEndpointConfig
and CreateEndpoint of what they name: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html,
where to describe it first is what AWS recommends. A change of what was there, and a deletion, are seen at once here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trifold.local.aws.api.errors import AwsError, validation
from trifold.local.aws.api.sagemaker.records import WORDS, arn
from trifold.local.aws.api.wire import Call
from trifold.local.hostile import Hostile

Given = Mapping[str, Any]
Thing = Callable[[Given], str]


def _role(given: Given) -> str:
    return f"role {given['RoleName']}"


def _role_policy(given: Given) -> str:
    return f"role {given['RoleName']} policy {given['PolicyName']}"


def _bucket(given: Given) -> str:
    return f"bucket {given['Bucket']}"


def _of_bucket(what: str) -> Thing:
    return lambda given: f"{what} of {given['Bucket']}"


def _sagemaker(kind: str, member: str) -> Thing:
    return lambda given: arn(kind, given[member])


# What makes a thing, and what reads it: while it is not seen, the reader is told the error beside it.
MAKES: Mapping[tuple[str, str], Thing] = {
    ("iam", "CreateRole"): _role,
    ("iam", "PutRolePolicy"): _role_policy,
    ("s3", "CreateBucket"): _bucket,
    ("s3", "PutBucketPolicy"): _of_bucket("policy"),
    ("s3", "PutPublicAccessBlock"): _of_bucket("block"),
    ("s3", "PutBucketLifecycleConfiguration"): _of_bucket("lifecycle"),
    ("sagemaker", "CreateModel"): _sagemaker("model", "ModelName"),
    ("sagemaker", "CreateEndpointConfig"): _sagemaker("endpoint-config", "EndpointConfigName"),
}
NO_ROLE = ("NoSuchEntity", "The role with name {RoleName} cannot be found.")
READS: Mapping[tuple[str, str], tuple[Thing, str, str]] = {
    ("iam", "GetRole"): (_role, *NO_ROLE),
    ("iam", "ListRolePolicies"): (_role, *NO_ROLE),
    ("iam", "ListAttachedRolePolicies"): (_role, *NO_ROLE),
    ("iam", "GetRolePolicy"): (
        _role_policy,
        "NoSuchEntity",
        "The role policy with name {PolicyName} cannot be found.",
    ),
    ("s3", "HeadBucket"): (_bucket, "NoSuchBucket", "The specified bucket does not exist"),
    ("s3", "GetBucketPolicy"): (
        _of_bucket("policy"),
        "NoSuchBucketPolicy",
        "The bucket policy does not exist",
    ),
    ("s3", "GetPublicAccessBlock"): (
        _of_bucket("block"),
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found",
    ),
    ("s3", "GetBucketLifecycleConfiguration"): (
        _of_bucket("lifecycle"),
        "NoSuchLifecycleConfiguration",
        "The lifecycle configuration does not exist",
    ),
}
DESCRIBES = {
    "DescribeModel": ("model", "ModelName"),
    "DescribeEndpointConfig": ("endpoint-config", "EndpointConfigName"),
}


class Lags:
    """When (the hostile clock's seconds) what was made is seen."""

    def __init__(self, hostile: Hostile) -> None:
        self._hostile = hostile
        self._from: dict[str, float] = {}

    def made(self, call: Call) -> None:
        """A call went well: what it made is seen in a while; what was there is seen all along."""
        if call.name == "DeleteBucket":
            name = f" {call.parameters['Bucket']}"
            self._from = {thing: at for thing, at in self._from.items() if not thing.endswith(name)}
        thing = MAKES.get((call.service, call.name))
        if thing is not None and thing(call.parameters) not in self._from:
            lag = self._hostile.seconds("lag", self._hostile.measures.lag)
            self._from[thing(call.parameters)] = self._hostile.clock() + lag
        if call.service == "sagemaker" and call.name in DESCRIBES:
            kind, member = DESCRIBES[call.name]
            self._from[arn(kind, call.parameters[member])] = float("-inf")

    def check(self, call: Call) -> None:
        """Raises AwsError where the call reads what is not seen yet."""
        if (found := READS.get((call.service, call.name))) and self._unseen(found[0](call.parameters)):
            raise AwsError(found[1], found[2].format(**call.parameters), 404)
        for kind, name in _named(call):
            if self._unseen(arn(kind, name)):
                raise validation(f'Could not find {WORDS[kind]} "{arn(kind, name)}".')

    def _unseen(self, thing: str) -> bool:
        return self._from.get(thing, float("-inf")) > self._hostile.clock()


def _named(call: Call) -> Iterator[tuple[str, str]]:
    """What a call of SageMaker's builds on."""
    if call.service != "sagemaker":
        return
    if call.name == "CreateEndpointConfig":
        yield from (("model", one["ModelName"]) for one in call.parameters["ProductionVariants"])
    if call.name in ("CreateEndpoint", "UpdateEndpoint"):
        yield "endpoint-config", call.parameters["EndpointConfigName"]
