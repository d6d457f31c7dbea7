"""Partial responses: the `fields` parameter that every Google API takes ("items(name,size),nextPageToken", "a/b")."""

from collections.abc import Iterator
from typing import Any

from trifold.local.gcp.api.errors import invalid

Selection = dict[str, Any]


def select(content: Any, fields: str) -> Any:
    """The content with only what `fields` names. Raises 400 for a selector that cannot be read."""
    selection, rest = _parse(fields, 0)
    if rest != len(fields):
        raise invalid(f"Invalid field selection {fields}")
    return _keep(content, selection)


def _keep(content: Any, selection: Selection) -> Any:
    if isinstance(content, list):
        return [_keep(item, selection) for item in content]
    if not selection or "*" in selection or not isinstance(content, dict):
        return content
    return {name: _keep(value, selection[name]) for name, value in content.items() if name in selection}


def _parse(text: str, start: int) -> tuple[Selection, int]:
    made: Selection = {}
    position = start
    while position < len(text) and text[position] != ")":
        names, position = _path(text, position)
        inner: Selection = {}
        if position < len(text) and text[position] == "(":
            inner, position = _parse(text, position + 1)
            position += 1
        _put(made, names, inner)
        if position < len(text) and text[position] == ",":
            position += 1
    return made, position


def _path(text: str, start: int) -> tuple[list[str], int]:
    end = start
    while end < len(text) and text[end] not in ",()":
        end += 1
    if end == start:
        raise invalid(f"Invalid field selection {text}")
    return list(_steps(text[start:end])), end


def _steps(text: str) -> Iterator[str]:
    yield from (step.strip() for step in text.replace(".", "/").split("/"))


def _put(made: Selection, names: list[str], inner: Selection) -> None:
    for name in names[:-1]:
        made = made.setdefault(name, {})
    made.setdefault(names[-1], {}).update(inner)
