"""Why a JSON body was refused: every wrong field and row, in words. Runs only after the fast path said no."""

import json
import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from trifold.package import Column
from trifold.serving.problem import DETAILS_SHOWN, Detail, Problem, invalid

WORDS = {
    "string": "a string",
    "double": "a number",
    "long": "a whole number",
    "boolean": "true or false",
    "image": "an image",
}


INT64 = (-(2**63), 2**63 - 1)
FLOAT32 = 3.4028234663852886e38  # the largest finite float32: every ONNX input can hold what passes


def explain(body: bytes, columns: Sequence[Column], max_rows: int, cause: Exception) -> Problem:
    """The problem with this body. cause: what the fast path said, used where nothing better is found."""
    try:
        value = json.loads(body.decode(), parse_int=whole)
    except RecursionError:
        return Problem.of(400, "invalid_json", Detail(None, None, "the JSON is nested too deeply"))
    except UnicodeDecodeError as error:
        return Problem.of(400, "invalid_json", Detail(None, None, f"the body is not UTF-8 (byte {error.start})"))
    except json.JSONDecodeError as error:
        reason = f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        return Problem.of(400, "invalid_json", Detail(None, None, reason if body.strip() else "the body is empty"))
    return envelope(value, max_rows) or values(value["instances"], columns) or unexplained(cause)


def whole(text: str) -> int | float:
    """An integer; one of absurd length is infinity, which no column allows."""
    return int(text) if len(text) < 400 else math.copysign(math.inf, -1 if text.startswith("-") else 1)


def unexplained(cause: Exception) -> Problem:
    return Problem.of(400, "invalid_request", Detail(None, None, str(cause)[:500]))


def envelope(value: Any, max_rows: int) -> Problem | None:
    """What is wrong around the rows, if anything."""
    if not isinstance(value, dict):
        return shape(f"expected an object with 'instances', got {kind(value)}")
    if "instances" not in value:
        return shape("'instances' is missing")
    for name in value:
        if name not in ("instances", "parameters"):
            return shape(f"unknown member '{short(name)}' beside 'instances'")
    if value.get("parameters"):
        return shape("'parameters' must be empty: this model takes none")
    rows = value["instances"]
    if not isinstance(rows, list):
        return shape(f"'instances' must be an array, got {kind(rows)}")
    return count(len(rows), max_rows)


def count(rows: int, max_rows: int) -> Problem | None:
    """Too few or too many rows."""
    if rows == 0:
        return Problem.of(400, "empty_batch", Detail(None, None, "'instances' is empty: send at least one row"))
    if rows > max_rows:
        reason = f"{rows} rows, at most {max_rows} are allowed in one request"
        return Problem.of(400, "too_many_rows", Detail(None, None, reason))
    return None


def shape(reason: str) -> Problem:
    return Problem.of(400, "invalid_request", Detail(None, None, reason))


def values(rows: list[Any], columns: Sequence[Column]) -> Problem | None:
    """The wrong values, the first twenty."""
    found = tuple(islice((d for number, row in enumerate(rows) for d in wrong_in(number, row, columns)), DETAILS_SHOWN))
    return invalid(*found) if found else None


def wrong_in(number: int, row: Any, columns: Sequence[Column]) -> Iterator[Detail]:
    """What is wrong in one row."""
    if not isinstance(row, dict):
        yield Detail(number, None, f"expected an object of column names and values, got {kind(row)}")
        return
    for column in columns:
        if column.name not in row:
            yield Detail(number, column.name, f"the column is missing{', send null' if column.nullable else ''}")
        elif reason := check(row[column.name], column):
            yield Detail(number, column.name, reason)
    known = {column.name for column in columns}
    for name in row:
        if name not in known:
            yield Detail(number, short(name), "the model has no such column")


def check(value: Any, column: Column) -> str:
    """Why a value does not fit its column; "" if it does."""
    if value is None:
        return "" if column.nullable else "null is not allowed here"
    if isinstance(value, float) and not math.isfinite(value):
        return f"{'NaN' if math.isnan(value) else 'infinity'} is not allowed{', send null' if column.nullable else ''}"
    if column.type == "image":
        from trifold.serving import pictures

        return pictures.wrong(value, column)
    if column.type == "string":
        return text(value)
    if column.type == "boolean":
        return "" if isinstance(value, bool) else expected(value, column)
    return numeric(value, column)


def text(value: Any) -> str:
    """A string of whole characters: half of a surrogate pair has no UTF-8."""
    if not isinstance(value, str):
        return f"expected a string, got {kind(value)}"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "the string holds half of a surrogate pair"
    return ""


def numeric(value: Any, column: Column) -> str:
    """A number of the column's type within its bounds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return expected(value, column)
    if column.type == "long" and value != int(value):
        return expected(value, column)
    low, high = limits(column)
    return "" if low <= value <= high else f"{value:.10g} is outside of {low:.10g} to {high:.10g}"


def expected(value: Any, column: Column) -> str:
    return f"expected {WORDS[column.type]}{' or null' if column.nullable else ''}, got {kind(value)}"


def kind(value: Any) -> str:
    """A value for people: its JSON kind, and itself where that is short."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return f"the string {json.dumps(short(value))}"
    if isinstance(value, int | float):
        return f"{value:.10g}" if abs(value) < 1e300 else "a huge number"
    return "an array" if isinstance(value, list) else "an object"


def short(text: str) -> str:
    """At most forty characters of what a client sent, printable in an answer."""
    return text.encode(errors="replace").decode()[:40] + ("..." if len(text) > 40 else "")


def limits(column: Column) -> tuple[Any, Any]:
    """The smallest and the largest value: the signature's range, else what the tensor can hold."""
    if column.range:
        low, high = column.range
        return (int(low), int(high)) if column.type == "long" else (float(low), float(high))
    return INT64 if column.type == "long" else (-FLOAT32, FLOAT32)
