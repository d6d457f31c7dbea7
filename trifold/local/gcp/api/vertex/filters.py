"""Lists: filters, order and pages as aiplatform.v1's list methods take them."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from trifold.local.gcp.api.errors import invalid, refused
from trifold.local.gcp.api.schema import camel
from trifold.local.gcp.api.vertex.names import local
from trifold.local.gcp.api.wire import Call

CLAUSE = re.compile(r'\s*([\w.-]+)\s*(=|!=|:)\s*(\*|"[^"]*"|\'[^\']*\'|[^\s"]+)\s*')
FIELDS = {"displayName", "name", "model", "endpoint", "versionId"}
PAGE = 100


def page(call: Call, key: str, items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One page of what matches the call's filter, in the order it asks for."""
    wanted = list(filter(matcher(call.query.get("filter", "")), items))
    _sort(wanted, call.query.get("orderBy", ""))
    start, size = int(call.query.get("pageToken") or 0), call.number("pageSize", PAGE) or PAGE
    shown = wanted[start : start + size]
    more = {"nextPageToken": str(start + size)} if start + size < len(wanted) else {}
    return {key: shown, **more}


def matcher(text: str) -> Callable[[Mapping[str, Any]], bool]:
    """A test for a filter such as `display_name="x" AND labels.package=ab`. Raises 501 for what it cannot test."""
    clauses = [_clause(part) for part in re.split(r"\s+AND\s+", text.strip())] if text.strip() else []
    return lambda item: all(clause(item) for clause in clauses)


def _clause(text: str) -> Callable[[Mapping[str, Any]], bool]:
    matched = CLAUSE.fullmatch(text)
    if not matched:
        raise refused(f"the filter {text}")
    field, operator, value = matched.groups()
    wanted = value.strip("\"'")
    if field.startswith("labels."):
        key = field.removeprefix("labels.")
        if operator == ":" and wanted == "*":
            return lambda item: key in item.get("labels", {})
        return lambda item: (item.get("labels", {}).get(key) == wanted) == (operator != "!=")
    name = {"model": "name", "endpoint": "name"}.get(field, camel(field))
    if name not in FIELDS or operator == ":":
        raise refused(f"the filter {text}")
    return lambda item: _same(item.get(name, ""), wanted) == (operator == "=")


def _same(found: str, wanted: str) -> bool:
    return found == local(wanted) or found.rpartition("/")[2] == wanted


def _sort(items: list[Mapping[str, Any]], order: str) -> None:
    """Newest first unless asked otherwise."""
    keys = [part.split() for part in order.split(",") if part.strip()] or [["create_time", "desc"]]
    for field, *direction in reversed(keys):
        name = camel(field)
        if name not in ("createTime", "updateTime", "displayName", "name"):
            raise invalid(f"order_by: {field} is not supported.")
        items.sort(key=lambda item: item.get(name, ""), reverse=direction == ["desc"])
