"""What a packaged model takes and gives: columns with types, units and ranges. Reads and checks signature.json."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trifold.package.errors import PackageError

FILE = "signature.json"
INPUT_TYPES = ("string", "double", "long", "boolean", "image")
OUTPUT_TYPES = ("string", "double", "long", "boolean", "array")
MAX_ROWS = 1000


@dataclass(frozen=True)
class Column:
    """One input: a field of every instance, and the ONNX input of the same name.

    shape: rows and columns of an image; range: smallest and largest value (of an image: of a pixel).
    """

    name: str
    type: str
    nullable: bool = False
    unit: str = ""
    description: str = ""
    shape: tuple[int, ...] | None = None
    range: tuple[float, float] | None = None


@dataclass(frozen=True)
class OutputColumn:
    """One field of every prediction, from one ONNX output; index None takes the row as it is."""

    name: str
    type: str
    tensor: str
    index: int | None = None
    unit: str = ""
    description: str = ""


@dataclass(frozen=True)
class Signature:
    """All columns, and the largest number of instances in a request."""

    inputs: tuple[Column, ...]
    outputs: tuple[OutputColumn, ...]
    max_rows: int = MAX_ROWS

    def to_json(self) -> dict[str, Any]:
        return {
            "inputs": [_filled(column) for column in self.inputs],
            "outputs": [{**_filled(column), "index": column.index} for column in self.outputs],
            "max_rows": self.max_rows,
        }

    @classmethod
    def from_json(cls, value: Any) -> "Signature":
        """Raises PackageError naming signature.json and the column that is wrong."""
        _require(isinstance(value, dict), "is not an object")
        inputs = tuple(_column(entry) for entry in _entries(value, "inputs"))
        outputs = tuple(_output(entry) for entry in _entries(value, "outputs"))
        for names in ([c.name for c in inputs], [c.name for c in outputs]):
            _require(len(set(names)) == len(names), "a column is named twice")
        max_rows = value.get("max_rows", MAX_ROWS)
        _require(type(max_rows) is int and max_rows > 0, "'max_rows' is not a number above 0")
        return cls(inputs, outputs, max_rows)


def _filled(column: Column | OutputColumn) -> dict[str, Any]:
    """The fields that say something; `nullable` always."""
    fields = {key: list(value) if isinstance(value, tuple) else value for key, value in vars(column).items()}
    return {key: value for key, value in fields.items() if value not in (None, "")}


def _entries(value: Mapping[str, Any], key: str) -> list[Any]:
    entries = value.get(key)
    _require(isinstance(entries, list) and bool(entries), f"'{key}' is not a filled list")
    return entries  # type: ignore[return-value]


def _column(entry: Any) -> Column:
    name = _name(entry)
    _require(entry.get("type") in INPUT_TYPES, f"input '{name}': type is none of {', '.join(INPUT_TYPES)}")
    image = entry["type"] == "image"
    shape = _numbers(entry, "shape", name, 2)
    _require(image == (shape is not None), f"input '{name}': 'shape' is for images, and needed there")
    whole = shape is None or all(type(side) is int and side > 0 for side in shape)
    _require(whole, f"input '{name}': 'shape' is not two whole numbers above 0")
    bounds = _numbers(entry, "range", name, 2)
    _require(bounds is None or bounds[0] < bounds[1], f"input '{name}': 'range' is empty")
    _require(type(entry.get("nullable", False)) is bool, f"input '{name}': 'nullable' is no boolean")
    return Column(
        name,
        entry["type"],
        entry.get("nullable", False),
        str(entry.get("unit", "")),
        str(entry.get("description", "")),
        tuple(int(side) for side in shape) if shape else None,
        (bounds[0], bounds[1]) if bounds else None,
    )


def _output(entry: Any) -> OutputColumn:
    name = _name(entry)
    _require(entry.get("type") in OUTPUT_TYPES, f"output '{name}': type is none of {', '.join(OUTPUT_TYPES)}")
    tensor, index = entry.get("tensor"), entry.get("index")
    _require(isinstance(tensor, str) and bool(tensor), f"output '{name}': 'tensor' is missing")
    _require(index is None or (type(index) is int and index >= 0), f"output '{name}': 'index' is no position")
    text = str(entry.get("unit", "")), str(entry.get("description", ""))
    return OutputColumn(name, entry["type"], tensor, index, *text)


def _name(entry: Any) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    _require(isinstance(name, str) and bool(name), "a column has no name")
    return name  # type: ignore[return-value]


def _numbers(entry: Mapping[str, Any], key: str, name: str, count: int) -> list[Any] | None:
    value = entry.get(key)
    fine = isinstance(value, list) and len(value) == count and all(type(part) in (int, float) for part in value)
    _require(value is None or fine, f"input '{name}': '{key}' is not {count} numbers")
    return value


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise PackageError(FILE, reason)
