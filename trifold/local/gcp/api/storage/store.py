"""Buckets and the generations of their objects. No HTTP here: the handlers beside this file speak the JSON API."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import google_crc32c

from trifold.local.gcp.api.errors import GoogleError, invalid, not_found
from trifold.local.gcp.api.policies import Held
from trifold.local.gcp.api.storage.content import Contents

Meta = dict[str, Any]


@dataclass
class Version:
    """One generation of an object. meta: what the JSON API shows, except what depends on being the live one; public:
    its access list lets everybody read it."""

    generation: int
    meta: Meta
    public: bool = False

    @property
    def metageneration(self) -> int:
        return int(self.meta["metageneration"])


@dataclass
class Bucket:
    """objects: name -> its generations, oldest first. The last one is live unless it has a `timeDeleted`.

    mirrors: the bucket whose readers may also read this one (a copy that Google made for its own use).
    """

    name: str
    meta: Meta
    policy: Held
    owner: str
    objects: dict[str, list[Version]] = field(default_factory=dict)
    mirrors: "Bucket | None" = None

    @property
    def metageneration(self) -> int:
        return int(self.meta["metageneration"])

    @property
    def uniform(self) -> bool:
        """Whether access lists count for nothing (uniform bucket-level access)."""
        return bool(self.meta["iamConfiguration"]["uniformBucketLevelAccess"].get("enabled"))

    @property
    def prevented(self) -> bool:
        """Whether nothing in it may be public."""
        return bool(self.meta["iamConfiguration"]["publicAccessPrevention"] == "enforced")

    def opens(self, version: Version | None) -> bool:
        """Whether the object's access list lets everybody read it."""
        return version is not None and version.public and not self.uniform and not self.prevented

    @property
    def versioned(self) -> bool:
        return bool(self.meta.get("versioning", {}).get("enabled"))

    def live(self, name: str) -> Version | None:
        versions = self.objects.get(name)
        return versions[-1] if versions and "timeDeleted" not in versions[-1].meta else None

    def version(self, name: str, generation: str | None) -> Version | None:
        """The live version, or the one asked for."""
        if not generation:
            return self.live(name)
        return next((one for one in self.objects.get(name, ()) if str(one.generation) == generation), None)

    def versions(self) -> Iterator[Version]:
        """All generations, by name and age."""
        for name in sorted(self.objects):
            yield from self.objects[name]


class Store:
    """All buckets. Names are global, as Google's are."""

    def __init__(self, contents: Contents) -> None:
        self.buckets: dict[str, Bucket] = {}
        self._contents = contents
        self._last = 0

    def bucket(self, name: str) -> Bucket:
        """Raises NOT_FOUND."""
        if name not in self.buckets:
            raise not_found("The specified bucket does not exist.")
        return self.buckets[name]

    def add_bucket(self, name: str, meta: Meta, owner: str, policy: Held) -> Bucket:
        if name in self.buckets:
            message = "Your previous request to create the named bucket succeeded and you already own it."
            raise GoogleError("ALREADY_EXISTS", message)
        self._contents.add_bucket(name)
        self.buckets[name] = Bucket(name, meta, policy, owner)
        return self.buckets[name]

    def remove_bucket(self, bucket: Bucket) -> None:
        if any(bucket.objects.values()):
            raise GoogleError("ABORTED", "The bucket you tried to delete is not empty.")
        self._contents.remove_bucket(bucket.name)
        del self.buckets[bucket.name]

    def put(self, bucket: Bucket, name: str, content: bytes, meta: Mapping[str, Any]) -> Version:
        """A new live generation. The old live one becomes noncurrent, or goes where versions are off. Raises 400 for
        hashes that do not match the content."""
        check_name(name)
        hashes = hashes_of(content)
        for field_name, found in hashes.items():
            if meta.get(field_name) and meta[field_name] != found:
                shown = {"md5Hash": "MD5 hash", "crc32c": "CRC32C"}[field_name]
                raise invalid(f'Provided {shown} "{meta[field_name]}" doesn\'t match calculated {shown} "{found}".')
        generation = self.generation()
        moment = now()
        made = {
            **{key: value for key, value in meta.items() if value is not None},
            **hashes,
            "name": name,
            "bucket": bucket.name,
            "generation": str(generation),
            "metageneration": "1",
            "size": str(len(content)),
            "timeCreated": moment,
            "updated": moment,
            "timeStorageClassUpdated": moment,
            "timeFinalized": moment,
        }
        made.setdefault("storageClass", bucket.meta["storageClass"])
        self._contents.put(bucket.name, name, generation, content)
        self._retire(bucket, name, moment)
        version = Version(generation, made)
        bucket.objects.setdefault(name, []).append(version)
        return version

    def content(self, bucket: Bucket, version: Version) -> bytes:
        return self._contents.get(bucket.name, version.meta["name"], version.generation)

    def delete(self, bucket: Bucket, name: str, generation: str | None) -> None:
        """Without a generation the live version becomes noncurrent (or goes, where versions are off); with one, that
        generation goes for good."""
        if generation is None:
            self._retire(bucket, name, now())
            return
        self._forget(bucket, name, next(one for one in bucket.objects[name] if str(one.generation) == generation))

    def generation(self) -> int:
        """Microseconds since 1970, as Google's look; always rising."""
        self._last = max(self._last + 1, time.time_ns() // 1000)
        return self._last

    def _retire(self, bucket: Bucket, name: str, moment: str) -> None:
        live = bucket.live(name)
        if live is None:
            return
        if bucket.versioned:
            live.meta["timeDeleted"] = moment
        else:
            self._forget(bucket, name, live)

    def _forget(self, bucket: Bucket, name: str, version: Version) -> None:
        bucket.objects[name].remove(version)
        if not bucket.objects[name]:
            del bucket.objects[name]
        self._contents.remove(bucket.name, name, version.generation)


def check_name(name: str) -> None:
    """Google's rules for an object's name (cloud.google.com/storage/docs/objects#naming)."""
    if not name:
        raise GoogleError("INVALID_ARGUMENT", "Required", reason="required")
    too_long = len(name.encode()) > 1024
    if (
        too_long
        or "\r" in name
        or "\n" in name
        or name in (".", "..")
        or name.startswith(".well-known/acme-challenge/")
    ):
        raise invalid("The specified object name is not valid.")


def hashes_of(content: bytes) -> dict[str, str]:
    md5 = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    crc = base64.b64encode(google_crc32c.Checksum(content).digest()).decode()
    return {"md5Hash": md5, "crc32c": crc}


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def check_preconditions(query: Mapping[str, str], generation: int | None, metageneration: int | None,
                        unmet: Callable[[bool], GoogleError], prefix: str = "if") -> None:  # fmt: skip
    """Raises what `unmet(not modified)` gives for the first condition that does not hold. generation: 0 where there is
    no live object."""
    tests = {
        f"{prefix}GenerationMatch": (generation, True),
        f"{prefix}GenerationNotMatch": (generation, False),
        f"{prefix}MetagenerationMatch": (metageneration, True),
        f"{prefix}MetagenerationNotMatch": (metageneration, False),
    }
    for name, (found, equal) in tests.items():
        if query.get(name) not in (None, "") and (str(found or 0) == query[name]) != equal:
            raise unmet(not equal)
