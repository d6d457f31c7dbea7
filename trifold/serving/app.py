"""The ASGI application: routes, limits on what comes in, JSON out. No framework: there are four routes."""

import itertools
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec

from trifold.serving import logs, table
from trifold.serving.batching import Batcher
from trifold.serving.metrics import Metrics
from trifold.serving.platforms import Platform
from trifold.serving.problem import Detail, Problem
from trifold.serving.rows import Reader, Row
from trifold.serving.scorer import Refused

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

JSON, CSV, TEXT = b"application/json", b"text/csv", b"text/plain; version=0.0.4; charset=utf-8"
DISCARDED = 64 << 20  # bytes of a refused body that uvicorn reads on, so that its sender gets to read the answer
REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")
REQUEST_IDS = (b"x-request-id", b"x-ms-client-request-id", b"x-ms-request-id", b"x-amzn-requestid")
encode = msgspec.json.Encoder().encode


class Gone(Exception):
    """The client went away before its request was whole."""


class App:
    """One package on one platform. `ready` is put to False while the server drains, and health checks then say 503."""

    def __init__(
        self, platform: Platform, digest: str, reader: Reader, batcher: Batcher, metrics: Metrics, access_log: bool
    ) -> None:
        self.platform, self.reader, self.batcher, self.metrics = platform, reader, batcher, metrics
        self.access_log, self.ready = access_log, True
        self.extra = dict(platform.body(digest))
        self.headers = [(name.lower().encode(), value.encode()) for name, value in platform.headers(digest).items()]
        self.prefix, self.numbers = secrets.token_hex(6), itertools.count(1)
        self.gets = {**dict.fromkeys(platform.health, self.health), "/metrics": self.page}

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] == self.platform.score and scope["method"] == "POST":
            await self.scored(scope, receive, send)
        elif scope["path"] in self.gets and scope["method"] in ("GET", "HEAD"):
            await self.gets[scope["path"]](send)
        else:
            await self.refuse(self.unrouted(scope), self.request_id(scope["headers"]), send)

    async def scored(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer a scoring request; whatever goes wrong becomes an answer too."""
        started = time.perf_counter()
        request = self.request_id(scope["headers"])
        try:
            status, rows = await self.answer(scope["headers"], receive, send, request)
        except Gone:
            return
        except Problem as problem:
            status, rows = await self.refuse(problem, request, send), 0
        except Exception as error:
            logs.emit("error", "failed", request_id=request, error=f"{type(error).__name__}: {error}")
            fault = Problem(500, "internal", f"the server failed; its log has request {request}")
            status, rows = await self.refuse(fault, request, send), 0
        spent = time.perf_counter() - started
        self.metrics.requests[status] += 1
        self.metrics.seconds.observe(spent)
        if self.access_log:
            logs.emit("info", "request", request_id=request, status=status, rows=rows, ms=round(spent * 1000, 3))

    async def answer(self, headers: Iterable[Header], receive: Receive, send: Send, request: str) -> tuple[int, int]:
        """The happy path. Returns status and rows."""
        kind, wants_csv = self.content(headers)
        body = await self.read(headers, receive)
        rows = self.rows(body, kind)
        try:
            predictions = await self.batcher.submit(rows)
        except Refused as error:
            raise Problem.of(422, "not_scorable", Detail(None, None, f"the model refused: {error}")) from None
        self.metrics.rows += len(rows)
        if wants_csv:
            await self.send(send, 200, CSV, table.write(predictions), request)
        else:
            await self.send(send, 200, JSON, encode({"predictions": predictions, **self.extra}), request)
        return 200, len(rows)

    def rows(self, body: bytes, kind: bytes) -> list[Row]:
        """The body as checked rows."""
        if kind == JSON:
            return self.reader.read(body)
        rows = table.read(body, self.reader.columns, self.reader.max_rows)
        return self.reader.with_pictures(rows) if self.reader.pictures else rows

    def content(self, headers: Iterable[Header]) -> tuple[bytes, bool]:
        """The body's kind, and whether CSV is wanted back. Raises Problem (415)."""
        kind, wants_csv = JSON, False
        for name, value in headers:
            if name == b"content-type":
                kind = self.media(value)
            elif name == b"content-encoding" and value.lower() not in (b"identity", b""):
                raise unsupported(f"content encoding '{shown(value)}'", "send the body as it is")
            elif name == b"accept" and self.platform.csv:
                wants_csv = value.split(b";")[0].strip().lower() == CSV
        return kind, wants_csv

    def media(self, value: bytes) -> bytes:
        """JSON or CSV out of a Content-Type header. Raises Problem (415)."""
        if value == JSON:
            return JSON
        kind, _, parameters = value.lower().partition(b";")
        kind = kind.strip()
        if kind not in ((JSON, CSV) if self.platform.csv else (JSON,)):
            instead = "application/json or text/csv" if self.platform.csv else "application/json"
            raise unsupported(f"content type '{shown(kind)}'", f"send {instead}")
        charset = re.search(rb"charset\s*=\s*\"?([^\s;\"]+)", parameters)
        if charset and charset[1] not in (b"utf-8", b"utf8", b"us-ascii"):
            raise unsupported(f"charset '{shown(charset[1])}'", "send UTF-8")
        return kind

    async def read(self, headers: Iterable[Header], receive: Receive) -> bytes:
        """The whole body. Raises Problem (413) as soon as it is known to be too large."""
        message = await receive()
        body: bytes = message.get("body", b"")
        if message["type"] == "http.request" and not message.get("more_body") and len(body) <= self.reader.max_body:
            return body
        length = next((value for name, value in headers if name == b"content-length"), b"")
        declared = int(length) if length.isdigit() else 0
        parts, size = [], 0
        while True:
            if message["type"] == "http.disconnect":
                raise Gone
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if max(size, declared) > self.reader.max_body:
                reason = f"the body is larger than {self.reader.max_body} bytes"
                problem = Problem.of(413, "body_too_large", Detail(None, None, reason))
                problem.close = not 0 < declared <= DISCARDED
                raise problem
            if not message.get("more_body"):
                return b"".join(parts)
            message = await receive()

    async def refuse(self, problem: Problem, request: str, send: Send) -> int:
        """Answer with the problem in the platform's shape; say so in the log, without the client's values."""
        self.metrics.refused[problem.code] += 1
        places = [detail.target for detail in problem.details if detail.target][:5]
        logs.emit("warning", "refused", request_id=request, status=problem.status, code=problem.code, at=places)
        closing = ((b"connection", b"close"),) if problem.close else ()
        await self.send(send, problem.status, JSON, encode(self.platform.problem(problem)), request, closing)
        return problem.status

    def unrouted(self, scope: dict[str, Any]) -> Problem:
        """404, or 405 where the route is right."""
        path, method = scope["path"], scope["method"]
        if path == self.platform.score or path in self.gets:
            allowed = "POST" if path == self.platform.score else "GET"
            reason = f"{path} takes {allowed}, not {method[:20]}"
            return Problem.of(405, "method_not_allowed", Detail(None, None, reason))
        reason = f"there is no {path[:100]}; rows are scored by POST {self.platform.score}"
        return Problem.of(404, "not_found", Detail(None, None, reason))

    async def health(self, send: Send) -> None:
        """200 while it serves; the server listens only once the package is checked and loaded."""
        status = 200 if self.ready else 503
        await self.send(send, status, JSON, b'{"status":"ok"}' if self.ready else b'{"status":"draining"}', "")

    async def page(self, send: Send) -> None:
        """The metrics."""
        await self.send(send, 200, TEXT, self.metrics.render(self.batcher.in_flight()), "")

    def request_id(self, headers: Iterable[Header]) -> str:
        """The caller's own, where it is a harmless one; else a new one."""
        for name, value in headers:
            if name in REQUEST_IDS and REQUEST_ID.fullmatch(value):
                return value.decode()
        return f"{self.prefix}-{next(self.numbers)}"

    async def send(
        self, send: Send, status: int, kind: bytes, body: bytes, request: str, more: tuple[Header, ...] = ()
    ) -> None:
        """One whole answer."""
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *self.headers, *more]
        if request:
            headers.append((b"x-request-id", request.encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def unsupported(what: str, instead: str) -> Problem:
    return Problem.of(415, "wrong_content_type", Detail(None, None, f"{what} is not supported: {instead}"))


def shown(value: bytes) -> str:
    """A header's value, short and printable."""
    return value[:60].decode("ascii", "replace")
