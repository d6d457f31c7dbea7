"""A request as it came and the answer to it, and the ASGI application between them: the same for every cloud's API."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


@dataclass(frozen=True)
class Raw:
    """One HTTP request as it came. path: still percent-encoded. headers: lower-case names."""

    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """One HTTP answer."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


R = TypeVar("R", bound=Raw)


class Whole(Generic[R]):
    """ASGI to a gate: reads the request whole, since its signature and its fields are checked before anything acts.

    kind: the cloud's own Raw. handle: its gate; it never raises.
    """

    def __init__(self, kind: type[R], handle: Callable[[R], Awaitable[Reply]]) -> None:
        self._kind, self._handle = kind, handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        raw = self._kind(
            method=request.method,
            host=request.headers.get("host", ""),
            path=scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0],
            query=scope["query_string"].decode("latin-1"),
            headers=dict(request.headers),
            body=body,
        )
        reply = await self._handle(raw)
        response = Response(reply.body, reply.status)
        if request.method == "HEAD":
            del response.headers["content-length"]  # a HEAD answer says the length of what it leaves out
        for name, value in reply.headers.items():
            response.headers[name] = value
        await response(scope, receive, send)
