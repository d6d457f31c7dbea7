"""AWS: found through the Resource Groups Tagging API, which lists what is tagged in a region, whatever its service.

It lists no IAM roles and no budgets, so those are asked of their own services:
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from trifold.doctor.aws import Client
from trifold.sweep.thing import IDLE_DAYS, Place, Thing, asked_of

BUCKET, REPOSITORY = "aws:s3/bucket:Bucket", "aws:ecr/repository:Repository"
LOGS, ROLE, BUDGET = "aws:cloudwatch/logGroup:LogGroup", "aws:iam/role:Role", "aws:budgets/budget:Budget"
ENDPOINT, MODEL = "aws:sagemaker/endpoint:Endpoint", "aws:sagemaker/model:Model"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
# Service and first word of an ARN's resource -> type; in the order in which they go.
TYPES = {
    ("sagemaker", "endpoint"): ENDPOINT,
    ("sagemaker", "endpoint-config"): CONFIGURATION,
    ("sagemaker", "model"): MODEL,
    ("logs", "log-group"): LOGS,
    ("ecr", "repository"): REPOSITORY,
    ("s3", ""): BUCKET,
    ("iam", "role"): ROLE,
    ("budgets", "budget"): BUDGET,
}
ORDER = list(TYPES.values())
DAY = 24 * 3600
# Deleting an endpoint takes minutes; the names below it are free only then.
PATIENCE = 1800


class Cloud:
    """One account and region."""

    def __init__(self, place: Place, client: Client | None = None) -> None:
        self._place, self._client = place, client or Client(asked_of(place))

    def account(self) -> str:
        with self._client.translated():
            return str(self._client.caller["Account"])

    def find(self) -> Iterator[Thing]:
        with self._client.translated():
            yield from self._tagged()
            yield from self._roles()
            yield from self._budgets()

    def order(self, thing: Thing) -> int:
        return ORDER.index(thing.type) if thing.type in ORDER else -1

    def remove(self, thing: Thing, purge: bool) -> None:
        gone = {
            ENDPOINT: self._drop_endpoint,
            CONFIGURATION: lambda name: self._client("sagemaker").delete_endpoint_config(EndpointConfigName=name),
            MODEL: lambda name: self._client("sagemaker").delete_model(ModelName=name),
            LOGS: lambda name: self._client("logs").delete_log_group(logGroupName=name),
            REPOSITORY: lambda name: self._client("ecr").delete_repository(repositoryName=name, force=True),
            BUCKET: self._drop_bucket,
            ROLE: self._drop_role,
            BUDGET: lambda name: self._client("budgets").delete_budget(AccountId=self._place.account, BudgetName=name),
        }
        with self._client.translated(), _gone_already():
            gone[thing.type](thing.name)

    # ---- finding -----------------------------------------------------------------------------------------------

    def _tagged(self) -> Iterator[Thing]:
        pages = self._client("resourcegroupstaggingapi").get_paginator("get_resources")
        for page in pages.paginate(TagFilters=[{"Key": "project", "Values": [self._place.project]}]):
            for one in page["ResourceTagMappingList"]:
                tags = _pairs(one["Tags"])
                if self._place.wants(tags):
                    yield self._described(one["ResourceARN"], tags)

    def _described(self, arn: str, tags: Mapping[str, str]) -> Thing:
        service, name = arn.split(":")[2], arn.split(":", 5)[5]
        kind = "" if service == "s3" else name.replace(":", "/").partition("/")[0]
        type = TYPES.get((service, kind), "")
        if not type:
            note = f"the kit makes no {service} {kind}, and does not remove it"
            return Thing(f"aws:{service}/{kind}", arn, name, self._place.region, tags, note=note)
        plain = name if type == BUCKET else name.replace(":", "/", 1).partition("/")[2]
        if type == ENDPOINT:
            return self._endpoint(arn, plain, tags)
        return Thing(type, arn, plain, self._place.region, tags)

    def _endpoint(self, arn: str, name: str, tags: Mapping[str, str]) -> Thing:
        """With what runs in it. SageMaker's ARNs are in lower case, so its name is asked for."""
        found = self._client("sagemaker").describe_endpoint(EndpointName=name)
        config = self._client("sagemaker").describe_endpoint_config(EndpointConfigName=found["EndpointConfigName"])
        sizes = {one["VariantName"]: one.get("InstanceType", "") for one in config["ProductionVariants"]}
        running = tuple(
            (sizes.get(one["VariantName"], ""), int(one.get("CurrentInstanceCount", 0)))
            for one in found.get("ProductionVariants", [])
        )
        requests = None if _young(found["CreationTime"]) else self._requests(found["EndpointName"], list(sizes))
        return Thing(ENDPOINT, arn, found["EndpointName"], self._place.region, tags, running, requests)

    def _requests(self, endpoint: str, variants: list[str]) -> float | None:
        """None where CloudWatch could not be asked: an endpoint that nobody knows of is not called idle."""
        from botocore.exceptions import BotoCoreError, ClientError

        now, asked = datetime.now(UTC), 0.0
        try:
            for variant in variants:
                points = self._client("cloudwatch").get_metric_statistics(
                    Namespace="AWS/SageMaker",
                    MetricName="Invocations",
                    Dimensions=[
                        {"Name": "EndpointName", "Value": endpoint},
                        {"Name": "VariantName", "Value": variant},
                    ],
                    StartTime=now - timedelta(days=IDLE_DAYS),
                    EndTime=now,
                    Period=DAY,
                    Statistics=["Sum"],
                )["Datapoints"]
                asked += sum(one["Sum"] for one in points)
        except (ClientError, BotoCoreError):
            return None
        return asked

    def _roles(self) -> Iterator[Thing]:
        for page in self._client("iam").get_paginator("list_roles").paginate():
            for role in page["Roles"]:
                if role["Path"].startswith("/aws-service-role/"):
                    continue
                tags = _pairs(self._client("iam").list_role_tags(RoleName=role["RoleName"])["Tags"])
                if self._place.wants(tags):
                    yield Thing(ROLE, role["Arn"], role["RoleName"], "global", tags)

    def _budgets(self) -> Iterator[Thing]:
        account = self._place.account
        for page in self._client("budgets").get_paginator("describe_budgets").paginate(AccountId=account):
            for budget in page.get("Budgets", []):
                arn = f"arn:aws:budgets::{account}:budget/{budget['BudgetName']}"
                tags = _pairs(self._client("budgets").list_tags_for_resource(ResourceARN=arn)["ResourceTags"])
                if self._place.wants(tags):
                    yield Thing(BUDGET, arn, budget["BudgetName"], "global", tags)

    # ---- removing ----------------------------------------------------------------------------------------------

    def _drop_endpoint(self, name: str) -> None:
        """Its autoscaling first: a registered target outlives its endpoint, and is the next one's of that name."""
        scaling, prefix = self._client("application-autoscaling"), f"endpoint/{name}/variant/"
        targets = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
        for target in targets:
            if target["ResourceId"].startswith(prefix):
                keys = ("ServiceNamespace", "ResourceId", "ScalableDimension")
                scaling.deregister_scalable_target(**{key: target[key] for key in keys})
        self._client("sagemaker").delete_endpoint(EndpointName=name)
        waiter = self._client("sagemaker").get_waiter("endpoint_deleted")
        waiter.wait(EndpointName=name, WaiterConfig={"Delay": 2, "MaxAttempts": PATIENCE // 2})

    def _drop_bucket(self, name: str) -> None:
        """All versions and delete markers, then the bucket."""
        client = self._client("s3")
        for page in client.get_paginator("list_object_versions").paginate(Bucket=name):
            held = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            if held:
                objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in held]
                client.delete_objects(Bucket=name, Delete={"Objects": objects, "Quiet": True})
        client.delete_bucket(Bucket=name)

    def _drop_role(self, name: str) -> None:
        """A role goes without policies only."""
        client = self._client("iam")
        for policy in client.list_role_policies(RoleName=name)["PolicyNames"]:
            client.delete_role_policy(RoleName=name, PolicyName=policy)
        for attached in client.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            client.detach_role_policy(RoleName=name, PolicyArn=attached["PolicyArn"])
        client.delete_role(RoleName=name)


@contextmanager
def _gone_already() -> Iterator[None]:
    """What somebody else removed in the meantime is removed."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        if not _says_gone(error):
            raise


def _says_gone(error: Any) -> bool:
    code = error.response["Error"]["Code"]
    message = error.response["Error"].get("Message", "")
    gone = ("NoSuchBucket", "NoSuchEntity", "RepositoryNotFoundException", "ResourceNotFoundException",
            "NotFoundException")  # fmt: skip
    return code in gone or (code == "ValidationException" and "Could not find" in message)


def _young(made: datetime) -> bool:
    """Whether something is not there long enough to be idle."""
    return made > datetime.now(UTC) - timedelta(days=IDLE_DAYS)


def _pairs(tags: list[dict[str, str]]) -> dict[str, str]:
    return {one["Key"]: one["Value"] for one in tags}
