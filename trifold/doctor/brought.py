"""What a stack brings along, by the kind of the name that it then does not make."""

from collections.abc import Callable, Mapping
from typing import Any

# cloud -> kind of name -> (the part of `trifold:existing`, its name in the part's id)
PARTS: Mapping[str, Mapping[str, tuple[str, Callable[[str], str]]]] = {
    "aws": {
        "registry": ("registry", lambda id: id.partition(":repository/")[2]),
        "bucket": ("store", lambda id: id),
    },
    "azure": {
        "group": ("home", lambda id: id.split("/")[4]),
        "registry": ("registry", lambda id: id.split("/")[8]),
        "storage": ("store", lambda id: id.split("/")[8]),
        "workspace": ("workspace", lambda id: id.split("/")[8]),
    },
    "gcp": {
        "registry": ("registry", lambda id: id.rpartition("/")[2]),
        "bucket": ("store", lambda id: id),
        "account": ("identity", lambda id: id.partition("@")[0]),
    },
}


def others(cloud: str, existing: Any) -> dict[str, str]:
    """Kind of name -> id of the part that is there already. existing: an infra.brought.Existing."""
    found = {kind: getattr(existing, part) for kind, (part, _) in PARTS[cloud].items()}
    return {kind: id for kind, id in found.items() if id}


def names(cloud: str, others: Mapping[str, str]) -> dict[str, str]:
    """Kind of name -> the name that the part has."""
    return {kind: PARTS[cloud][kind][1](id) for kind, id in others.items()}
