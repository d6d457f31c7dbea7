"""Property paths, and values put back at them."""

import pytest

from trifold.engine.paths import MISSING, covers, get, ignore_changes, parse
from trifold.protocol.values import Secret


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)),
        ("a.b[0].c", ("a", "b", 0, "c")),
        ('tags["a key"]', ("tags", "a key")),
        ('["a.b"].c', ("a.b", "c")),
        ("list[*].x", ("list", "*", "x")),
        ("*", ("*",)),
    ],
)
def test_a_path_is_its_parts(text: str, path: tuple) -> None:
    assert parse(text) == path


@pytest.mark.parametrize("text", ["a[", "a[x]", "a..b", 'a["x'])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


def test_a_path_covers_what_is_below_it() -> None:
    assert covers(("a", "*"), ("a", 0, "b")) and covers(("a",), ("a",))
    assert not covers(("a", "b"), ("a",)) and not covers(("b",), ("a",))


def test_a_value_is_found_at_its_path() -> None:
    assert get({"a": [1, {"b": 2}]}, ("a", 1, "b")) == 2
    assert get({"a": [1]}, ("a", 3)) is MISSING


@pytest.mark.parametrize(
    ("new", "old", "path", "result", "possible"),
    [
        ({"a": 2, "b": 1}, {"a": 1}, "a", {"a": 1, "b": 1}, True),
        ({"a": 2}, {}, "a", {}, True),
        ({"a": {"x": 2}}, {"a": {"x": 1, "y": 3}}, "a.x", {"a": {"x": 1}}, True),
        ({"a": [1, 2]}, {"a": [9, 8]}, "a[1]", {"a": [1, 8]}, True),
        ({"a": [1]}, {"a": [9, 8]}, "a[1]", {"a": [1]}, False),
        ({"a": 2, "b": 3}, {"a": 1, "c": 4}, "*", {"a": 1, "c": 4}, True),
        ({"a": [{"x": 1}]}, {"a": [{"x": 2}]}, "a[*].x", {"a": [{"x": 2}]}, True),
        ({}, {"a": {"x": 1}}, "a.x", {}, False),
        ({"a": {"x": 2}}, {"a": Secret({"x": 1})}, "a.x", {"a": {"x": Secret(1)}}, True),
    ],
)
def test_ignored_changes_are_put_back(new: dict, old: dict, path: str, result: dict, possible: bool) -> None:
    before = repr(new)
    assert ignore_changes(new, old, [path]) == (result, [] if possible else [path])
    assert repr(new) == before
