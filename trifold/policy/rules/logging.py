"""Logging: of what an endpoint was asked, of who read a bucket, and for how long logs are kept."""

from collections.abc import Iterator
from typing import Any

from trifold.policy.partners import without
from trifold.policy.resource import Hidden, Resource
from trifold.policy.rule import (
    Context,
    Rule,
    Said,
    Want,
    is_set,
    is_true,
    reads,
    unsure,
    wants,
)

BUCKET = "aws:s3/bucket:Bucket"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
NOT_KEPT = "nobody can say later what the endpoint was asked"
REQUESTS = {
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": (
        Want("dataCaptureConfig.enableCapture", is_true, NOT_KEPT, False),
    ),
    "gcp:vertex/aiEndpoint:AiEndpoint": (
        Want("predictRequestResponseLoggingConfig.enabled", is_true, NOT_KEPT, False),
    ),
    "trifold:vertex:ModelDeployment": (
        Want("deployments[*].accessLogging", is_true, "its requests leave no line in Cloud Logging", False),
    ),
}
AZURE = ("properties.appInsightsEnabled", "properties.dataCollector.collections")


def _kept(days: Any) -> bool:
    """At least 30 days; 0 is for ever to CloudWatch."""
    return days == 0 or (isinstance(days, int | float) and days >= 30)


KEPT = {
    "aws:cloudwatch/logGroup:LogGroup": (Want("retentionInDays", _kept, "logs are kept for less than 30 days", 0),),
    "azure-native:operationalinsights:Workspace": (
        Want("retentionInDays", _kept, "logs are kept for less than 30 days", 30),
    ),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": (
        Want("retentionDays", _kept, "logs are kept for less than 30 days", 30),
    ),
}
ACCESS = {
    "gcp:storage/bucket:Bucket": (Want("logging.logBucket", is_set, "reads and writes of the bucket are not logged"),)
}


def _requests(resource: Resource, context: Context) -> Iterator[Said]:
    if resource.type != DEPLOYMENT:
        yield from wants(REQUESTS)(resource, context)
        return
    insights, collected = (resource.at(path) for path in AZURE)
    if is_true(insights) or (is_set(collected) and not isinstance(collected, Hidden)):
        return
    hidden = next((one for one in zip(AZURE, (insights, collected), strict=True) if isinstance(one[1], Hidden)), None)
    yield unsure(*hidden) if hidden else Said(AZURE[0], NOT_KEPT)


def _access(resource: Resource, context: Context) -> Iterator[Said]:
    yield from wants(ACCESS)(resource, context)
    if resource.type == BUCKET and not is_set(resource.at("logging")):
        yield from without(resource, context, LOGGING, "logging", "no BucketLogging names this bucket")


RULES = (
    Rule(
        id="request-logging",
        severity="medium",
        title="An endpoint's requests are logged",
        reason="Without a log of requests, drift, misuse and a wrong answer cannot be looked into afterwards.",
        fix="SageMaker: data_capture_config; Azure ML: app_insights_enabled = True or data_collector; Vertex AI: "
        "predict_request_response_logging_config, or access logging on the deployment",
        pages=(
            "https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html",
            "https://learn.microsoft.com/en-us/azure/machine-learning/how-to-monitor-online-endpoints",
            "https://cloud.google.com/vertex-ai/docs/predictions/online-prediction-logging",
        ),
        reads={**reads(REQUESTS), DEPLOYMENT: AZURE},
        check=_requests,
    ),
    Rule(
        id="storage-access-logging",
        severity="low",
        title="Reads and writes of storage are logged",
        reason="After a leak, the log says what was taken, and by whom.",
        fix="AWS: an aws.s3.BucketLogging that names the bucket; Google Cloud: logging = {log_bucket: ...}",
        pages=(
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
            "https://cloud.google.com/storage/docs/access-logs",
        ),
        reads={**reads(ACCESS), BUCKET: ("bucket", "logging"), LOGGING: ("bucket",)},
        check=_access,
        also=("CKV_AWS_18", "CKV_GCP_62"),
        whole=True,
    ),
    Rule(
        id="log-retention",
        severity="low",
        title="Logs are kept for at least 30 days",
        reason="What is found out late must still be there to be looked into.",
        fix="retention_in_days / retention_days of 30 or more",
        pages=(
            "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
            "https://learn.microsoft.com/en-us/azure/azure-monitor/logs/data-retention-configure",
            "https://cloud.google.com/logging/docs/buckets",
        ),
        reads=reads(KEPT),
        check=wants(KEPT),
        also=("CKV_AWS_66",),
    ),
)
