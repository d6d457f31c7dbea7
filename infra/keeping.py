"""Data and destroy: which of a stack's data stores a destroy leaves, and what that asks of their resources.

A kept store is protected, so that no destroy, replacement or removal goes through unasked, and retained, so that even
unprotected it is only forgotten, never deleted: docs/decisions/160-kept-twice.md. What protects the data (encryption,
versions, who may read) and what it lies in (Azure's resource group) are kept with it.
"""

from collections.abc import Mapping
from typing import Any

from pulumi import ResourceOptions

KEEP, DELETE = "keep", "delete"
# The data stores of a stack: objects, images, and on Azure the workspace, which keeps models and their history.
STORES: Mapping[str, tuple[str, ...]] = {
    "aws": ("storage", "registry"),
    "azure": ("storage", "registry", "workspace"),
    "gcp": ("storage", "registry"),
}
ALL = frozenset(store for stores in STORES.values() for store in stores)
# The tag (label) of what a destroy leaves on purpose: `trifold sweep` tells it from what was forgotten.
TAG = "on_destroy"


def options(kept: bool, **given: Any) -> ResourceOptions:
    """The options of a resource that is kept, or not; given: as ResourceOptions takes them."""
    return ResourceOptions(protect=True, retain_on_delete=True, **given) if kept else ResourceOptions(**given)


def tags(kept: bool, given: Mapping[str, str]) -> dict[str, str]:
    """The tags of a resource, marked if it is kept."""
    return {**given, TAG: KEEP} if kept else dict(given)
