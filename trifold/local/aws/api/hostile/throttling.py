"""Calls that are refused for now: too many of them, or a service that is away for a moment.

Services of JSON and of the query protocol say so by their common errors ("ServiceUnavailable",
https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html; "Rate exceeded" as CloudWatch Logs and SageMaker
say it), S3 by https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. None of them sends Retry-After. The
vendor's SDKs try such calls again by themselves.
"""

from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.wire import Call
from trifold.local.hostile import Hostile

QUERY = ("iam", "sts")


def check(call: Call, hostile: Hostile) -> None:
    """Raises AwsError now and then."""
    about = f"refused {call.service}.{call.name}"
    if hostile.happens(about, hostile.measures.refused):
        raise _busy(call.service) if hostile.draw(f"{about}, how") < 0.5 else _away(call.service)


def _busy(service: str) -> AwsError:
    if service == "s3":
        return AwsError("SlowDown", "Please reduce your request rate.", 503)
    return AwsError("Throttling" if service in QUERY else "ThrottlingException", "Rate exceeded", 400)


def _away(service: str) -> AwsError:
    if service == "s3":
        return AwsError("ServiceUnavailable", "Service is unable to handle request.", 503)
    said = "The request has failed due to a temporary failure of the server."
    return AwsError("ServiceUnavailable", said, 503)
