"""ISO 8601 durations, as Azure ML writes them (PT5S, PT1M30S)."""

import re

from trifold.local.azure.api.errors import invalid

PATTERN = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def seconds(text: str) -> float:
    """Seconds; AzureError for what is no duration."""
    found = PATTERN.fullmatch(text)
    if not found or text in ("P", "PT"):
        raise invalid(f"'{text}' is not a duration.", "UserError")
    days, hours, minutes, rest = (float(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def duration(value: float) -> str:
    """The shortest spelling of a number of seconds."""
    minutes, rest = divmod(value, 60)
    text = (f"{int(minutes)}M" if minutes else "") + (f"{rest:g}S" if rest or not minutes else "")
    return f"PT{text}"
