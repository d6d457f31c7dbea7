"""What the in-process providers have made: plain objects that a test may look at, and change unseen by the engine."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]


@dataclass(eq=False)
class Object:
    """One thing in the cloud. name: the resource's name in the program; inputs, outputs: Pulumi's camelCase keys."""

    type: str
    name: str
    id: str
    inputs: Values = field(default_factory=dict)
    outputs: Values = field(default_factory=dict)
    urn: str = ""

    def change(self, **values: Any) -> None:
        """Drift: what it is now differs from what the program asked for."""
        self.inputs.update(values)
        self.outputs.update(values)


class Cloud:
    """All objects, by type and id: `cloud["toy:index:Bucket"]["logs-1"]`. Deleting from it is what `vanish` does."""

    def __init__(self) -> None:
        self._types: dict[str, dict[str, Object]] = {}
        self._made: dict[tuple[str, str], int] = {}
        self._lock = threading.RLock()

    def __getitem__(self, type: str) -> dict[str, Object]:
        """The objects of a type by id; empty if there are none."""
        with self._lock:
            return self._types.setdefault(type, {})

    def __iter__(self) -> Iterator[Object]:
        with self._lock:
            return iter([one for objects in self._types.values() for one in objects.values()])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return f"<cloud: {', '.join(f'{one.type} {one.id}' for one in self) or 'empty'}>"

    @property
    def names(self) -> list[str]:
        """The names of all objects, sorted."""
        return sorted(one.name for one in self)

    def find(self, name: str, type: str = "") -> Object:
        """The one object of a resource's name (or id). LookupError tells what there is."""
        found = [one for one in self if name in (one.name, one.id) and type in ("", one.type)]
        if len(found) != 1:
            raise LookupError(f"{len(found)} objects are called {name!r}; {self!r}")
        return found[0]

    def add(self, type: str, id: str, *, name: str = "", **values: Any) -> Object:
        """Something that was there before the program: to be imported, or read with `get`."""
        return self.put(Object(type, name or id, id, dict(values), dict(values)))

    def put(self, thing: Object) -> Object:
        """Keep an object; one of the same type and id gives way."""
        with self._lock:
            self[thing.type][thing.id] = thing
        return thing

    def remove(self, type: str, id: str) -> None:
        """Forget an object; it need not be there."""
        with self._lock:
            self[type].pop(id, None)

    def vanish(self, name: str, type: str = "") -> Object:
        """Take an object away behind the engine's back. LookupError if there is none."""
        gone = self.find(name, type)
        self.remove(gone.type, gone.id)
        return gone

    def new_id(self, type: str, name: str) -> str:
        """An id that was not given before: `name-1`, `name-2` after a replacement."""
        with self._lock:
            count = self._made[type, name] = self._made.get((type, name), 0) + 1
        return f"{name}-{count}"

    def made_by(self, type: str, urn: str, inputs: Mapping[str, Any]) -> Object | None:
        """What a create of this resource with these inputs made, if anything."""
        same = (one for one in self if (one.type, one.urn) == (type, urn) and one.inputs == dict(inputs))
        return next(same, None)
