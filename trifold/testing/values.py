"""Property values as a test reads them: secrets told or shown, unknown ones as UNKNOWN."""

from collections.abc import Callable
from typing import Any, Final

from trifold.protocol.values import OutputValue, Secret, reveal

Values = dict[str, Any]
SECRET: Final = "[secret]"


def hidden(value: Any) -> Any:
    """The value with "[secret]" at the place of each secret."""
    if isinstance(value, Secret) or (isinstance(value, OutputValue) and value.secret):
        return SECRET
    return _within(value, hidden)


def revealed(value: Any) -> Any:
    """The value with its secrets in plain text."""
    return reveal(_within(value, revealed))


def sealed(value: Any, seal: Callable[[str], str]) -> Any:
    """A configuration value with each Secret in it as Pulumi's stack files hold it."""
    if isinstance(value, Secret):
        return {"secure": seal(value.value)}
    return _within(value, lambda item: sealed(item, seal))


def _within(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, OutputValue):
        return change(value.value)
    if isinstance(value, dict):
        return {key: change(item) for key, item in value.items()}
    if isinstance(value, list):
        return [change(item) for item in value]
    return value
