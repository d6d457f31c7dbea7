"""What exists: resources by id, with what the vendor shows of them and what only this cloud knows of them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from trifold.local.azure.api.arm.ids import GROUPS, ResourceId


@dataclass
class Resource:
    """body: all but id, name and type. hidden: keys, processes and the like, never shown as they are."""

    id: ResourceId
    kind: str
    body: dict[str, Any]
    hidden: dict[str, Any] = field(default_factory=dict)
    created: float = field(default_factory=time.time)

    @property
    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body.setdefault("properties", {})
        return found

    def shown(self) -> dict[str, Any]:
        """As a response carries it."""
        return {"id": self.id.text, "name": self.id.name, "type": self.kind, **self.body}


class Store:
    """All resources, in the order they were made."""

    def __init__(self) -> None:
        self._held: dict[str, Resource] = {}

    def get(self, id: ResourceId | str) -> Resource | None:
        return self._held.get((id if isinstance(id, str) else id.text).lower().rstrip("/"))

    def put(self, resource: Resource) -> None:
        self._held[resource.id.key] = resource

    def drop(self, id: ResourceId) -> None:
        self._held.pop(id.key, None)

    def below(self, id: ResourceId | str) -> list[Resource]:
        """All that lies under an id: nested resources, a group's content, assignments on it. Innermost first."""
        text = (id if isinstance(id, str) else id.text).lower()
        found = [one for key, one in self._held.items() if key.startswith(f"{text}/")]
        return sorted(found, key=lambda one: -len(one.id.text.split("/")))

    def of_kind(self, kind: str, scope: str = "") -> Iterator[Resource]:
        """The resources of a type, at or under a scope."""
        wanted = scope.lower()
        for resource in list(self._held.values()):
            if resource.kind.lower() == kind.lower() and resource.id.key.startswith(wanted):
                yield resource

    def all(self, scope: str = "") -> Iterator[Resource]:
        """What "list resources" shows under a scope: all at the top, and what is nested and has a location."""
        for resource in list(self._held.values()):
            listed = (len(resource.id.names) == 1 or "location" in resource.body) and resource.kind != GROUPS
            if listed and resource.id.key.startswith(f"{scope.lower()}/"):
                yield resource
