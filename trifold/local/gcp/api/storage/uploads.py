"""Uploads: in one request (media, multipart) and in a session of its own (resumable).

cloud.google.com/storage/docs/performing-resumable-uploads says how the sessions answer.
"""

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from typing import Any

from trifold.local.gcp.api.errors import GoogleError, invalid
from trifold.local.gcp.api.wire import Call, Raw, Reply, json_reply

RANGE = re.compile(r"bytes (?:(\d+)-(\d+|\*)|\*)/(\d+|\*)")


def parts(raw: Raw, kind: str) -> tuple[Any, bytes]:
    """(metadata, content) of an upload request. Raises 400 for a multipart body that is not of two parts."""
    sort = raw.headers.get("content-type", "application/octet-stream")
    if kind == "multipart":
        return _multipart(sort, raw.body)
    if kind == "resumable":
        return (json.loads(raw.body) if raw.body else {}), b""
    return {"contentType": sort}, raw.body


def _multipart(sort: str, body: bytes) -> tuple[Any, bytes]:
    found = re.search(r'boundary="?([^";]+)"?', sort)
    pieces = body.split(b"--" + found.group(1).encode()) if found else []
    if len(pieces) != 4:
        raise invalid("Malformed multipart body.")
    (_, described), (headers, content) = (_piece(piece) for piece in pieces[1:3])
    meta = json.loads(described)
    meta.setdefault("contentType", headers.get("Content-Type") or "application/octet-stream")
    return meta, content


def _piece(piece: bytes) -> tuple[Mapping[str, str], bytes]:
    head, _, content = piece.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not _:
        head, _, content = piece.lstrip(b"\n").partition(b"\n\n")
    headers = BytesParser().parsebytes(head + b"\r\n\r\n", headersonly=True)
    return {name.title(): value for name, value in headers.items()}, content.removesuffix(b"\n").removesuffix(b"\r")


@dataclass
class _Session:
    call: Call
    content: bytearray
    finished: Reply | None = None


class Sessions:
    """Resumable uploads under way. finish: (call with the content) -> the object as the API shows it."""

    def __init__(self, finish: Callable[[Call, bytes], Any]) -> None:
        self._finish = finish
        self._sessions: dict[str, _Session] = {}

    def start(self, call: Call) -> Reply:
        ident = secrets.token_urlsafe(32)
        headers = call.raw.headers
        if "contentType" not in call.body:
            call.body["contentType"] = headers.get("x-upload-content-type", "application/octet-stream")
        self._sessions[ident] = _Session(call, bytearray())
        location = f"https://{call.raw.host}{call.raw.path}?{call.raw.query}&upload_id={ident}"
        return Reply(200, {"location": location, "x-guploader-uploadid": ident}, b"")

    def go_on(self, raw: Raw, ident: str) -> Reply:
        """One request of a session: a chunk, a question where it stands, or its end."""
        session = self._sessions.get(ident)
        if session is None:
            raise GoogleError("NOT_FOUND", "Upload session not found.")
        if session.finished:
            return session.finished
        if raw.method == "DELETE":
            del self._sessions[ident]
            return Reply(499)
        return self._chunk(session, raw, ident)

    def _chunk(self, session: _Session, raw: Raw, ident: str) -> Reply:
        start, total = _placed(raw, len(session.content))
        if start is not None:
            if start > len(session.content):
                raise invalid("Invalid request.  The Content-Range does not follow what was received.")
            session.content[start:] = raw.body
        if total is None or len(session.content) < total:
            return _incomplete(len(session.content))
        if len(session.content) > total:
            raise invalid("Invalid request.  There were more bytes than the Content-Range said.")
        try:
            session.finished = json_reply(self._finish(session.call, bytes(session.content)))
        finally:
            if not session.finished:
                del self._sessions[ident]
        session.content.clear()
        return session.finished


def _placed(raw: Raw, received: int) -> tuple[int | None, int | None]:
    """(where this chunk begins: None for a question, the total: None while unknown)."""
    given = raw.headers.get("content-range", "")
    if not given:
        return 0, len(raw.body)
    matched = RANGE.fullmatch(given)
    if not matched:
        raise invalid(f"Failed to parse Content-Range header: {given}")
    start, end, total = matched.groups()
    if start is not None and end != "*" and int(end) - int(start) + 1 != len(raw.body):
        raise invalid("Invalid request.  The Content-Range does not fit the body's length.")
    return (int(start) if start is not None else None), (int(total) if total != "*" else None)


def _incomplete(received: int) -> Reply:
    return Reply(308, {"range": f"bytes=0-{received - 1}"} if received else {})
