"""Listing a bucket's objects: prefixes, delimiters, versions, offsets, globs and pages."""

import base64
from collections.abc import Iterator
from typing import Any

from gcp_storage_emulator.gcs_glob import gcs_glob_match

from trifold.local.gcp.api.storage.store import Bucket, Version
from trifold.local.gcp.api.storage.views import object_view
from trifold.local.gcp.api.wire import Call


def page(bucket: Bucket, call: Call) -> dict[str, Any]:
    """One page; prefixes count as entries, as Google counts them."""
    size = min(call.number("maxResults", 1000), 1000) or 1000
    after = _decoded(call.query.get("pageToken", ""))
    entries = [entry for entry in _entries(bucket, call) if entry[0] > after]
    shown = entries[:size]
    items = [object_view(version) for _, version in shown if version is not None]
    prefixes = [key[0] for key, version in shown if version is None]
    made: dict[str, Any] = {"kind": "storage#objects"}
    if len(entries) > size:
        made["nextPageToken"] = _encoded(shown[-1][0])
    return {**made, **({"prefixes": prefixes} if prefixes else {}), **({"items": items} if items else {})}


def _entries(bucket: Bucket, call: Call) -> list[tuple[tuple[str, int], Version | None]]:
    """What is listed, in order: ((name, generation), version), and for a prefix ((prefix, 0), None)."""
    found: dict[tuple[str, int], Version | None] = {}
    delimiter, prefix = call.query.get("delimiter", ""), call.query.get("prefix", "")
    for version in _matching(bucket, call):
        name = version.meta["name"]
        cut = name.find(delimiter, len(prefix)) if delimiter else -1
        if cut >= 0:
            below = name[: cut + len(delimiter)]
            found[(below, 0)] = None
            if below != name or not call.flag("includeTrailingDelimiter"):
                continue
        found[(name, version.generation)] = version
    return sorted(found.items(), key=lambda entry: entry[0])


def _matching(bucket: Bucket, call: Call) -> Iterator[Version]:
    query = call.query
    prefix, start, end, glob = (query.get(name, "") for name in ("prefix", "startOffset", "endOffset", "matchGlob"))
    for version in bucket.versions():
        name = version.meta["name"]
        if "timeDeleted" in version.meta and not call.flag("versions"):
            continue
        if not name.startswith(prefix) or name < start or (end and name >= end):
            continue
        if glob and not gcs_glob_match(glob, name):
            continue
        yield version


def _encoded(key: tuple[str, int]) -> str:
    return base64.urlsafe_b64encode(f"{key[1]}/{key[0]}".encode()).decode()


def _decoded(token: str) -> tuple[str, int]:
    if not token:
        return ("", -1)
    generation, _, name = base64.urlsafe_b64decode(token).decode().partition("/")
    return name, int(generation)
