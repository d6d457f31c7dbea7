"""Holds a request body against the vendor's model and against what this local cloud declares.

Three questions, in this order: does the body carry a field the model does not know; does every value have the model's
type; is every given field one that is declared as acting or stored. Fields the model calls read-only are dropped, as
Resource Manager ignores them.
"""

import datetime
import enum
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trifold.local.azure.api import models
from trifold.local.azure.api.errors import AzureError, refused


def check(model: str, body: Any, accepted: Iterable[str], where: str) -> dict[str, Any]:
    """The body without read-only fields. Raises AzureError for the first thing that does not belong.

    model: "module:Class". accepted: declared field paths; `a[].b` for lists, a map counts as one field.
    """
    if not isinstance(body, Mapping):
        raise AzureError("InvalidRequestContent", f"The request content of {where} must be a JSON object.")
    writable = dict(_writable(models.load(model), body))
    reader = _Reader(where)
    found = list(reader.read(models.load(model), writable, ""))
    if reader.unknown:
        raise refused(f"'{reader.unknown[0]}' in {where}: the service's model does not have it")
    if reader.wrong:
        raise AzureError("InvalidRequestContent", "The request content was invalid and could not be deserialized: "
                         + "; ".join(reader.wrong))  # fmt: skip
    known = tuple(accepted)
    for path in found:
        if not any(_covers(one, path) for one in known):
            raise refused(f"the property '{path}' of {where}")
    return writable


def writable(model: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A stored body without what only the service writes."""
    return dict(_writable(models.load(model), body))


def _writable(kind: Any, value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    known = models.fields(models.narrowed(kind, value))
    for name, item in value.items():
        field = known.get(name)
        if field is None:
            yield name, item
        elif not field.readonly and item is not None:
            kept = _kept(field.type, item)
            if kept != {} or item == {}:
                yield name, kept


def _kept(kind: Any, item: Any) -> Any:
    if models.is_model(kind) and isinstance(item, Mapping):
        return dict(_writable(kind, item))
    inner = typing.get_args(kind)
    if isinstance(item, list) and inner:
        return [_kept(inner[0], one) for one in item]
    if isinstance(item, Mapping) and len(inner) == 2:
        return {key: _kept(inner[1], one) for key, one in item.items()}
    return item


class _Reader:
    """Walks a value along its model: yields the paths of what is given, collects what is unknown or wrong."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.unknown: list[str] = []
        self.wrong: list[str] = []

    def read(self, kind: Any, value: Any, path: str) -> Iterator[str]:
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if models.is_model(kind):
            yield from self._object(kind, value, path)
        elif origin is list and inner:
            yield from self._items(inner[0], value, path)
        elif origin is dict and inner:
            yield from self._entries(inner[1], value, path)
        else:
            self._scalar(kind, value, path)
            yield path

    def _object(self, kind: Any, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            self.wrong.append(f"'{path}' must be an object")
            return
        known = models.fields(models.narrowed(kind, value))
        self.wrong += [f"the required property '{_join(path, name)}' is missing"
                       for name, field in known.items() if field.required and value.get(name) is None]  # fmt: skip
        for name, item in value.items():
            here = _join(path, name)
            if name not in known:
                self.unknown.append(here)
            else:
                yield from self.read(known[name].type, item, here)

    def _items(self, kind: Any, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            self.wrong.append(f"'{path}' must be a list")
            return
        yield path
        for item in value:
            yield from self.read(kind, item, f"{path}[]")

    def _entries(self, kind: Any, value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            self.wrong.append(f"'{path}' must be an object")
            return
        yield path
        if models.is_model(kind):
            for item in value.values():
                list(self._object(kind, item or {}, f"{path}{{}}"))

    def _scalar(self, kind: Any, value: Any, path: str) -> None:
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            allowed = [str(member.value) for member in kind]
            if str(value).lower() not in [one.lower() for one in allowed]:
                self.wrong.append(f"'{path}' is '{value}'; allowed are {', '.join(allowed)}")
        elif not _fits(kind, value):
            self.wrong.append(f"'{path}' must be {getattr(kind, '__name__', kind)}, not {type(value).__name__}")


def _fits(kind: Any, value: Any) -> bool:
    if kind is bool:
        return isinstance(value, bool)
    if kind in (int, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind in (str, bytes, datetime.datetime, datetime.timedelta):
        return isinstance(value, str)
    return True


def _covers(declared: str, path: str) -> bool:
    return path == declared or path.startswith((f"{declared}.", f"{declared}["))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
