"""Pulumi's property values: between protobuf's Struct and plain Python.

Plain JSON values stand for themselves; what JSON has not is one of the classes here. The wire form is a Struct in which
such a value is an object with a signature key, and an unknown one of a few magic strings
(pulumi/sdk: resource/plugin/rpc.go, resource/properties.go).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf import struct_pb2

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
REFERENCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
# The SDKs also have an unknown for each other kind of value; all of them mean the same.
UNKNOWN_TEXTS: Final = frozenset(
    {
        UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
LARGEST_WHOLE: Final = 2**53


class Unknown:
    """A value that only the cloud will tell; the one instance is UNKNOWN."""

    _instance: "Unknown | None" = None

    def __new__(cls) -> "Unknown":
        cls._instance = cls._instance or super().__new__(cls)
        return cls._instance

    def __repr__(self) -> str:
        return "[unknown]"

    def __bool__(self) -> bool:
        return False


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value never to be shown or stored as it is."""

    value: Any

    def __repr__(self) -> str:
        return "[secret]"


@dataclass(frozen=True)
class Asset:
    """A file's content. kind: "text", "path" or "uri"; content: the text, path or address; hash: SHA-256 in hex."""

    kind: str
    content: str
    hash: str = ""


@dataclass(frozen=True)
class Archive:
    """Several files. kind: "assets" (content: name -> Asset or Archive), "path" or "uri"; hash: SHA-256 in hex."""

    kind: str
    content: Any
    hash: str = ""


@dataclass(frozen=True)
class Reference:
    """Another resource as a value. id: text, UNKNOWN, or None for a component."""

    urn: str
    id: Any = None
    version: str = ""


@dataclass(frozen=True)
class OutputValue:
    """An output with what is known of it; `value` is UNKNOWN where it is not known."""

    value: Any = UNKNOWN
    secret: bool = False
    dependencies: tuple[str, ...] = field(default=())


def decode(value: struct_pb2.Struct | struct_pb2.Value | struct_pb2.ListValue) -> Any:
    """The plain value of a protobuf one. Whole numbers become int. Raises ValueError for a signature nobody knows."""
    if isinstance(value, struct_pb2.Struct):
        return _special({name: decode(item) for name, item in value.fields.items()})
    if isinstance(value, struct_pb2.ListValue):
        return [decode(item) for item in value.values]
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value in UNKNOWN_TEXTS else value.string_value
    if kind == "number_value":
        return _number(value.number_value)
    if kind == "bool_value":
        return value.bool_value
    if kind == "struct_value":
        return decode(value.struct_value)
    if kind == "list_value":
        return decode(value.list_value)
    return None


def encode(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """A Struct of a mapping of plain values."""
    struct = struct_pb2.Struct()
    for name, value in values.items():
        _fill(struct.fields[name], value)
    return struct


def to_wire(value: Any) -> Any:
    """A plain value in Pulumi's JSON form: special values as objects with a signature. Secrets are in plain text."""
    if isinstance(value, Unknown):
        return UNKNOWN_TEXT
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET, "value": to_wire(value.value)}
    if isinstance(value, Asset):
        return _with_content({SIGNATURE: ASSET, "hash": value.hash}, value.kind, value.content)
    if isinstance(value, Archive):
        return _with_content({SIGNATURE: ARCHIVE, "hash": value.hash}, value.kind, to_wire(value.content))
    if isinstance(value, Reference):
        return _reference(value)
    if isinstance(value, OutputValue):
        return _output(value)
    if isinstance(value, Mapping):
        return {name: to_wire(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_wire(item) for item in value]
    return value


def from_wire(value: Any) -> Any:
    """The reverse of `to_wire`."""
    if isinstance(value, str):
        return UNKNOWN if value in UNKNOWN_TEXTS else value
    if isinstance(value, Mapping):
        return _special({name: from_wire(item) for name, item in value.items()})
    if isinstance(value, list):
        return [from_wire(item) for item in value]
    return value


def reveal(value: Any) -> Any:
    """The value with every Secret in it unwrapped."""
    if isinstance(value, Secret):
        return reveal(value.value)
    if isinstance(value, Mapping):
        return {name: reveal(item) for name, item in value.items()}
    if isinstance(value, list):
        return [reveal(item) for item in value]
    return value


def has_unknown(value: Any) -> bool:
    """Whether anything in the value is unknown."""
    if isinstance(value, Unknown):
        return True
    if isinstance(value, Secret | OutputValue):
        return has_unknown(value.value)
    if isinstance(value, Mapping):
        return any(has_unknown(item) for item in value.values())
    return isinstance(value, list | tuple) and any(has_unknown(item) for item in value)


def has_secret(value: Any) -> bool:
    """Whether anything in the value is secret."""
    if isinstance(value, Secret):
        return True
    if isinstance(value, OutputValue):
        return value.secret or has_secret(value.value)
    if isinstance(value, Mapping):
        return any(has_secret(item) for item in value.values())
    return isinstance(value, list | tuple) and any(has_secret(item) for item in value)


def _fill(target: struct_pb2.Value, value: Any) -> None:
    wire = value if isinstance(value, str | bool | int | float | None) else to_wire(value)
    if wire is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif isinstance(wire, str):
        target.string_value = wire
    elif isinstance(wire, bool):
        target.bool_value = wire
    elif isinstance(wire, int | float):
        target.number_value = wire
    elif isinstance(wire, Mapping):
        target.struct_value.SetInParent()
        for name, item in wire.items():
            _fill(target.struct_value.fields[name], item)
    elif isinstance(wire, list):
        target.list_value.SetInParent()
        for item in wire:
            _fill(target.list_value.values.add(), item)
    else:
        raise TypeError(f"{type(wire).__name__} is not a property value")


def _special(found: dict[str, Any]) -> Any:
    signature = found.get(SIGNATURE)
    if signature is None:
        return found
    if signature == SECRET:
        return Secret(found.get("value"))
    if signature == ASSET:
        kind = next((kind for kind in ("text", "path", "uri") if kind in found), "text")
        return Asset(kind, found.get(kind, ""), found.get("hash", ""))
    if signature == ARCHIVE:
        kind = next((kind for kind in ("assets", "path", "uri") if kind in found), "assets")
        return Archive(kind, found.get(kind, {}), found.get("hash", ""))
    if signature == REFERENCE:
        ident = found.get("id")
        return Reference(found["urn"], UNKNOWN if ident == "" else ident, found.get("packageVersion", ""))
    if signature == OUTPUT:
        return OutputValue(found.get("value", UNKNOWN), bool(found.get("secret")), tuple(found.get("dependencies", ())))
    raise ValueError(f"a property value has the unknown signature {signature}")


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() and abs(value) <= LARGEST_WHOLE else value


def _with_content(found: dict[str, Any], kind: str, content: Any) -> dict[str, Any]:
    """Without an empty hash, and without empty text: an asset may be told by its hash alone."""
    made = {name: value for name, value in found.items() if value}
    return {**made, kind: content} if content != "" else made


def _reference(value: Reference) -> dict[str, Any]:
    made: dict[str, Any] = {SIGNATURE: REFERENCE, "urn": value.urn}
    parts = value.urn.split("::", 3)
    if len(parts) == 4:
        made |= {"type": parts[2].rpartition("$")[2], "name": parts[3]}
    if value.id is not None:
        made["id"] = "" if isinstance(value.id, Unknown) else value.id
    if value.version:
        made["packageVersion"] = value.version
    return made


def _output(value: OutputValue) -> dict[str, Any]:
    made: dict[str, Any] = {SIGNATURE: OUTPUT}
    if not isinstance(value.value, Unknown):
        made["value"] = to_wire(value.value)
    if value.secret:
        made["secret"] = True
    if value.dependencies:
        made["dependencies"] = list(value.dependencies)
    return made
