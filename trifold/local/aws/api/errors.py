"""The one kind of error that this cloud answers with: an AWS error code, its message and an HTTP status."""

from collections.abc import Mapping
from typing import Any


class AwsError(Exception):
    """code: as in the vendor's service model ("ValidationException"). members: more of that error's own members."""

    def __init__(self, code: str, message: str, status: int = 400, members: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status
        for name, value in (members or {}).items():
            setattr(self, name, value)


def refused(what: str) -> AwsError:
    """What this local cloud does not do: 501 with its name, in the caller's own protocol."""
    return AwsError("NotImplemented", f"The local AWS does not support {what}.", status=501)


def validation(message: str) -> AwsError:
    return AwsError("ValidationException", message)
