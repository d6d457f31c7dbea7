"""The model card and data card, as Markdown."""

from typing import Any


def text(report: dict[str, Any]) -> str:
    return "# Late flights out of New York, 2013\n"
