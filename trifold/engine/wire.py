"""Property maps on their way to and from a provider: what it does not understand is left out or simplified."""

from dataclasses import dataclass
from typing import Any

from google.protobuf import struct_pb2

from trifold.engine.properties import Properties
from trifold.protocol.values import (
    Archive,
    Asset,
    OutputValue,
    Reference,
    Secret,
    Unknown,
    decode,
    encode,
)

_DROP: Any = object()


@dataclass(frozen=True)
class Form:
    """What the receiver takes; assets without their content are told apart by hash alone."""

    unknowns: bool = False
    secrets: bool = True
    references: bool = True
    asset_contents: bool = True

    def __call__(self, values: Properties) -> struct_pb2.Struct:
        return encode({key: found for key, value in values.items() if (found := self._shape(value)) is not _DROP})

    def _shape(self, value: Any) -> Any:
        if isinstance(value, str | int | float | bool | None):
            return value
        if isinstance(value, dict):
            return {key: found for key, item in value.items() if (found := self._shape(item)) is not _DROP}
        if isinstance(value, list):
            return [found for item in value if (found := self._shape(item)) is not _DROP]
        if isinstance(value, Unknown):
            return value if self.unknowns else _DROP
        if isinstance(value, OutputValue):
            return self._shape(Secret(value.value) if value.secret else value.value)
        if isinstance(value, Secret):
            inner = self._shape(value.value)
            return inner if inner is _DROP or not self.secrets else Secret(inner)
        if isinstance(value, Reference) and not self.references:
            return value.urn if value.id is None else self._shape(value.id)
        if isinstance(value, Asset | Archive) and not self.asset_contents:
            return type(value)("none", "", value.hash)
        return value


def received(struct: struct_pb2.Struct, *, unknowns: bool) -> Properties:
    """A provider's answer. Raises ValueError for unknown values where none may be."""
    found = decode(struct)
    if not isinstance(found, dict):
        raise ValueError("the answer is not a property map")
    if not unknowns:
        _refuse_unknowns(found, "")
    return found


def _refuse_unknowns(value: Any, key: str) -> None:
    if isinstance(value, Unknown):
        raise ValueError(f"unexpected unknown property value for {key!r}")
    if isinstance(value, dict):
        for name, item in value.items():
            _refuse_unknowns(item, key or name)
    elif isinstance(value, list):
        for item in value:
            _refuse_unknowns(item, key)
    elif isinstance(value, Secret):
        _refuse_unknowns(value.value, key)


def restore_assets(original: Properties, transformed: Properties) -> Properties:
    """`transformed` with the content of each asset that came back with its hash alone."""
    known: dict[str, Any] = {}
    _collect(original, known)
    return _restored(transformed, known) if known else transformed


def _collect(value: Any, known: dict[str, Any]) -> None:
    if isinstance(value, Asset | Archive):
        known[value.hash] = value
    elif isinstance(value, Secret):
        _collect(value.value, known)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _collect(item, known)


def _restored(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, Asset | Archive):
        same = known.get(value.hash)
        return same if not value.content and type(same) is type(value) else value
    if isinstance(value, Secret):
        return Secret(_restored(value.value, known))
    if isinstance(value, dict):
        return {key: _restored(item, known) for key, item in value.items()}
    return [_restored(item, known) for item in value] if isinstance(value, list) else value
