"""Tags and labels: the same keys and values on all three clouds, so within the narrowest of their rules, Google's:
lower-case letters, digits, _ and -, at most 63 characters."""

import hashlib
import re

LONGEST = 63


def tags(project: str, stack: str, capability: str, expires: str = "") -> dict[str, str]:
    """What every resource carries that can carry tags. expires: the last day the stack is wanted, YYYY-MM-DD."""
    until = {"expires": value(expires)} if expires else {}
    return {"project": value(project), "stack": value(stack), "capability": value(capability), **until}


def value(text: str) -> str:
    """The text as a label's value; one that had to be changed or shortened ends in a hash, so that it stays its own."""
    fitted = re.sub(r"[^a-z0-9_-]", "-", text.lower())
    if fitted == text and len(fitted) <= LONGEST:
        return text
    return f"{fitted[: LONGEST - 9]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
