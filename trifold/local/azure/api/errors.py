"""The one kind of error that this cloud answers with: an Azure error code, its message and an HTTP status."""

from collections.abc import Mapping, Sequence
from typing import Any

# Blob Storage to a caller whose roles don't reach that far.
UNPERMITTED = "This request is not authorized to perform this operation using this permission."


class AzureError(Exception):
    """code: in the service's own words ("ResourceNotFound"). details: more of the same, as Resource Manager nests
    them; headers: what goes with it."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        details: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status
        self.details, self.headers = tuple(details), dict(headers or {})

    def as_json(self) -> dict[str, Any]:
        """The shape of Resource Manager."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.details:
            error["details"] = [dict(one) for one in self.details]
        return {"error": error}


def refused(what: str) -> AzureError:
    """What this local cloud does not do: 501 with its name."""
    return AzureError("NotImplemented", f"The local Azure does not support {what}.", status=501)


def invalid(message: str, code: str = "BadRequest") -> AzureError:
    return AzureError(code, message, 400)
