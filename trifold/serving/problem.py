"""What is wrong with a request: one value, which each platform writes in its own error shape."""

from dataclasses import dataclass

DETAILS_SHOWN = 20  # enough to mend a batch by; a million-line answer helps nobody


@dataclass(frozen=True)
class Detail:
    """One wrong value. row: 0-based index into `instances`, None for the request itself; field: the column's name."""

    row: int | None
    field: str | None
    reason: str

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                f"row {self.row}" if self.row is not None else "",
                f"column '{self.field}'" if self.field is not None else "",
            )
            if part
        )
        return f"{place}: {self.reason}" if place else self.reason

    @property
    def target(self) -> str:
        """The place as a path, e.g. "instances[3].carrier"."""
        row = f"instances[{self.row}]" if self.row is not None else ""
        return ".".join(part for part in (row, self.field or "") if part)


@dataclass(eq=False)  # not frozen: Python itself writes an exception's traceback
class Problem(Exception):
    """A request that is refused. status: 4xx (5xx for a fault of ours); code: a stable word; details: the places."""

    status: int
    code: str
    message: str
    details: tuple[Detail, ...] = ()
    close: bool = False  # the connection is given up: the rest of the request is not worth reading

    @classmethod
    def of(cls, status: int, code: str, *details: Detail) -> "Problem":
        """A problem whose message is its first detail, and how many more there are."""
        more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
        return cls(status, code, f"{details[0]}{more}", details)


def invalid(*details: Detail) -> Problem:
    """400: values that the signature does not allow."""
    return Problem.of(400, "invalid_values", *details)
