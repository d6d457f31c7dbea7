"""Compares old and new inputs: which paths differ, and which of the differences replace the resource or may do so.

Works on plain values (secrets unwrapped). Paths are Pulumi's: `rules[0].filter`, `tags["a key"]`. A rule's path names
a property with everything under it, `[*]` standing for any element; rules come from outside (trifold.facts).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trifold.protocol.values import Archive, Asset

ADD, DELETE, UPDATE = "ADD", "DELETE", "UPDATE"


@dataclass(frozen=True)
class Rules:
    """What replaces a type. replace: a change at or under the path; presence: only adding or removing it;
    unsettled: unknown, or depends on something, with the reason to show."""

    replace: tuple[str, ...] = ()
    presence: tuple[str, ...] = ()
    unsettled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """The outcome. paths: {path: ADD, DELETE or UPDATE}; replacing: those of them that replace; keys: the top-level
    properties among the replacing ones; doubtful: {path: why it may replace}."""

    paths: Mapping[str, str]
    replacing: frozenset[str]
    keys: tuple[str, ...]
    doubtful: Mapping[str, str]

    @property
    def changed(self) -> tuple[str, ...]:
        """The top-level properties that differ."""
        return tuple(sorted({_top(path) for path in self.paths}))


def compare(old: Mapping[str, Any], new: Mapping[str, Any], rules: Rules | None) -> Difference:
    """The difference of two sets of inputs; without rules, every change may replace."""
    paths = dict(_differences(old, new, ""))
    if rules is None:
        return Difference(paths, frozenset(), (), dict.fromkeys(paths, "this type is not covered by the facts"))
    hit = {rule for rule in rules.replace if _at(old, rule) != _at(new, rule)}
    hit |= {rule for rule in rules.presence if _presence(old, rule) != _presence(new, rule)}
    replacing = frozenset(path for path in paths if any(_overlap(path, rule) for rule in hit))
    doubtful = {path: why for path in set(paths) - replacing for why in _doubts(path, rules)}
    return Difference(paths, replacing, tuple(sorted({_top(path) for path in replacing})), doubtful)


def _differences(old: Any, new: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            here = _join(path, key)
            if old.get(key) is None or new.get(key) is None:
                yield from _appeared(old.get(key), new.get(key), here)
            else:
                yield from _differences(old[key], new[key], here)
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
        for index in range(max(len(old), len(new))):
            here = f"{path}[{index}]"
            if index < min(len(old), len(new)):
                yield from _differences(old[index], new[index], here)
            else:
                yield here, ADD if index < len(new) else DELETE
    elif not same(old, new):
        yield path, UPDATE


def _appeared(old: Any, new: Any, path: str) -> Iterator[tuple[str, str]]:
    if old is not None or new is not None:
        yield path, ADD if old is None else DELETE


def same(old: Any, new: Any) -> bool:
    """Whether two scalars are equal on the wire: text that spells a number or a truth value equals it, as providers'
    schemas convert it; assets by their content's hash."""
    if isinstance(old, Asset | Archive) and isinstance(new, Asset | Archive):
        hashed = old.hash and new.hash
        return type(old) is type(new) and (old.hash == new.hash if hashed else old == new)
    return old == new or _text(old) == _text(new)


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else str(value)
    return value


def _at(value: Any, rule: str) -> list[Any]:
    """The values in `value` at a rule's path."""
    found = [value]
    for step in re.findall(r"\[\*\]|[^.\[\]]+", rule):
        if step == "[*]":
            found = [item for held in found if isinstance(held, list | tuple) for item in held]
        else:
            found = [held[step] for held in found if isinstance(held, Mapping) and held.get(step) is not None]
    return found


def _presence(value: Any, rule: str) -> list[int]:
    """How often the block is there; lists count their elements."""
    return [len(held) if isinstance(held, list | tuple) else 1 for held in _at(value, rule)]


def _doubts(path: str, rules: Rules) -> Iterator[str]:
    for rule, why in rules.unsettled.items():
        if _overlap(path, rule):
            yield why


def _overlap(path: str, rule: str) -> bool:
    """Whether one of the two paths lies at or under the other, list positions set aside."""
    general = re.sub(r"\[\d+\]", "[*]", path)
    return _under(general, rule) or _under(rule, general)


def _under(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith((f"{outer}.", f"{outer}["))


def _top(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _join(path: str, key: str) -> str:
    if re.fullmatch(r"[A-Za-z_$][\w$-]*", key):
        return f"{path}.{key}" if path else key
    escaped = key.replace('"', '\\"')
    return f'{path}["{escaped}"]'
