"""One HTTP request as it came, and one answer as it goes; nothing here knows a service."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from trifold.local import http
from trifold.local.http import Reply


@dataclass(frozen=True)
class Raw(http.Raw):
    """A request with its query and path as Azure reads them."""

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


def json_reply(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Reply:
    content = json.dumps(value, separators=(",", ":")).encode()
    return Reply(status, {"content-type": "application/json; charset=utf-8", **(headers or {})}, content)
