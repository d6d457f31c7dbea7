"""Keeps secret what was secret: operations work on plain values, and what goes back to the engine is wrapped again."""

from collections.abc import Iterator, Mapping
from typing import Any

from trifold.protocol.values import Secret, reveal

# A shorter text that equals a secret somewhere is more likely a coincidence ("true", a region) than a leak.
SHORTEST = 8


def rewrap(values: Mapping[str, Any], *known: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with a Secret at each place where one of `known` has one, and around each text equal to such a one."""
    found: Any = dict(values)
    for one in known:
        found = _cover(found, one)
    texts = frozenset(text for one in known for text in _texts(one))
    return _mark(found, texts) if texts else found


def wrap_outputs(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """`values` with these top-level outputs secret."""
    return {key: Secret(value) if key in names and _can_be(value) else value for key, value in values.items()}


def _cover(value: Any, known: Any) -> Any:
    if isinstance(value, Secret):
        return value
    if isinstance(known, Secret):
        return Secret(value) if value is not None else None
    if isinstance(value, Mapping) and isinstance(known, Mapping):
        return {key: _cover(item, known.get(key)) for key, item in value.items()}
    if isinstance(value, list) and isinstance(known, list):
        return [_cover(item, known[index] if index < len(known) else None) for index, item in enumerate(value)]
    return value


def _mark(value: Any, texts: frozenset[str]) -> Any:
    if isinstance(value, str) and value in texts:
        return Secret(value)
    if isinstance(value, Mapping):
        return {key: _mark(item, texts) for key, item in value.items()}
    if isinstance(value, list):
        return [_mark(item, texts) for item in value]
    return value


def _texts(value: Any, inside: bool = False) -> Iterator[str]:
    if isinstance(value, Secret):
        yield from _texts(reveal(value), inside=True)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item, inside)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, inside)
    elif inside and isinstance(value, str) and len(value) >= SHORTEST:
        yield value


def _can_be(value: Any) -> bool:
    return value is not None and not isinstance(value, Secret)
