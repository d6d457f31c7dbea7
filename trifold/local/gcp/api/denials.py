"""How each of Google's services words "you may not": nothing but the words."""

from collections.abc import Mapping
from typing import Any

from trifold.local.gcp.api.errors import GoogleError, denied

# su-kaka/gcli2api#283 and hashicorp/terraform-provider-google#13806: serviceusage.googleapis.com's own form.
SERVICE_USAGE: Mapping[str, str] = {
    "serviceusage.services.enable": "Permission denied to enable service [{name}]",
    "serviceusage.services.disable": "Permission denied to disable service [{name}]",
    "serviceusage.services.get": "Permission denied to get service [{name}]",
    "serviceusage.services.list": "Permission denied to list services for consumer container [{name}]",
}


def denied_by(service: str, permission: str, resource: str) -> GoogleError:
    """resource: its full name ("//aiplatform.googleapis.com/projects/...")."""
    if permission in SERVICE_USAGE:
        return _by_service_usage(SERVICE_USAGE[permission], resource)
    error = denied(permission, resource)
    if service in ("iam", "iamcredentials"):
        # hashicorp/terraform-provider-google, error_retry_predicates.go: IsForbiddenIamServiceAccountRetryableError
        error.message = f"Permission '{permission}' denied on resource (or it may not exist)."
    return error


def denied_by_storage(caller: str, permission: str, kind: str) -> GoogleError:
    """The denial as Cloud Storage words it. kind: project, bucket or object."""
    who = caller or "Anonymous caller"
    text = (
        f"{who} does not have {permission} access to the Google Cloud {'Storage ' if kind != 'project' else ''}{kind}."
    )
    message = f"{text} Permission '{permission}' denied on resource (or it may not exist)."
    if not caller:
        return GoogleError("UNAUTHENTICATED", message, reason="required")
    return GoogleError("PERMISSION_DENIED", message)


def _by_service_usage(words: str, resource: str) -> GoogleError:
    path = resource.removeprefix("//").partition("/")[2]
    name = path.rpartition("/")[2] if "/services/" in path else "/".join(path.split("/")[:2])
    rpc = "type.googleapis.com/google.rpc."
    violation = {"type": "googleapis.com", "subject": "110002"}
    details: list[dict[str, Any]] = [
        {"@type": f"{rpc}PreconditionFailure", "violations": [violation]},
        {"@type": f"{rpc}ErrorInfo", "reason": "AUTH_PERMISSION_DENIED", "domain": "serviceusage.googleapis.com"},
    ]
    return GoogleError("PERMISSION_DENIED", words.format(name=name), details)
