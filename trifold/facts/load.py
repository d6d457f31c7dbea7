"""Reads the fact files once and hands them out as frozen records."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Price:
    """One price. `tier` holds {from, to, unit} where the price depends on volume; `price_usd` is per `unit`."""

    cloud: str
    region: str
    service: str
    sku_or_meter: str
    unit: str
    price_usd: float
    tier: Mapping[str, Any] | None
    as_of: str
    source: str
    confidence: str
    note: str | None


@dataclass(frozen=True)
class Limit:
    """One limit or feature of a service, in the vendor's own words (`value` is text)."""

    cloud: str
    service: str
    topic: str
    value: str
    source: str
    as_of: str
    confidence: str
    note: str | None


@dataclass(frozen=True)
class Replacement:
    """Which input properties of a Pulumi resource type force a replacement; paths as in the file's `how_to_read`."""

    cloud: str
    type: str
    replace: tuple[str, ...]
    confidence: str
    source: str
    replace_on_add_remove: tuple[str, ...] = ()
    conditional: Mapping[str, str] | None = None
    not_settled: tuple[str, ...] = ()
    not_settled_nested: tuple[str, ...] = ()
    path_parameters: tuple[str, ...] = ()
    note: str | None = None


@cache
def prices() -> tuple[Price, ...]:
    """All prices of the snapshot."""
    return tuple(Price(**record) for record in _records("prices"))


@cache
def limits() -> tuple[Limit, ...]:
    """All limits of the snapshot."""
    return tuple(Limit(**record) for record in _records("limits"))


@cache
def replacements() -> Mapping[str, Replacement]:
    """The replace-on-change rules, by Pulumi resource type."""
    return {record["type"]: _replacement(record) for record in _records("replace_on_changes")}


def replacement(type: str) -> Replacement | None:
    """The rules of one resource type; None where it is not covered, and then any change may replace."""
    return replacements().get(type)


def _replacement(record: Mapping[str, Any]) -> Replacement:
    known = {field.name for field in fields(Replacement)}
    frozen: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in record.items() if key in known
    }
    return Replacement(**frozen)


def _records(name: str) -> Iterable[dict[str, Any]]:
    return json.loads((DATA / f"{name}.json").read_text())["records"]
