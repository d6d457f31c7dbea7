"""Downloads: content with the headers that clients check it by, whole or a range of it."""

import gzip
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from trifold.local.gcp.api.errors import GoogleError
from trifold.local.gcp.api.storage.store import Version
from trifold.local.gcp.api.storage.views import etag
from trifold.local.gcp.api.wire import Call, Reply

RANGE = re.compile(r"bytes=(\d*)-(\d*)")
HEADERS = {
    "content-type": "contentType",
    "content-language": "contentLanguage",
    "content-disposition": "contentDisposition",
    "cache-control": "cacheControl",
    "content-encoding": "contentEncoding",
}


def media(call: Call, version: Version, content: bytes) -> Reply:
    """The content as asked for. Compressed content is unpacked for who cannot (decompressive transcoding)."""
    headers = _headers(version)
    if headers.get("content-encoding") == "gzip" and "gzip" not in call.raw.headers.get("accept-encoding", ""):
        del headers["content-encoding"]
        return Reply(200, {**headers, "warning": "214 UploadServer gunzipped"}, gzip.decompress(content))
    given = call.raw.headers.get("range", "")
    if not given:
        return Reply(200, headers, content)
    start, end = _span(given, len(content))
    shown = {"content-range": f"bytes {start}-{end}/{len(content)}"}
    return Reply(206, {**headers, **shown}, content[start : end + 1])


def _span(given: str, size: int) -> tuple[int, int]:
    """First and last byte of a range. Raises 416."""
    matched = RANGE.fullmatch(given.replace(" ", ""))
    first, last = matched.groups() if matched else ("", "")
    start = int(first) if first else max(size - int(last or 0), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if not matched or start >= size or end < start:
        raise GoogleError("OUT_OF_RANGE", f"Request range not satisfiable: {given}", http=416)
    return start, end


def _headers(version: Version) -> dict[str, str]:
    meta: Mapping[str, str] = version.meta
    stored = {header: meta[name] for header, name in HEADERS.items() if meta.get(name)}
    updated = datetime.fromisoformat(meta["updated"])
    custom = {f"x-goog-meta-{name}": str(value) for name, value in dict(version.meta.get("metadata") or {}).items()}
    return {
        "content-type": "application/octet-stream",
        "accept-ranges": "bytes",
        "etag": etag(f"{version.generation}/{version.metageneration}"),
        "last-modified": format_datetime(updated, usegmt=False),
        "x-goog-generation": str(version.generation),
        "x-goog-metageneration": str(version.metageneration),
        "x-goog-hash": f"crc32c={meta['crc32c']},md5={meta['md5Hash']}",
        "x-goog-storage-class": meta["storageClass"],
        "x-goog-stored-content-encoding": meta.get("contentEncoding", "identity"),
        "x-goog-stored-content-length": meta["size"],
        **stored,
        **custom,
    }
