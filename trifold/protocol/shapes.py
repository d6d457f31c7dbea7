"""Reads the shape of a resource type off the Pulumi SDK's own classes: which inputs there are, which are required,
of what type, and which outputs the resource class promises.

The SDK keeps this as annotations and not as data; all that knows how is in this file.
"""

import importlib
import inspect
import threading
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

from pulumi import CustomResource, Output, ProviderResource, _types


@dataclass(frozen=True)
class Shape:
    """The inputs of an argument class by Pulumi name: their types, and which must be there."""

    inputs: Mapping[str, Any]
    required: frozenset[str]


@dataclass(frozen=True)
class Promises:
    """The outputs a resource class declares: `always` are there after every create, `sometimes` may be missing."""

    always: frozenset[str]
    sometimes: frozenset[str]


# The SDKs load their modules lazily, by importlib.util.LazyLoader, which two threads at once can break.
LOADING = threading.RLock()


def _one_at_a_time(function: Callable[..., Any]) -> Callable[..., Any]:
    """Whatever reads the SDK's classes may load more of its modules."""

    @wraps(function)
    def call(*args: Any) -> Any:
        with LOADING:
            return function(*args)

    return call


@cache
@_one_at_a_time
def load(path: str) -> type:
    """The class that "module:Class" names."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


@cache
@_one_at_a_time
def shape(arguments: type) -> Shape:
    """The shape of an SDK argument class, top-level or nested."""
    names = _types.input_type_py_to_pulumi_names(arguments)
    parameters = inspect.signature(arguments).parameters
    required = (names[key] for key, given in parameters.items() if given.default is inspect.Parameter.empty)
    return Shape(_types.input_type_types(arguments), frozenset(required))


@cache
@_one_at_a_time
def promises(arguments: str) -> Promises:
    """The outputs promised by the resource class that stands beside an argument class in its module."""
    cls = resource_class(arguments)
    optional = {name: _is_optional(cls, getter) for _, name, getter in _types._py_properties(cls)}
    return Promises(
        frozenset(name for name, maybe in optional.items() if not maybe),
        frozenset(name for name, maybe in optional.items() if maybe),
    )


@cache
@_one_at_a_time
def resource_class(arguments: str) -> type:
    """The one resource class in the module of an argument class."""
    module = importlib.import_module(arguments.partition(":")[0])
    name = arguments.partition(":")[2].removesuffix("Args")
    for candidate in (name, name.removesuffix("Init")):
        found = getattr(module, candidate, None)
        if inspect.isclass(found) and issubclass(found, CustomResource | ProviderResource):
            return found
    raise LookupError(f"{arguments} has no resource class beside it")


def is_object(hint: Any) -> bool:
    """Whether a type is one of the SDK's nested argument classes."""
    return inspect.isclass(hint) and _types.is_input_type(hint)


def alternatives(hint: Any) -> tuple[Any, ...]:
    """The members of a union, without the awaitables, outputs and dict twins that every input may also be."""
    if not _types._is_union_type(hint):
        return (hint,)
    members = (arg for arg in typing.get_args(hint) if not _types._is_plumbing_arg(arg) and arg is not type(None))
    return tuple(inner for arg in members for inner in alternatives(arg))


def _is_optional(cls: type, getter: property) -> bool:
    """Whether an output's getter is annotated `Output[Optional[...]]`."""
    scope = vars(importlib.import_module(cls.__module__))
    hints = typing.get_type_hints(getter.fget, scope, {"Output": Output})
    inner = typing.get_args(hints.get("return")) or (None,)
    return _types._is_optional_type(inner[0])
