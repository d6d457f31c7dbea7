"""A JSON body into checked rows, at the speed of C; why one is refused is found in `explain`, which may be slow."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from trifold.package import Column, Signature
from trifold.serving import explain
from trifold.serving.problem import DETAILS_SHOWN, Detail, invalid

Row = tuple[Any, ...]  # one value a column, in the signature's order; None is null


class Reader:
    """Reads `{"instances": [...]}` for one signature.

    `parameters` is allowed, empty, because Vertex AI's clients send it. Any other member is refused by name.
    """

    def __init__(self, signature: Signature, max_body: int) -> None:
        self.columns = tuple(signature.inputs)
        self.max_rows, self.max_body = signature.max_rows, max_body
        self.pictures = [(i, column) for i, column in enumerate(self.columns) if column.type == "image"]
        row = msgspec.defstruct(
            "Row",
            [(f"c{i}", value_type(column)) for i, column in enumerate(self.columns)],
            rename={f"c{i}": column.name for i, column in enumerate(self.columns)},
            forbid_unknown_fields=True,
            gc=False,
        )
        many = Annotated[list[row], Meta(min_length=1, max_length=signature.max_rows)]  # type: ignore[valid-type]
        body = msgspec.defstruct(
            "Body", [("instances", many), ("parameters", Empty | None, None)], forbid_unknown_fields=True, gc=False
        )
        self.decode: Any = msgspec.json.Decoder(body).decode

    def read(self, body: bytes) -> list[Row]:
        """Checked rows. Raises Problem (400) naming each wrong field and row, up to twenty."""
        try:
            rows = list(map(msgspec.structs.astuple, self.decode(body).instances))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise explain.explain(body, self.columns, self.max_rows, error) from None
        return self.with_pictures(rows) if self.pictures else rows

    def with_pictures(self, rows: Sequence[Row]) -> list[Row]:
        """Rows whose images are arrays of float32, in the column's shape."""
        from trifold.serving import pictures

        done, wrong = [list(row) for row in rows], []
        for index, column in self.pictures:
            for number, row in enumerate(done):
                try:
                    row[index] = pictures.array(row[index], column)
                except ValueError as error:
                    wrong.append(Detail(number, column.name, str(error)))
        if wrong:
            raise invalid(*sorted(wrong, key=lambda detail: detail.row or 0)[:DETAILS_SHOWN])
        return [tuple(row) for row in done]


class Empty(msgspec.Struct, forbid_unknown_fields=True):
    """An object with no members."""


def value_type(column: Column) -> Any:
    """The type msgspec checks a value against; images are checked by `pictures`."""
    if column.type == "image":
        return Any
    bounds: Any = {
        "string": str,
        "boolean": bool,
        "long": Annotated[int, Meta(ge=explain.limits(column)[0], le=explain.limits(column)[1])],
        "double": Annotated[float, Meta(ge=explain.limits(column)[0], le=explain.limits(column)[1])],
    }[column.type]
    return bounds | None if column.nullable else bounds
