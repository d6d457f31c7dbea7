"""The one kind of error that this cloud answers with: google.rpc.Status, as JSON; Cloud Storage adds its own list."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

# google.rpc.Code: number and HTTP status (google/rpc/code.proto).
CODES = {
    "CANCELLED": (1, 499),
    "UNKNOWN": (2, 500),
    "INVALID_ARGUMENT": (3, 400),
    "DEADLINE_EXCEEDED": (4, 504),
    "NOT_FOUND": (5, 404),
    "ALREADY_EXISTS": (6, 409),
    "PERMISSION_DENIED": (7, 403),
    "RESOURCE_EXHAUSTED": (8, 429),
    "FAILED_PRECONDITION": (9, 400),
    "ABORTED": (10, 409),
    "OUT_OF_RANGE": (11, 400),
    "UNIMPLEMENTED": (12, 501),
    "INTERNAL": (13, 500),
    "UNAVAILABLE": (14, 503),
    "UNAUTHENTICATED": (16, 401),
}
# The `reason` that Cloud Storage's errors carry (cloud.google.com/storage/docs/json_api/v1/status-codes).
REASONS = {
    400: "invalid",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    409: "conflict",
    412: "conditionNotMet",
    416: "requestedRangeNotSatisfiable",
    429: "rateLimitExceeded",
    501: "notImplemented",
}


USAGE = ("rateLimitExceeded", "accessNotConfigured")


class GoogleError(Exception):
    """status: a name of google.rpc.Code. http: where the HTTP status is not the code's own (412). details: packed
    messages, each with its "@type". reason: Cloud Storage's, where it is not the usual one for the status."""

    def __init__(
        self,
        status: str,
        message: str,
        details: Sequence[Mapping[str, Any]] = (),
        http: int | None = None,
        reason: str = "",
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.details = status, message, tuple(details)
        self.code, usual = CODES[status]
        self.http = http or usual
        self.reason = reason or REASONS.get(self.http, "backendError")

    def as_status(self) -> dict[str, Any]:
        """google.rpc.Status as an operation carries it."""
        return {"code": self.code, "message": self.message, **({"details": list(self.details)} if self.details else {})}

    def body(self, storage: bool = False) -> bytes:
        """The answer's JSON body."""
        error: dict[str, Any] = {"code": self.http, "message": self.message}
        if storage:
            domain = "usageLimits" if self.reason in USAGE else "global"
            error["errors"] = [{"message": self.message, "domain": domain, "reason": self.reason}]
        else:
            error["status"] = self.status
            if self.details:
                error["details"] = list(self.details)
        return json.dumps({"error": error}).encode()


def refused(what: str) -> GoogleError:
    """What this local cloud does not do: 501 with its name."""
    return GoogleError("UNIMPLEMENTED", f"The local Google Cloud does not support {what}.")


def invalid(message: str, *violations: tuple[str, str]) -> GoogleError:
    """400, with google.rpc.BadRequest where fields are to blame. violations: (field, description)."""
    return GoogleError("INVALID_ARGUMENT", message, [bad_request(violations)] if violations else [])


def bad_request(violations: Sequence[tuple[str, str]]) -> dict[str, Any]:
    listed = [{"field": field, "description": text} if field else {"description": text} for field, text in violations]
    return {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": listed}


def not_found(what: str) -> GoogleError:
    return GoogleError("NOT_FOUND", what)


def precondition_unmet() -> GoogleError:
    """Cloud Storage's answer to ifGenerationMatch and its like."""
    message = "At least one of the pre-conditions you specified did not hold."
    return GoogleError("FAILED_PRECONDITION", message, http=412)


def public_access_prevented() -> GoogleError:
    """Cloud Storage's answer to a grant to everybody where the bucket prevents it."""
    members = "The member bindings allUsers and allAuthenticatedUsers are not allowed"
    return GoogleError("FAILED_PRECONDITION", f"{members} since public access prevention is enforced.", http=412)


def denied(permission: str, resource: str) -> GoogleError:
    """The denial as the newer services word it (rhel-lightspeed/linux-mcp-server#450)."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "IAM_PERMISSION_DENIED",
        "domain": resource.removeprefix("//").split("/", 1)[0],
        "metadata": {"resource": resource.removeprefix("//").partition("/")[2], "permission": permission},
    }
    message = f"Permission '{permission}' denied on resource '{resource}' (or it may not exist)."
    return GoogleError("PERMISSION_DENIED", message, [detail])
