"""AWS: the seven checks, through boto3. Reads only."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from threading import RLock
from typing import Any

from trifold.doctor import images, sizes
from trifold.doctor import names as naming
from trifold.doctor.checks import ERROR, WARNING, Ask, Finding, NoCredentials, Unknown, apart
from trifold.facts.needs import needs

SIGN_IN = "aws sso login  # or: aws configure"
EXPIRED = ("ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "SignatureDoesNotMatch",
           "UnrecognizedClientException", "AuthFailure")  # fmt: skip
ENABLED = ("ENABLED", "ENABLED_BY_DEFAULT")


class Client:
    """boto3's clients of one region, made once each: a session is not safe for threads."""

    def __init__(self, ask: Ask) -> None:
        self._ask, self._lock = ask, RLock()
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        with self._lock:
            if service not in self._made:
                self._made[service] = self.session.client(service)
            return self._made[service]

    @cached_property
    def session(self) -> Any:
        import boto3

        return boto3.Session(region_name=self._ask.region)

    @cached_property
    def caller(self) -> Mapping[str, str]:
        return self("sts").get_caller_identity()

    @property
    def quotas(self) -> Mapping[str, Mapping[str, Any]]:
        """SageMaker's quotas of the region by name, as they are applied to the account; asked for once."""
        with self._lock:
            return self._quotas

    @cached_property
    def _quotas(self) -> Mapping[str, Mapping[str, Any]]:
        pages = self("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker")
        return {one["QuotaName"]: one for page in pages for one in page["Quotas"]}

    @contextmanager
    def translated(self) -> Iterator[None]:
        """botocore's errors in the doctor's words."""
        from botocore import exceptions as found

        try:
            yield
        except (found.NoCredentialsError, found.TokenRetrievalError, found.SSOError, found.ProfileNotFound) as error:
            raise NoCredentials(str(error), SIGN_IN) from None
        except found.ClientError as error:
            if code(error) in EXPIRED:
                raise NoCredentials(str(error), SIGN_IN) from None
            raise Unknown(str(error)) from None
        except found.BotoCoreError as error:
            raise Unknown(str(error)) from None


def code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def identity(client: Client, ask: Ask) -> Iterator[Finding]:
    """Whether the credentials are of the pinned account."""
    found = client.caller["Account"]
    if found != ask.account:
        yield Finding("identity", ERROR, f"the credentials are of account {found}, and {ask.account} is pinned",
                      ask.file, f"export AWS_PROFILE=PROFILE_OF_{ask.account}  # or: "
                      + ask.sets("trifold:account", found))  # fmt: skip


def permissions(client: Client, ask: Ask) -> Iterator[Finding]:
    """What IAM's own simulation says of each action, boundaries and organization policies included."""
    who = ask.principal or _principal(client, client.caller["Arn"])
    if who.endswith(":root"):
        yield Finding("permissions", WARNING, "the account's root user is signed in, who may do all", who,
                      "aws sso login  # as a role; keep the root user for the account itself")  # fmt: skip
        return
    # The simulation compares ARNs letter by letter, so a VPC is asked about as the account's own.
    places = {**ask.places, "owner": (ask.account,)}
    asked = ((type, need, target) for type, need in needs("aws", ask.features).items()
             for target in need.targets(places))  # fmt: skip
    for type, need, target in asked:
        if denied := list(_denied(client, who, need.actions, target)):
            yield Finding("permissions", ERROR, f"{type} needs {', '.join(denied)} on {target}", who,
                          _grant(who, denied, target))  # fmt: skip


def _denied(client: Client, who: str, actions: Sequence[str], target: str) -> Iterator[str]:
    pages = client("iam").get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=who, ActionNames=list(actions), ResourceArns=[target]
    )  # fmt: skip
    for page in pages:
        yield from (
            one["EvalActionName"] for one in page["EvaluationResults"] if one["EvalDecision"] != "allowed"
        )  # fmt: skip


def _principal(client: Client, arn: str) -> str:
    """The role of an assumed role's session: its ARN has lost the path, which IAM alone knows."""
    if ":assumed-role/" not in arn:
        return arn
    return str(client("iam").get_role(RoleName=arn.split("/")[1])["Role"]["Arn"])


def _grant(who: str, actions: list[str], target: str) -> str:
    kind, name = ("role" if ":role/" in who else "user"), who.rpartition("/")[2]
    statement = {"Effect": "Allow", "Action": actions, "Resource": target}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    label = f"trifold-{actions[0].replace(':', '-')}"
    return f"aws iam put-{kind}-policy --{kind}-name {name} --policy-name {label} --policy-document '{policy}'"


def services(client: Client, ask: Ask) -> Iterator[Finding]:
    """AWS has its services always on; what is turned on is a region."""
    status = client("account").get_region_opt_status(RegionName=ask.region)["RegionOptStatus"]
    if status not in ENABLED:
        yield Finding("services", ERROR, f"the region {ask.region} is {status.lower()} for the account", ask.file,
                      f"aws account enable-region --region-name {ask.region}")  # fmt: skip


def placement(client: Client, ask: Ask) -> Iterator[Finding]:
    """Whether SageMaker is in the region, and has a quota there for endpoints of each type: for those it offers."""
    regions = client.session.get_available_regions("sagemaker")
    if ask.region not in regions:
        yield sizes.no_region(ask, regions)
        return
    offered = [one.partition(" ")[0] for one in client.quotas if one.endswith(" for endpoint usage")]
    yield from sizes.not_offered(ask, offered)


def quota(client: Client, ask: Ask) -> Iterator[Finding]:
    """Instances of each type, against the account's quota for endpoints."""
    for size, count in ask.sizes.items():
        found = client.quotas.get(f"{size} for endpoint usage")
        if found is not None and found["Value"] < count:
            yield sizes.short(
                ask, f"{size} for endpoint usage", found["Value"], count, "instances",
                f"aws service-quotas request-service-quota-increase --service-code sagemaker --region {ask.region} "
                f"--quota-code {found['QuotaCode']} --desired-value {count}",
            )  # fmt: skip


def names(client: Client, ask: Ask) -> Iterator[Finding]:
    """Bucket, repository, endpoint and log group: free, or with the stack's tags."""
    parts = {
        "bucket": _bucket(client, ask, ask.names["bucket"]),
        "registry": _repository(client, ask, ask.names["registry"]),
        "endpoint": _endpoint(client, ask, ask.names["endpoint"]),
        "logs": _log_group(client, ask, f"/aws/sagemaker/Endpoints/{ask.names['endpoint']}"),
    }
    return apart(client, "names", *naming.own(ask, parts))


def _bucket(client: Client, ask: Ask, name: str) -> Iterator[Finding]:
    from botocore.exceptions import ClientError

    try:
        client("s3").head_bucket(Bucket=name)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (301, 403):
            yield naming.taken(ask, "bucket", name, naming.OR_HIDDEN)
        elif error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise
        return
    tags = {}
    with suppress(ClientError):  # NoSuchTagSet
        tags = _pairs(client("s3").get_bucket_tagging(Bucket=name)["TagSet"])
    yield from naming.judged(ask, "bucket", name, tags, f"aws s3 rb s3://{name}")


def _repository(client: Client, ask: Ask, name: str) -> Iterator[Finding]:
    if arn := _repository_arn(client, name):
        tags = _pairs(client("ecr").list_tags_for_resource(resourceArn=arn)["tags"])
        yield from naming.judged(
            ask, "repository", name, tags, f"aws ecr delete-repository --repository-name {name}"
        )  # fmt: skip


def _repository_arn(client: Client, name: str) -> str:
    """ "" where there is none."""
    from botocore.exceptions import ClientError

    try:
        return str(client("ecr").describe_repositories(repositoryNames=[name])["repositories"][0]["repositoryArn"])
    except ClientError as error:
        if code(error) != "RepositoryNotFoundException":
            raise
        return ""


def _endpoint(client: Client, ask: Ask, name: str) -> Iterator[Finding]:
    from botocore.exceptions import ClientError

    try:
        arn = client("sagemaker").describe_endpoint(EndpointName=name)["EndpointArn"]
    except ClientError as error:
        if code(error) != "ValidationException":  # "Could not find endpoint"
            raise
        return
    tags = _pairs(client("sagemaker").list_tags(ResourceArn=arn)["Tags"])
    yield from naming.judged(ask, "endpoint", name, tags, f"aws sagemaker delete-endpoint --endpoint-name {name}")


def _log_group(client: Client, ask: Ask, name: str) -> Iterator[Finding]:
    """SageMaker makes it for an endpoint that has none, and leaves it."""
    for one in client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]:
        if one["logGroupName"] == name:
            tags = client("logs").list_tags_for_resource(resourceArn=one["arn"].removesuffix(":*"))["tags"]
            yield from naming.judged(ask, "log group", name, tags, f"aws logs delete-log-group --log-group-name {name}")


def _pairs(tags: list[dict[str, str]]) -> dict[str, str]:
    return {one["Key"]: one["Value"] for one in tags}


def image(client: Client, ask: Ask) -> Iterator[Finding]:
    """By digest, in ECR; SageMaker takes no OCI manifest and no list."""
    # As infra/aws/foundation.py: images are named below what the repository is in.
    prefix = "".join(ask.names["registry"].rpartition("/")[:2])
    host, repository = images.place(ask.image, f"{ask.account}.dkr.ecr.{ask.region}.amazonaws.com", prefix)
    token = client("ecr").get_authorization_token()["authorizationData"][0]["authorizationToken"]
    if not _repository_arn(client, repository):
        yield images.no_registry_yet(ask, f"{host}/{repository}")
        return
    get = images.getter(f"https://{host}/v2/{repository}/", {"authorization": f"Basic {token}"})
    yield from images.judged(get, ask, f"{host}/{repository}", only=(images.DOCKER,))
