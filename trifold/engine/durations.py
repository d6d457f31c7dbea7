"""Durations as Go writes them: `1h30m`, `5m`, `1.5s`, `250ms`."""

import re

from trifold.errors import UserError

UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")


def seconds(text: str) -> float:
    """The seconds; 0 for no text. UserError for what is no duration."""
    if text in ("", "0"):
        return 0.0
    parts = PART.findall(text)
    if "".join(number + unit for number, unit in parts) != text:
        raise UserError(f"unable to parse customTimeout Value {text}")
    return sum(float(number) * UNITS[unit] for number, unit in parts)
