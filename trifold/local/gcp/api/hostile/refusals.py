"""Calls that are refused for now: too many of them, or a service that is away for a moment.

RESOURCE_EXHAUSTED is 429 and UNAVAILABLE 503, in REST and in gRPC (google/rpc/code.proto); none of the errors below is
documented with a Retry-After. Cloud Storage's words and reasons:
https://cloud.google.com/storage/docs/json_api/v1/status-codes (429, rateLimitExceeded; 503, backendError).

Refused are callers that try again by themselves: Google's client for Cloud Storage (google.cloud.storage.retry), the
official provider (transport/error_retry_predicates.go) and the kit's own. Google's other clients for Python do not by
default, and who writes plain HTTP has to say so himself: these are spared, by what they say of themselves.
"""

from collections.abc import Mapping

from trifold.local.gcp.api.errors import GoogleError
from trifold.local.gcp.api.wire import Raw
from trifold.local.hostile import Hostile

# What is in the User-Agent or X-Goog-Api-Client of google-cloud-storage, of the provider and of the kit's own calls.
RETRYING = ("gcloud-python/", "gccl/", "HashiCorp Terraform/", "trifold/")
# Each is asked once in a while by everybody, and what Google answers to too many is not documented.
NEVER = ("oauth2", "sts")
LIMIT = "requests per minute per user"


def retries(headers: Mapping[str, str]) -> bool:
    """Whether a caller tries again what is refused for now."""
    said = f"{headers.get('user-agent', '')} {headers.get('x-goog-api-client', '')}"
    return any(one in said for one in RETRYING)


def check(hostile: Hostile, service: str, raw: Raw) -> None:
    """Raises RESOURCE_EXHAUSTED or UNAVAILABLE now and then."""
    about = f"refused {service} {raw.method} {raw.path}"
    if service in NEVER or not retries(raw.headers) or not hostile.happens(about, hostile.measures.refused):
        return
    raise _busy(service) if hostile.draw(f"{about}, how") < 0.5 else _away(service)


def _busy(service: str) -> GoogleError:
    if service == "storage":
        message = "The rate of requests to this project exceeds the rate limit. Please reduce your request rate."
        return GoogleError("RESOURCE_EXHAUSTED", message, reason="rateLimitExceeded")
    # The words of Service Infrastructure, which all these services stand behind:
    # https://cloud.google.com/docs/quotas/troubleshoot
    host = f"{service}.googleapis.com"
    metric = f"{host}/requests"
    message = f"Quota exceeded for quota metric '{metric}' and limit '{LIMIT}' of service '{host}'."
    details = {"quota_metric": metric, "quota_limit": LIMIT, "service": host}
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    info = {"@type": kind, "reason": "RATE_LIMIT_EXCEEDED", "domain": "googleapis.com", "metadata": details}
    return GoogleError("RESOURCE_EXHAUSTED", message, [info])


def _away(service: str) -> GoogleError:
    if service == "storage":
        return GoogleError("UNAVAILABLE", "We encountered an internal error. Please try again.", reason="backendError")
    return GoogleError("UNAVAILABLE", "The service is currently unavailable.")
