"""What the gate and its handlers pass to each other: a request as it came, a call as it was understood, an answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trifold.local.http import Raw, Reply

__all__ = ["Call", "Raw", "Reply"]


@dataclass(frozen=True)
class Call:
    """A request that was identified, authenticated and checked.

    service, name: in the discovery document's words ("aiplatform", "projects.locations.models.upload"). path: the
    path's parameters by name, query: the last value of each, body: the JSON body with lowerCamelCase names.
    caller: the e-mail address of who calls, "" for nobody. content: what is uploaded beside the body.
    """

    service: str
    name: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    caller: str
    raw: Raw
    content: bytes = b""

    @property
    def address(self) -> str:
        """The request's path without its version ("projects/local/locations/us-central1/models/1")."""
        return self.raw.path.partition("/v1/")[2] or self.raw.path.lstrip("/")

    def flag(self, name: str) -> bool:
        return self.query.get(name, "").lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        return int(self.query.get(name) or default)


def json_reply(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    made = {"content-type": "application/json; charset=UTF-8", **(headers or {})}
    return Reply(status, made, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
