"""Tables that more than one command shows. Pure: data in, a table out."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

# How far apart two clouds' answers to the same request may be.
TOLERANCE = 1e-6


def console() -> Console:
    """Colour and the window's width in a terminal; plain text that is never folded in a pipe."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=240)


def answers_table(answers: Sequence[dict[str, Any]]) -> Table:
    """One row a cloud: who answered, in which state, what, with which package, in what time."""
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    for name in ("cloud", "endpoint", "state"):
        table.add_column(name, overflow="fold")
    table.add_column("prediction", no_wrap=True)
    table.add_column("package digest", no_wrap=True)
    table.add_column("seconds", justify="right", no_wrap=True)
    table.add_column("SDK import", justify="right", no_wrap=True)
    for answer in answers:
        table.add_row(
            answer["cloud"],
            answer["endpoint_id"],
            answer["state"],
            prediction_text(answer["predictions"]),
            answer["package_digest"][:32],
            f"{answer['seconds']:.2f}",
            f"{answer['import_seconds']:.1f}",
        )
    return table


def prediction_text(predictions: Sequence[Any]) -> str:
    """The first prediction in a few characters, and how many more there are."""
    if not predictions:
        return "none"
    first = predictions[0]
    values = first if isinstance(first, dict) else {"": first}
    text = ", ".join(f"{key} {number(value)}".strip() for key, value in values.items() if not isinstance(value, list))
    return text + (f" (+{len(predictions) - 1} more)" if len(predictions) > 1 else "")


def number(value: Any) -> str:
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def agreement(answers: Sequence[dict[str, Any]]) -> tuple[bool, str]:
    """Whether all answers and digests agree, and one line that says so, or how they differ."""
    first = answers[0]
    digests = {answer["package_digest"][:32] for answer in answers}
    if len(digests) > 1:
        return False, f"the clouds serve {len(digests)} different packages: {', '.join(sorted(digests))}"
    apart = max(distance(first["predictions"], answer["predictions"]) for answer in answers)
    if apart > TOLERANCE:
        return False, f"the answers differ by {apart:.3g}, more than {TOLERANCE:g}"
    return True, f"{len(answers)} answers agree to {TOLERANCE:g} (largest difference {apart:.2g}), from one package"


def distance(one: Any, other: Any) -> float:
    """The largest difference between numbers at the same place; infinite where the shapes differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return max((distance(one[key], other[key]) for key in one), default=0.0)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return max((distance(a, b) for a, b in zip(one, other, strict=True)), default=0.0)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other)
    return 0.0 if one == other else float("inf")
