"""A part of a run: timed, and its failure kept as a sentence instead of ending the run."""

import time
from collections.abc import Callable
from typing import TypeVar

from tests.live.record import Step
from trifold.errors import UserError

Answer = TypeVar("Answer")


def timed(name: str, work: Callable[[], Answer]) -> tuple[Answer | None, Step]:
    """(what it gave, the step); None where it failed, with why in the step."""
    print(f"== {name}", flush=True)
    started = time.monotonic()
    try:
        answer, why = work(), ""
    except (RuntimeError, UserError, OSError, ValueError) as error:
        answer, why = None, str(error)
        print(f"== {name} failed: {why}", flush=True)
    return answer, Step(name, round(time.monotonic() - started, 1), why)
