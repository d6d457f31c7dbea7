"""text/csv in and out, as SageMaker's built-in algorithms speak it.

Columns in the signature's order, or in any order under a header line with exactly their names. An empty cell is null.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any

from trifold.package import Column
from trifold.serving import explain
from trifold.serving.problem import DETAILS_SHOWN, Detail, Problem, invalid
from trifold.serving.rows import Row

BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def read(body: bytes, columns: Sequence[Column], max_rows: int) -> list[Row]:
    """Rows of values that are not yet images. Raises Problem naming row (0-based, header not counted) and column."""
    lines = parse(body)
    order = header(lines[0], columns) if lines else None
    if order:
        lines = lines[1:]
    if wrong := explain.count(len(lines), max_rows):
        raise wrong
    details: list[Detail] = []
    rows = [row(number, line, order or range(len(columns)), columns, details) for number, line in enumerate(lines)]
    if details:
        raise invalid(*details[:DETAILS_SHOWN])
    return rows


def parse(body: bytes) -> list[list[str]]:
    """Lines of cells; empty lines are skipped."""
    try:
        text = body.decode("utf-8-sig")
        return [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except UnicodeDecodeError as error:
        raise Problem.of(400, "invalid_csv", Detail(None, None, f"not UTF-8 (byte {error.start})")) from None
    except csv.Error as error:
        raise Problem.of(400, "invalid_csv", Detail(None, None, f"the body is not CSV: {error}")) from None


def header(line: list[str], columns: Sequence[Column]) -> list[int] | None:
    """Where each column stands in a line, if this line is a header; else None."""
    cells = [cell.strip() for cell in line]
    names = [column.name for column in columns]
    return [cells.index(name) for name in names] if sorted(cells) == sorted(names) else None


def row(number: int, line: list[str], order: Sequence[int], columns: Sequence[Column], wrong: list[Detail]) -> Row:
    """One row; what is wrong with it is added to `wrong`."""
    if len(line) != len(columns):
        wrong.append(Detail(number, None, f"{len(line)} cells, expected {len(columns)}"))
        return ()
    values = [value(line[place], column) for place, column in zip(order, columns, strict=True)]
    for found, column in zip(values, columns, strict=True):
        if reason := explain.check(found, column):
            wrong.append(Detail(number, column.name, reason))
    return tuple(values)


def value(cell: str, column: Column) -> Any:
    """A cell as its column's type; one that does not parse stays a string, which the check then refuses."""
    if cell == "":
        return None
    if column.type in ("string", "image"):
        return cell
    if column.type == "boolean":
        return BOOLEANS.get(cell.strip().lower(), cell)
    return number(cell.strip(), column)


def number(cell: str, column: Column) -> Any:
    """An int or a float; Python's own extras (1_000, whole Unicode digits) are no CSV."""
    if "_" in cell or not cell.isascii() or len(cell) > 400:
        return cell
    try:
        return int(cell) if column.type == "long" else float(cell)
    except ValueError:
        return cell


def write(predictions: Sequence[dict[str, Any]]) -> bytes:
    """One line a row, outputs in the signature's order, no header."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(list(prediction.values()) for prediction in predictions)
    return out.getvalue().encode()
