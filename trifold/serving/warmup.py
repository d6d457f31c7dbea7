"""Before the server says that it is healthy: the package's own sample must give its own answer, to its tolerance."""

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from trifold.errors import UserError
from trifold.serving.rows import Reader
from trifold.serving.scorer import Scorer


def warm_up(reader: Reader, scorer: Scorer, sample: Mapping[str, Any]) -> None:
    """Score the sample the way a request is, which also loads what the first request would have to wait for."""
    columns = [column.name for column in reader.columns]
    rows = [{name: instance.get(name) for name in columns} for instance in sample["request"]["instances"]]
    found = scorer.score(reader.read(msgspec.json.encode({"instances": rows})))
    wanted = sample["response"]["predictions"]
    if len(found) != len(wanted):
        raise UserError(f"{len(found)} predictions for a sample of {len(wanted)}", where="sample.json")
    for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
        for name, value in other.items():
            if not alike(one.get(name), value, sample.get("tolerance", 0.0)):
                reason = f"row {number} of the sample gives {name} = {one.get(name)}, its answer says {value}"
                raise UserError(reason, where="sample.json", next="build the package anew with these versions")


def alike(one: Any, other: Any, tolerance: float) -> bool:
    """Equal; numbers to the tolerance, lists place by place."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(alike(a, b, tolerance) for a, b in zip(one, other, strict=True))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=0, abs_tol=tolerance)
    return bool(one == other)
