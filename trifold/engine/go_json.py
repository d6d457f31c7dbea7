"""JSON as Go writes it, where Pulumi puts JSON into text: the texts of both engines are then the same."""

import json
import re
from typing import Any


def dumps(value: Any) -> str:
    """The JSON value as text: without spaces, keys sorted, and HTML's characters escaped."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)
