"""Batches: many calls in one multipart request, each answered as if it had come alone."""

import re
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from trifold.local.gcp.api.errors import invalid
from trifold.local.gcp.api.wire import Raw, Reply

LARGEST = 100


async def answer(raw: Raw, handle: Callable[[Raw], Awaitable[Reply]]) -> Reply:
    """The answers to a batch's calls, in order. Raises 400 for what is no batch or too large a one."""
    found = re.search(r'boundary="?([^";]+)"?', raw.headers.get("content-type", ""))
    if not found:
        raise invalid("Failed to parse batch request, error: no boundary.")
    pieces = raw.body.split(b"--" + found.group(1).encode())[1:-1]
    if len(pieces) > LARGEST:
        raise invalid(f"The batch request must not contain more than {LARGEST} calls.")
    boundary = f"batch_{secrets.token_urlsafe(12)}"
    answers = []
    for piece in pieces:
        ident, call = _read(piece, raw)
        answers.append(_written(boundary, ident, await handle(call)))
    body = b"".join([*answers, f"--{boundary}--\r\n".encode()])
    return Reply(200, {"content-type": f"multipart/mixed; boundary={boundary}"}, body)


def _read(piece: bytes, outer: Raw) -> tuple[str, Raw]:
    head, _, inner = piece.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    ident = re.search(r"content-id:\s*<?([^>\n]+)>?", head.decode(), re.IGNORECASE)
    request, _, body = inner.lstrip(b"\n").partition(b"\n\n")
    line, *headers = request.decode().split("\n")
    verb, address, *_ = line.split(" ")
    pairs = (header.partition(":") for header in headers if ":" in header)
    own = {name.strip().lower(): value.strip() for name, _, value in pairs}
    url = urlsplit(address)
    kept = {name: value for name, value in outer.headers.items() if name == "authorization"}
    call = Raw(verb, outer.host, url.path, url.query, {**kept, **own}, body.rstrip(b"\n"))
    return (ident.group(1).strip() if ident else ""), call


def _written(boundary: str, ident: str, reply: Reply) -> bytes:
    head = [f"--{boundary}", "Content-Type: application/http", f"Content-ID: <response-{ident}>", ""]
    status = [f"HTTP/1.1 {reply.status} {'OK' if reply.status < 300 else 'Error'}"]
    headers = [f"{name.title()}: {value}" for name, value in reply.headers.items()]
    lines = [*head, *status, *headers, f"Content-Length: {len(reply.body)}", "", ""]
    return "\r\n".join(lines).encode() + reply.body + b"\r\n"
