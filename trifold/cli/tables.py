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
    """One column a cloud, so that what must be equal stands side by side; identifiers fold where the window ends.

    A digest is shown as far as all platforms tell it. "stack up" is there where the answers say how long it took.
    """
    table = Table("", *(answer["cloud"] for answer in answers), show_edge=False, pad_edge=False, header_style="bold")
    for column in table.columns[1:]:
        column.overflow = "fold"
    rows = [_row(answer) for answer in answers]
    for name in rows[0]:
        table.add_row(f"[bold]{name}[/]", *(row.get(name, "") for row in rows))
    return table


def _row(answer: dict[str, Any]) -> dict[str, str]:
    up = {"stack up in": f"{answer['up_seconds']:.0f} s"} if "up_seconds" in answer else {}
    return {
        "endpoint": answer["endpoint_id"],
        "state": answer["state"],
        "prediction": prediction_text(answer["predictions"]),
        "package digest": answer["package_digest"][:32],
        **up,
        "answered in": f"{answer['seconds']:.2f} s",
        "SDK import": f"{answer['import_seconds']:.1f} s",
    }


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
