"""The provider's look-ups of what a stack did not make: what is not there is an error, in the vendor's words. Each asks
what the official one asks, which is less than is asked of what is managed."""

from collections.abc import Mapping

from trifold.local.aws.provider.buckets import addressed
from trifold.local.aws.provider.ecr import Repository
from trifold.local.aws.provider.iam import told
from trifold.local.aws.provider.logs import LogGroup
from trifold.local.aws.provider.session import Session
from trifold.protocol.declaration import Failure, Function, InvalidInputs, Values


def _found(found: Values | None, id: str, what: str, key: str) -> Values:
    """What was found, under its id. The official provider says "couldn't find resource", too."""
    if found is None:
        raise InvalidInputs(Failure(key, f"couldn't find resource: no {what} {id}"))
    return {"id": id, **found}


def repository(session: Session, args: Values) -> Values:
    name = str(args["name"])
    found = _found(Repository().look(session, name, {}), name, "ECR Repository", "name")
    kept = (
        "arn",
        "name",
        "registryId",
        "repositoryUrl",
        "tags",
        "region",
        "encryptionConfigurations",
        "imageTagMutability",
    )
    scanning = [found["imageScanningConfiguration"]]
    # The official provider looks for the newest, and gives up where it may not. There is none: a registry is not
    # emulated.
    session.client("ecr", args.get("region")).describe_images(repositoryName=name)
    return {**_only(found, kept), "imageScanningConfigurations": scanning, "mostRecentImageTags": []}


def role(session: Session, args: Values) -> Values:
    name = str(args["name"])
    found = _found(told(session, session.client("iam"), name), name, "IAM Role", "name")
    kept = (
        "arn",
        "name",
        "path",
        "uniqueId",
        "createDate",
        "assumeRolePolicy",
        "description",
        "maxSessionDuration",
        "tags",
    )
    return {**_only(found, kept), "permissionsBoundary": found.get("permissionsBoundary", ""), "roleLastUseds": []}


def bucket(session: Session, args: Values) -> Values:
    name = str(args["bucket"])
    found = _found(addressed(session, session.client("s3", args.get("region")), name), name, "S3 Bucket", "bucket")
    kept = ("arn", "bucket", "bucketDomainName", "bucketRegionalDomainName", "bucketRegion", "hostedZoneId", "region")
    return {**_only(found, kept), "websiteDomain": "", "websiteEndpoint": ""}


def log_group(session: Session, args: Values) -> Values:
    name = str(args["name"])
    found = _found(LogGroup().look(session, name, {}), name, "CloudWatch Logs Log Group", "name")
    kept = (
        "arn",
        "name",
        "kmsKeyId",
        "logGroupClass",
        "retentionInDays",
        "tags",
        "region",
        "deletionProtectionEnabled",
    )
    return {**_only(found, kept), "creationTime": 0}


def _only(found: Mapping[str, object], names: tuple[str, ...]) -> Values:
    return {name: found[name] for name in ("id", *names) if name in found}


LOOKUPS = (
    Function("aws:ecr/getRepository:getRepository", repository, ("name", "registryId", "region", "tags"), ("name",)),
    Function("aws:iam/getRole:getRole", role, ("name", "tags"), ("name",)),
    Function("aws:s3/getBucket:getBucket", bucket, ("bucket", "region"), ("bucket",)),
    Function("aws:cloudwatch/getLogGroup:getLogGroup", log_group, ("name", "region", "tags"), ("name",)),
)
