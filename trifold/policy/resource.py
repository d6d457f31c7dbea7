"""A resource as the rules see it: what the program asked for, with what nobody can tell yet marked as such."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final


class Hidden:
    """A value that is there and cannot be judged: not known before the resource is up, or secret."""

    def __init__(self, why: str) -> None:
        self.why = why

    def __repr__(self) -> str:
        return f"[{self.why}]"


UNKNOWN: Final = Hidden("unknown")
SECRET: Final = Hidden("secret")
NOTHING: Final = None  # what is not there and what is null are the same to a provider

STEP: Final = re.compile(r"([^.\[\]]+)|\[(\*|\d+)\]")
# azure-native:storage/v20240101:StorageAccount is azure-native:storage:StorageAccount of one API version.
VERSION: Final = re.compile(r"^(azure-native:[^:/]+)/v\d+[a-z0-9]*:")
# aws:s3/bucketV2:BucketV2 and its settings are the older names of what aws:s3/bucket:Bucket and its settings are now.
SECOND: Final = re.compile(r"^(aws:s3/bucket\w*)V2:(\w+)V2$")


@dataclass(frozen=True)
class Resource:
    """One resource of a preview. inputs: plain values, with UNKNOWN and SECRET for what cannot be read.

    provider: the provider's own inputs (a region, a project), where the events tell them; op: what the preview will do.
    """

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any]
    op: str = "create"
    provider: Mapping[str, Any] = field(default_factory=dict)

    @property
    def cloud(self) -> str:
        """ "aws", "azure-native", "gcp", or the package of any other type."""
        return self.type.partition(":")[0]

    def at(self, path: str) -> Any:
        """The value at a path such as "rules[0].prefix"; None where there is none, UNKNOWN below an unknown."""
        return next((value for _, value in self.each(path)), NOTHING)

    def each(self, path: str) -> Iterator[tuple[str, Any]]:
        """(path, value) of all that a path with [*] leads to; a list that is missing or empty leads nowhere."""
        yield from _walk(self.inputs, STEP.findall(path), "")

    @property
    def hidden(self) -> tuple[str, ...]:
        """The paths of all values that cannot be read."""
        return tuple(_hidden(self.inputs, ""))


def canonical(type: str) -> str:
    """The type under the one name that rules know it by."""
    return SECOND.sub(r"\1:\2", VERSION.sub(r"\1:", type))


def _walk(value: Any, steps: Sequence[tuple[str, str]], path: str) -> Iterator[tuple[str, Any]]:
    if not steps or isinstance(value, Hidden):
        yield path, value
        return
    (name, index), *rest = steps
    if name:
        found = value.get(name) if isinstance(value, Mapping) else NOTHING
        yield from _walk(found, rest, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        chosen = range(len(value)) if index == "*" else [int(index)]
        for place in chosen:
            if place < len(value):
                yield from _walk(value[place], rest, f"{path}[{place}]")
    elif index != "*" and value is NOTHING:
        yield path, NOTHING
    elif isinstance(value, Mapping):
        # A block of which there may be one is an object in one version of an SDK and a list in another.
        yield from _walk(value, rest, path)


def _hidden(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Hidden):
        yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _hidden(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _hidden(item, f"{path}[{place}]")


@dataclass(frozen=True)
class Preview:
    """All resources that a preview leaves standing. absent: how many unchanged ones the events do not show.

    config: the stack's configuration, as the events tell it ("aws:region").
    """

    resources: tuple[Resource, ...]
    absent: int = 0
    config: Mapping[str, str] = field(default_factory=dict)

    def of(self, *types: str) -> tuple[Resource, ...]:
        """The resources of these types."""
        return tuple(one for one in self.resources if one.type in types)
