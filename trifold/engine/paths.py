"""Property paths as resource options write them: `tags.owner`, `rules[0].filter`, `tags["a key"]`, `*`, `list[*]`."""

from collections.abc import Callable, Sequence
from typing import Any

from trifold.protocol.values import Secret

Path = tuple[str | int, ...]
Flags = dict[str, bool]
MISSING: Any = object()


def parse(text: str) -> Path:
    """The path's parts, text or list positions. Raises ValueError for what is no path."""
    parts: list[str | int] = []
    rest = text
    while rest:
        if rest[0] == ".":
            if rest == "." or rest[1] in ".[":
                raise ValueError(f"{text!r} is not a property path")
            rest = rest[1:]
        elif rest[0] == "[":
            part, rest = _bracket(text, rest)
            parts.append(part)
        else:
            end = min((at for at in (rest.find("."), rest.find("[")) if at >= 0), default=len(rest))
            parts.append(rest[:end])
            rest = rest[end:]
    return tuple(parts)


def _bracket(text: str, rest: str) -> tuple[str | int, str]:
    if rest.startswith('["'):
        end = 2
        while end < len(rest) and rest[end] != '"':
            end += 2 if rest[end] == "\\" else 1
        if rest[end : end + 2] != '"]':
            raise ValueError(f"{text!r} has an open bracket")
        return rest[2:end].replace('\\"', '"').replace("\\\\", "\\"), rest[end + 2 :]
    inner, closed, after = rest[1:].partition("]")
    if not closed:
        raise ValueError(f"{text!r} has an open bracket")
    if inner == "*":
        return "*", after
    if not inner.isdigit():
        raise ValueError(f"{text!r} has a list position that is no number")
    return int(inner), after


def covers(outer: Path, inner: Path) -> bool:
    """Whether `outer`, in which `*` stands for any part, names `inner` or something above it."""
    return len(outer) <= len(inner) and all(a in (b, "*") for a, b in zip(outer, inner[: len(outer)], strict=True))


def get(value: Any, path: Path) -> Any:
    """The value at the path, MISSING if there is none."""
    for part in path:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(part, int) and isinstance(value, list) and part < len(value):
            value = value[int(part)]
        else:
            return MISSING
    return value


def reset(path: Path, old: Any, new: Any, *, secret_old: bool = False, secret_new: bool = False) -> bool:
    """Put what `old` has at the path into `new`, in place; False if that would add or remove an element on the way.

    Secrets on the way are gone through; a value that was secret stays so.
    """
    while isinstance(old, Secret):
        old, secret_old = old.value, True
    while isinstance(new, Secret):
        new, secret_new = new.value, True
    kept = Secret if secret_old and not secret_new else _same
    flags = {"secret_old": secret_old, "secret_new": secret_new}
    part, rest = path[0], path[1:]
    if part == "*":
        return _reset_all(rest, old, new, kept, flags)
    if isinstance(part, int):
        return _reset_element(part, rest, old, new, kept, flags)
    if not rest:
        return _reset_property(part, old, new, kept)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return not isinstance(old, dict) and not isinstance(new, dict)
    if part in old and part not in new:
        return False
    if part not in old and part not in new:
        return True
    return reset(rest, old.get(part), new[part], **flags)


def _same(value: Any) -> Any:
    return value


def _reset_property(part: str, old: Any, new: Any, kept: Callable[[Any], Any]) -> bool:
    if isinstance(old, dict) and part in old:
        if not isinstance(new, dict):
            return False
        new[part] = kept(old[part])
    elif isinstance(new, dict):
        new.pop(part, None)
    return True


def _reset_element(part: int, rest: Path, old: Any, new: Any, kept: Callable[[Any], Any], flags: Flags) -> bool:
    if not isinstance(old, list) or not isinstance(new, list):
        return not isinstance(old, list) and not isinstance(new, list)
    if part >= len(old) or part >= len(new):
        return not rest and part >= len(old) and part >= len(new)
    if rest:
        return reset(rest, old[part], new[part], **flags)
    new[part] = kept(old[part])
    return True


def _reset_all(rest: Path, old: Any, new: Any, kept: Callable[[Any], Any], flags: Flags) -> bool:
    if isinstance(new, dict):
        if not isinstance(old, dict):
            return not rest
        if rest:
            return all(key in new and reset(rest, old[key], new[key], **flags) for key in old)
        new.clear()
        new.update({key: kept(value) for key, value in old.items()})
        return True
    if isinstance(new, list):
        if not isinstance(old, list):
            return not rest
        for index in range(min(len(old), len(new))):
            if not rest:
                new[index] = kept(old[index])
            elif not reset(rest, old[index], new[index], **flags):
                return False
        return len(old) == len(new)
    return False


def copied(value: Any) -> Any:
    """A copy of the maps and lists of a value."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, Secret):
        return Secret(copied(value.value))
    return [copied(item) for item in value] if isinstance(value, list) else value


def ignore_changes(new: dict[str, Any], old: dict[str, Any], paths: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """`new` with the old values at the paths, and the paths that cannot be kept (added or removed elements)."""
    if not paths:
        return new, []
    result, impossible = copied(new), []
    for text in paths:
        try:
            path = parse(text)
        except ValueError:
            continue
        if not reset(path, old, result):
            impossible.append(text)
    return result, impossible
