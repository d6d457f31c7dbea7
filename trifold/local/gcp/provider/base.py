"""What the types here share beside trifold/local/resource.py: the vendor's "not found", and its spelling of things."""

from collections.abc import Callable, Mapping
from typing import Any

from trifold.local.gcp.provider.session import ApiError, Session
from trifold.protocol.declaration import Values

# What the official provider does with a resource on destroy unless told otherwise.
DELETION = "DELETE"


def gone(call: Callable[[], Any]) -> Any:
    """What the call gives, or None where Google says 404."""
    try:
        return call()
    except ApiError as error:
        if error.http == 404:
            return None
        raise


def label_patch(session: Session, old: Values, new: Values) -> dict[str, str | None]:
    """Labels to set, and None for those to remove, in a JSON merge patch."""
    wanted = session.labels(new)
    before = old.get("effectiveLabels") or {}
    return {**dict.fromkeys(set(before) - set(wanted)), **wanted}


def place(session: Session, inputs: Mapping[str, Any]) -> tuple[str, str]:
    """(project, location) of a resource; the provider's own where it says none."""
    return str(inputs.get("project") or session.project), str(inputs.get("location") or session.region)
