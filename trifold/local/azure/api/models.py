"""The vendor's own schemas: the typed models of the Azure SDKs, read as trees of fields.

The SDKs come in two generations: newer models carry typed `rest_field`s, older ones an `_attribute_map`. Both are read
into `Field`s by REST name. azure-ai-ml is heavy to import (seconds), so its generated models alone are loaded.
"""

import datetime
import enum
import importlib
import importlib.util
import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ML_PACKAGE = "trifold_azure_ml_rest"
ML = f"{ML_PACKAGE}.models"
SCALARS: Mapping[str, Any] = {
    "str": str,
    "int": int,
    "long": int,
    "float": float,
    "bool": bool,
    "object": Any,
    "iso-8601": datetime.datetime,
    "duration": datetime.timedelta,
    "rfc-1123": datetime.datetime,
    "bytearray": bytes,
}


@dataclass(frozen=True)
class Field:
    """type: a Python type, a model class, a Union of such, list[...] or dict[str, ...], or a Group."""

    type: Any
    readonly: bool
    required: bool


@dataclass(frozen=True)
class Group:
    """A nested object that an older model flattens ("properties.tenantId")."""

    name: str
    fields: Mapping[str, Field]


@cache
def load(path: str) -> type:
    """The model that "module:Class" names."""
    module, _, name = path.partition(":")
    if module == ML and ML_PACKAGE not in sys.modules:
        _ml_package()
    return getattr(importlib.import_module(module), name)


def is_model(kind: Any) -> bool:
    """Whether a type is one of the SDKs' models, or a Group."""
    return isinstance(kind, Group) or hasattr(kind, "_is_model") or hasattr(kind, "_attribute_map")


def fields(kind: Any) -> Mapping[str, Field]:
    """The fields of a model by REST name."""
    return kind.fields if isinstance(kind, Group) else _fields(kind)


def narrowed(kind: Any, value: Mapping[str, Any]) -> Any:
    """The subtype that a value's discriminator names; the type itself where there is none."""
    if isinstance(kind, Group):
        return kind
    subtypes = getattr(kind, "__mapping__", None) if hasattr(kind, "_is_model") else None
    if subtypes:
        for name in _discriminators(kind):
            chosen = _by_name(subtypes, value.get(name))
            if chosen is not None and chosen is not kind and issubclass(chosen, kind):
                return narrowed(chosen, value)
    for attribute, names in (getattr(kind, "_subtype_map", None) or {}).items():
        key = kind._attribute_map[attribute]["key"]
        if value.get(key) in names:
            return getattr(importlib.import_module(kind.__module__), names[value[key]])
    return kind


def _by_name(subtypes: Mapping[Any, Any], name: Any) -> Any:
    lowered = {str(getattr(key, "value", key)).lower(): found for key, found in subtypes.items()}
    return lowered.get(str(name).lower()) if name is not None else None


@cache
def _fields(kind: Any) -> Mapping[str, Field]:
    return _typed(kind) if hasattr(kind, "_is_model") else _mapped(kind)


def _rest_fields(kind: Any) -> dict[str, Any]:
    return {
        name: field
        for cls in reversed(kind.__mro__)
        for name, field in vars(cls).items()
        if type(field).__name__ == "_RestField"
    }


@cache
def _discriminators(kind: Any) -> tuple[str, ...]:
    return tuple(f._rest_name_input or name for name, f in _rest_fields(kind).items() if f._is_discriminator)


def _typed(kind: Any) -> Mapping[str, Field]:
    package = importlib.import_module(kind.__module__.rpartition(".")[0])
    scope: dict[str, Any] = {"_models": package, "_types": types.SimpleNamespace()}
    for cls in kind.__mro__:
        scope = {**vars(sys.modules[cls.__module__]), **scope}
    hints = typing.get_type_hints(kind, scope)
    found = {}
    for name, field in _rest_fields(kind).items():
        hint = hints[name]
        optional = type(None) in typing.get_args(hint)
        readonly = list(field._visibility or ()) == ["read"]
        found[field._rest_name_input or name] = Field(_plain(hint), readonly, not optional and not readonly)
    return found


def _plain(hint: Any) -> Any:
    """A hint without None, and without the plain text that stands beside an enum."""
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return hint
    options = [one for one in typing.get_args(hint) if one is not type(None)]
    enums = [one for one in options if isinstance(one, type) and issubclass(one, enum.Enum)]
    if enums:
        return enums[0]
    return options[0] if len(options) == 1 else Any


def _mapped(kind: Any) -> Mapping[str, Field]:
    rules = getattr(kind, "_validation", {})
    tree: dict[str, Any] = {}
    for name, entry in kind._attribute_map.items():
        rule = rules.get(name, {})
        field = Field(_named(entry["type"], kind), bool(rule.get("readonly")), bool(rule.get("required")))
        steps = [step.replace("\0", ".") for step in entry["key"].replace("\\.", "\0").split(".")]
        place = tree
        for step in steps[:-1]:
            place = place.setdefault(step, {})
        place[steps[-1]] = field
    return _grouped(tree)


def _grouped(tree: Mapping[str, Any]) -> dict[str, Field]:
    return {
        name: item if isinstance(item, Field) else Field(Group(name, _grouped(item)), False, False)
        for name, item in tree.items()
    }


def _named(text: str, kind: Any) -> Any:
    if text.startswith("["):
        return list[_named(text[1:-1], kind)]  # type: ignore[misc]
    if text.startswith("{"):
        return dict[str, _named(text[1:-1], kind)]  # type: ignore[misc]
    return SCALARS[text] if text in SCALARS else getattr(sys.modules[kind.__module__], text, str)


def _ml_package() -> None:
    """azure-ai-ml's generated REST models under a name of their own, so that nothing else of it is imported."""
    origin = importlib.util.find_spec("azure.ai.ml")
    if origin is None or origin.origin is None:
        raise ImportError("azure-ai-ml is not installed")
    package = types.ModuleType(ML_PACKAGE)
    package.__path__ = [str(Path(origin.origin).parent / "_restclient" / "arm_ml_service")]
    sys.modules[ML_PACKAGE] = package
