"""Lays what a cloud answered over what the program had set, so that only real drift shows.

A cloud fills in defaults; a program sets a few properties. After a refresh, state keeps the program's properties with
the cloud's values: set ones that are gone are dropped, ones never set are left out. Maps (tags, labels) are taken
whole, since an added tag is drift.
"""

import collections.abc
import typing
from collections.abc import Mapping
from typing import Any

from trifold.protocol.shapes import alternatives, is_object, load, shape


def project(arguments: str, found: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The cloud's values for the properties in `known`, typed by the SDK's argument class."""
    return _object(load(arguments), found, known)


def _object(cls: type, found: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    hints = shape(cls).inputs
    both = (key for key in known if found.get(key) is not None)
    return {key: _value(hints.get(key, Any), found[key], known[key]) for key in both}


def _value(hint: Any, found: Any, known: Any) -> Any:
    for option in alternatives(hint):
        if is_object(option) and isinstance(found, Mapping) and isinstance(known, Mapping):
            return _object(option, found, known)
        if typing.get_origin(option) is collections.abc.Sequence and _same_length(found, known):
            inner = typing.get_args(option)[0]
            return [_value(inner, one, other) for one, other in zip(found, known, strict=True)]
    return found


def _same_length(found: Any, known: Any) -> bool:
    return isinstance(found, list) and isinstance(known, list) and len(found) == len(known)
