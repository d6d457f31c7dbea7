"""What the engine does with property values (those of protocol.values): compare, walk, downgrade, mark secret."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from trifold.protocol.values import UNKNOWN, Archive, Asset, OutputValue, Reference, Secret, Unknown

Properties = dict[str, Any]


def equal(one: Any, other: Any) -> bool:
    """Deep equality in which True is not 1, and assets are equal if their content is."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(equal(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, Secret) and isinstance(other, Secret):
        return equal(one.value, other.value)
    if isinstance(one, Asset | Archive) and isinstance(other, Asset | Archive):
        return type(one) is type(other) and (one.hash == other.hash if one.hash and other.hash else one == other)
    return type(one) is type(other) and one == other if _special(one) or _special(other) else one == other


def _special(value: Any) -> bool:
    return isinstance(value, Secret | Unknown | Asset | Archive | Reference | OutputValue)


def downgrade(value: Any) -> Any:
    """The value with output values turned into plain, secret or unknown ones; their dependencies are lost."""
    if isinstance(value, OutputValue):
        inner = downgrade(value.value)
        return Secret(inner) if value.secret else inner
    if isinstance(value, Secret):
        return Secret(downgrade(value.value))
    if isinstance(value, Reference):
        return replace(value, id=downgrade(value.id))
    if isinstance(value, Mapping):
        return {key: downgrade(item) for key, item in value.items()}
    if isinstance(value, list):
        return [downgrade(item) for item in value]
    return value


def upgrade(value: Any) -> Any:
    """The value with secrets and unknowns turned into output values, as transforms see them.

    An SDK takes a list with a secret in it for a secret as a whole; one with an output value in it stays a list.
    """
    if isinstance(value, Secret):
        return OutputValue(upgrade(value.value), secret=True)
    if isinstance(value, Unknown):
        return OutputValue()
    if isinstance(value, OutputValue):
        return value if isinstance(value.value, Unknown) else replace(value, value=upgrade(value.value))
    if isinstance(value, Mapping):
        return {key: upgrade(item) for key, item in value.items()}
    if isinstance(value, list):
        return [upgrade(item) for item in value]
    return value


def unwrap(value: Any) -> Any:
    """The value without secrets and outputs; what is unknown stays so."""
    if isinstance(value, Secret):
        return unwrap(value.value)
    if isinstance(value, OutputValue):
        return unwrap(value.value)
    if isinstance(value, Mapping):
        return {key: unwrap(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unwrap(item) for item in value]
    return value


def redacted(value: Any) -> Any:
    """The value with None for each secret in it."""
    if isinstance(value, Secret):
        return None
    if isinstance(value, Mapping):
        return {key: redacted(item) for key, item in value.items()}
    return [redacted(item) for item in value] if isinstance(value, list) else value


def dependencies(value: Any) -> Iterator[str]:
    """The URNs that output values within the value depend on."""
    if isinstance(value, OutputValue):
        yield from value.dependencies
        yield from dependencies(value.value)
    elif isinstance(value, Secret):
        yield from dependencies(value.value)
    elif isinstance(value, Reference):
        yield from dependencies(value.id)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from dependencies(item)
    elif isinstance(value, list):
        for item in value:
            yield from dependencies(item)


def annotate_secrets(outs: Properties | None, ins: Properties | None) -> None:
    """Mark as secret what has the same place as a secret input, for providers that take no secrets."""
    from trifold.protocol.values import has_secret

    if outs is None or ins is None:
        return
    for key, wanted in ins.items():
        found = outs.get(key)
        if key not in outs:
            continue
        if isinstance(found, dict) and isinstance(wanted, dict):
            annotate_secrets(found, wanted)
        elif not isinstance(found, Secret) and has_secret(wanted):
            outs[key] = Secret(found)


def diff(old: Properties, new: Properties) -> dict[str, str]:
    """{path: ADD, DELETE or UPDATE} between two property maps, as the engine itself sees them."""
    return dict(_diff(old, new, ""))


def _diff(old: Any, new: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            here = join(path, key)
            if key not in old:
                yield here, "ADD"
            elif key not in new:
                yield here, "DELETE"
            else:
                yield from _diff(old[key], new[key], here)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            here = f"{path}[{index}]"
            if index >= len(old):
                yield here, "ADD"
            elif index >= len(new):
                yield here, "DELETE"
            else:
                yield from _diff(old[index], new[index], here)
    elif not equal(old, new):
        yield path, "UPDATE"


def join(path: str, key: str) -> str:
    """The property path of `key` below `path`."""
    if key and all(character not in key for character in '.["]'):
        return f"{path}.{key}" if path else key
    escaped = key.replace('"', '\\"')
    return f'{path}["{escaped}"]'


def unknown() -> Unknown:
    return UNKNOWN
