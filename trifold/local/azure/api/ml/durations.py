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
    """A number of seconds as the service spells it (PT1M30S)."""
    minutes, rest = divmod(value, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (rest, "S"))
    return "PT" + ("".join(f"{number:g}{letter}" for number, letter in parts if number) or "0S")
