"""One HTTP request as it came, and one answer as it goes; nothing here knows a service."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote


@dataclass(frozen=True)
class Raw:
    """path: still percent-encoded. headers: lower-case names."""

    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def parameters(self) -> dict[str, str]:
        """The query, decoded; names in lower case, as Azure reads them."""
        return {name.lower(): value for name, value in parse_qsl(self.query, keep_blank_values=True)}

    @property
    def plain_path(self) -> str:
        return unquote(self.path)

    def url(self, path: str, query: str = "") -> str:
        """An address on this request's own host."""
        return f"https://{self.host}{path}" + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def json_reply(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Reply:
    content = json.dumps(value, separators=(",", ":")).encode()
    return Reply(status, {"content-type": "application/json; charset=utf-8", **(headers or {})}, content)
