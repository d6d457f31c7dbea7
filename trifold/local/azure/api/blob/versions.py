"""Versions of blobs, which Azurite has not: what a write or a delete is about to lose is copied aside first.

An account with versioning has a second Azurite account. There an old version lies under a name of its own, with its
properties and metadata; which blob it was, and its own dates, are kept here.
"""

import hashlib
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from trifold.local.azure.api.blob.azurite import Answer, Azurite

BUCKET = "versions"
KEPT = {"content-type": "x-ms-blob-content-type", "content-encoding": "x-ms-blob-content-encoding",
        "content-language": "x-ms-blob-content-language", "content-disposition": "x-ms-blob-content-disposition",
        "cache-control": "x-ms-blob-cache-control", "content-md5": "x-ms-blob-content-md5"}  # fmt: skip
SHOWN = ("etag", "last-modified", "x-ms-creation-time", "content-length", "content-type", "content-md5")


@dataclass(frozen=True)
class Version:
    """An old version. place: its path in the second account; headers: what it answered as the current one."""

    id: str
    place: str
    headers: dict[str, str]


@dataclass
class History:
    """One blob: its old versions, oldest first, and the id of the current one ("" where there is none)."""

    old: list[Version] = field(default_factory=list)
    current: str = ""

    def find(self, id: str) -> Version | None:
        return next((one for one in self.old if one.id == id), None)


class Versions:
    """The histories of one storage account. slot: its second account."""

    def __init__(self, azurite: Azurite, slot: str) -> None:
        self._azurite, self.slot = azurite, slot
        self._histories: dict[tuple[str, str], History] = {}
        self._ready = False
        self._last = 0

    def history(self, container: str, blob: str) -> History:
        return self._histories.setdefault((container, blob), History())

    def of_container(self, container: str) -> dict[str, History]:
        return {blob: one for (where, blob), one in self._histories.items() if where == container}

    def new_id(self) -> str:
        """A time with seven decimals, later than any before."""
        self._last = max(self._last + 1, time.time_ns() // 100)
        moment = datetime.fromtimestamp(self._last / 10_000_000, UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{self._last % 10_000_000:07d}Z"

    async def save(self, account: str, path: str, container: str, blob: str) -> Version | None:
        """Copy the current state aside; None where the blob does not exist. Not yet in the history."""
        found = await self._azurite.send(account, "GET", path)
        if not found.ok:
            return None
        await self._bucket()
        history = self.history(container, blob)
        id = history.current or self.new_id()
        name = hashlib.sha256(f"{container}/{blob}/{id}".encode()).hexdigest()
        headers = {theirs: found.headers[name_] for name_, theirs in KEPT.items() if name_ in found.headers}
        headers |= {key: value for key, value in found.headers.items() if key.startswith("x-ms-meta-")}
        place = f"/{BUCKET}/{name}"
        await self._azurite.send(self.slot, "PUT", place, {}, {"x-ms-blob-type": "BlockBlob", **headers}, found.body)
        return Version(id, place, dict(found.headers))

    def keep(self, container: str, blob: str, saved: Version | None, current: str) -> None:
        """What was saved is now history."""
        history = self.history(container, blob)
        if saved and history.find(saved.id) is None:
            history.old.append(saved)
        history.current = current

    async def read(self, method: str, version: Version, headers: dict[str, str]) -> Answer:
        """An old version, as it was when it was current."""
        answer = await self._azurite.send(self.slot, method, version.place, {}, headers)
        dates: dict[str, str] = {name: version.headers[name] for name in ("etag", "last-modified", "x-ms-creation-time")
                 if name in version.headers}  # fmt: skip
        return Answer(answer.status, {**answer.headers, **dates, "x-ms-version-id": version.id}, answer.body)

    async def forget(self, container: str, blob: str, version: Version) -> None:
        """Delete one old version."""
        await self._azurite.send(self.slot, "DELETE", version.place)
        self.history(container, blob).old.remove(version)

    async def drop_container(self, container: str) -> None:
        """A container that is deleted takes all its versions with it."""
        for blob, history in self.of_container(container).items():
            for version in list(history.old):
                await self._azurite.send(self.slot, "DELETE", version.place)
            self._histories.pop((container, blob))

    async def _bucket(self) -> None:
        if not self._ready:
            await self._azurite.send(self.slot, "PUT", f"/{BUCKET}", {"restype": "container"})
            self._ready = True
