"""What Azure's own list of a caller's rights at a scope says of one action.

https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource
"""

import fnmatch
from collections.abc import Iterable, Mapping
from typing import Any


def allowed(held: Iterable[Mapping[str, Any]], action: str) -> bool:
    """Each entry is one assignment's: what it takes away, it takes from itself only."""
    return any(_matches(one.get("actions"), action) and not _matches(one.get("notActions"), action) for one in held)


def _matches(patterns: list[str] | None, action: str) -> bool:
    return any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns or ())
