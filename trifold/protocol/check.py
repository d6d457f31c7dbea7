"""Checks inputs against the SDK's own argument classes and names everything that is wrong at once.

A value that is unknown fits every type. Text where the SDK has "text or enum" is left to the cloud, as the official
providers leave it; where the SDK has only an enum, a value outside it is refused with the allowed ones.
"""

import collections.abc
import difflib
import enum
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from trifold.protocol.declaration import INTERNAL, Failure
from trifold.protocol.shapes import alternatives, is_object, load, shape
from trifold.protocol.values import UNKNOWN, Archive, Asset


def check_inputs(arguments: str, inputs: Mapping[str, Any]) -> list[Failure]:
    """All that is wrong with the inputs of a resource (secrets already unwrapped), by property path."""
    given = {key: value for key, value in inputs.items() if key not in INTERNAL}
    return list(_object(load(arguments), given, ""))


def _object(cls: type, given: Mapping[str, Any], path: str) -> Iterator[Failure]:
    known = shape(cls)
    for name in sorted(known.required):
        if given.get(name) is None:
            yield Failure(_join(path, name), "is required and missing")
    for name, value in given.items():
        if name not in known.inputs:
            yield Failure(_join(path, name), f"is not a property of {cls.__name__}{_nearest(name, known.inputs)}")
        elif value is not None:
            yield from _value(known.inputs[name], value, _join(path, name))


def _value(hint: Any, value: Any, path: str) -> Iterator[Failure]:
    if value is UNKNOWN or hint is Any:
        return
    options = alternatives(hint)
    if len(options) == 1:
        yield from _single(options[0], value, path)
        return
    failures = [list(_single(option, value, path)) for option in options]
    if all(failures):
        yield from min(failures, key=len)


def _single(hint: Any, value: Any, path: str) -> Iterator[Failure]:
    if value is UNKNOWN or hint is Any:
        return
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if is_object(hint):
        if isinstance(value, Mapping):
            yield from _object(hint, value, path)
        else:
            yield _wrong(path, "an object", value)
    elif origin is collections.abc.Sequence:
        yield from _items(inner[0], value, path)
    elif origin is collections.abc.Mapping or hint is dict:
        yield from _entries(inner[1] if inner else Any, value, path)
    elif isinstance(hint, type):
        yield from _scalar(hint, value, path)


def _items(hint: Any, value: Any, path: str) -> Iterator[Failure]:
    if not isinstance(value, list | tuple):
        yield _wrong(path, "a list", value)
        return
    for index, item in enumerate(value):
        yield from _value(hint, item, f"{path}[{index}]")


def _entries(hint: Any, value: Any, path: str) -> Iterator[Failure]:
    if not isinstance(value, Mapping):
        yield _wrong(path, "a map", value)
        return
    for key, item in value.items():
        yield from _value(hint, item, _join(path, key))


def _scalar(hint: type, value: Any, path: str) -> Iterator[Failure]:
    if issubclass(hint, enum.Enum):
        allowed = [member.value for member in hint]
        if value not in allowed:
            yield Failure(path, f"is {value!r}; allowed are {', '.join(map(str, allowed))}")
    elif not _fits(hint, value):
        yield _wrong(path, {str: "text", bool: "true or false", int: "a whole number"}.get(hint, hint.__name__), value)


def _fits(hint: type, value: Any) -> bool:
    """Whether a scalar fits, with the conversions Pulumi's own providers make (text for a number, and the reverse)."""
    if hint is str:
        return isinstance(value, str | int | float)
    if hint is bool:
        return isinstance(value, bool) or value in ("true", "false")
    if hint in (int, float):
        return _is_number(value, whole=hint is int)
    if hint.__name__ in ("Asset", "Archive"):
        return isinstance(value, Asset | Archive)
    return True


def _is_number(value: Any, whole: bool) -> bool:
    if isinstance(value, bool):
        return False
    try:
        number = float(value)
    except (TypeError, ValueError):
        return False
    return number.is_integer() or not whole


def _wrong(path: str, wanted: str, value: Any) -> Failure:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return Failure(path, f"must be {wanted}, not {kinds.get(type(value), type(value).__name__)}")


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _join(path: str, name: str) -> str:
    simple = name.replace("_", "a").replace("-", "a").isalnum()
    step = name if simple else f'["{name}"]'
    return step if not path else f"{path}.{step}" if simple else f"{path}{step}"
