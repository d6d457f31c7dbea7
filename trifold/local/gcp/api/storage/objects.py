"""Objects: upload, read, list, change, copy, compose, delete, each with its preconditions (storage.v1: objects)."""

from typing import Any

from trifold.local.gcp.api.access import Access
from trifold.local.gcp.api.errors import (
    GoogleError,
    invalid,
    not_found,
    precondition_unmet,
    public_access_prevented,
    refused,
)
from trifold.local.gcp.api.storage import views
from trifold.local.gcp.api.storage.buckets import CLASSES, merged
from trifold.local.gcp.api.storage.listing import page
from trifold.local.gcp.api.storage.media import media
from trifold.local.gcp.api.storage.store import Bucket, Store, Version, check_preconditions, now
from trifold.local.gcp.api.storage.uploads import Sessions
from trifold.local.gcp.api.wire import Call

# What a caller may set, and a copy takes over.
WRITABLE = (
    "cacheControl",
    "contentDisposition",
    "contentEncoding",
    "contentLanguage",
    "contentType",
    "customTime",
    "metadata",
    "storageClass",
)
COMPOSED = 32
PREDEFINED = ("private", "projectPrivate", "publicRead")


class Objects:
    def __init__(self, store: Store, access: Access) -> None:
        self._store, self._access = store, access
        self.sessions = Sessions(self._write)

    def handlers(self) -> dict[str, Any]:
        return {
            "objects.insert": self.insert,
            "objects.get": self.get,
            "objects.list": self.list,
            "objects.patch": self.patch,
            "objects.update": self.update,
            "objects.delete": self.delete,
            "objects.copy": self.copy,
            "objects.rewrite": self.rewrite,
            "objects.move": self.move,
            "objects.compose": self.compose,
        }

    def insert(self, call: Call) -> Any:
        kind = call.query.get("uploadType", "")
        bucket = self._bucket(call.caller, call.path["bucket"], "storage.objects.create")
        self._check_target(call, bucket, self._name(call))
        _public(call, bucket)
        if kind == "resumable":
            return self.sessions.start(call)
        if kind not in ("media", "multipart"):
            raise invalid(f"Invalid upload type: '{kind}'")
        return self._write(call, call.content)

    def get(self, call: Call) -> Any:
        bucket, version = self._found(call, "storage.objects.get")
        if call.query.get("alt") == "media":
            return media(call, version, self._store.content(bucket, version))
        return views.object_view(version)

    def list(self, call: Call) -> Any:
        return page(self._bucket(call.caller, call.path["bucket"], "storage.objects.list"), call)

    def patch(self, call: Call) -> Any:
        _, version = self._found(call, "storage.objects.update")
        return self._change(version, merged(version.meta, _writable(call.body)))

    def update(self, call: Call) -> Any:
        _, version = self._found(call, "storage.objects.update")
        kept = {name: value for name, value in version.meta.items() if name not in WRITABLE or name == "storageClass"}
        return self._change(version, {**kept, **merged({}, _writable(call.body))})

    def delete(self, call: Call) -> None:
        bucket, version = self._found(call, "storage.objects.delete")
        self._store.delete(bucket, version.meta["name"], call.query.get("generation"))

    def copy(self, call: Call) -> Any:
        return views.object_view(self._copied(call))

    def rewrite(self, call: Call) -> Any:
        made = self._copied(call)
        size = made.meta["size"]
        return {
            "kind": "storage#rewriteResponse",
            "totalBytesRewritten": size,
            "objectSize": size,
            "done": True,
            "resource": views.object_view(made),
        }

    def move(self, call: Call) -> Any:
        """A copy under another name of the same bucket; its source goes as by a delete, in the same moment."""
        bucket = self._bucket(call.caller, call.path["bucket"], "storage.objects.create")
        for permission in ("storage.objects.get", "storage.objects.delete"):
            self._access.on_bucket(call.caller, permission, bucket)
        version, name = self._source(call, bucket), call.path["destinationObject"]
        if name == version.meta["name"]:
            raise invalid("The source and the destination must have different object names.")
        self._check_target(call, bucket, name)
        made = self._store.put(bucket, name, self._store.content(bucket, version), _writable(version.meta))
        self._store.delete(bucket, version.meta["name"], None)
        return views.object_view(made)

    def compose(self, call: Call) -> Any:
        bucket = self._bucket(call.caller, call.path["destinationBucket"], "storage.objects.create")
        self._access.on_bucket(call.caller, "storage.objects.get", bucket)
        name, sources = call.path["destinationObject"], call.body.get("sourceObjects", [])
        if not sources:
            raise invalid("You must provide at least one source component.")
        if len(sources) > COMPOSED:
            raise invalid(f"The number of source components provided ({len(sources)}) exceeds the maximum ({COMPOSED})")
        self._check_target(call, bucket, name)
        content = b"".join(self._component(bucket, source) for source in sources)
        meta = {**_writable(call.body.get("destination", {})), "componentCount": len(sources)}
        return views.object_view(self._store.put(bucket, name, content, meta))

    def _component(self, bucket: Bucket, source: dict[str, Any]) -> bytes:
        version = bucket.version(source["name"], str(source.get("generation") or ""))
        if version is None:
            raise _missing(bucket, source["name"])
        wanted = source.get("objectPreconditions", {}).get("ifGenerationMatch")
        if wanted is not None and str(wanted) != str(version.generation):
            raise precondition_unmet()
        return self._store.content(bucket, version)

    def _write(self, call: Call, content: bytes) -> Any:
        """The end of every upload. Preconditions hold at this moment, not when a session was opened."""
        bucket, name = self._store.bucket(call.path["bucket"]), self._name(call)
        self._check_target(call, bucket, name)
        given = {**_writable(call.body), **{key: call.body[key] for key in ("md5Hash", "crc32c") if key in call.body}}
        if call.query.get("contentEncoding"):
            given["contentEncoding"] = call.query["contentEncoding"]
        made = self._store.put(bucket, name, content, given)
        made.public = _public(call, bucket)
        return views.object_view(made)

    def _copied(self, call: Call) -> Version:
        source = self._bucket(call.caller, call.path["sourceBucket"], "storage.objects.get")
        target = self._bucket(call.caller, call.path["destinationBucket"], "storage.objects.create")
        version = self._source(call, source)
        self._check_target(call, target, call.path["destinationObject"])
        given = _writable(call.body)
        meta = given if given and set(given) != {"storageClass"} else {**_writable(version.meta), **given}
        return self._store.put(target, call.path["destinationObject"], self._store.content(source, version), meta)

    def _source(self, call: Call, bucket: Bucket) -> Version:
        """What a copy reads; preconditions on it have names of their own."""
        version = bucket.version(call.path["sourceObject"], call.query.get("sourceGeneration"))
        if version is None:
            raise _missing(bucket, call.path["sourceObject"])
        check_preconditions(call.query, version.generation, version.metageneration, _unmet, "ifSource")
        return version

    def _change(self, version: Version, meta: dict[str, Any]) -> Any:
        version.meta = {**meta, "updated": now(), "metageneration": str(version.metageneration + 1)}
        return views.object_view(version)

    def _name(self, call: Call) -> str:
        return call.query.get("name") or call.body.get("name") or ""

    def _bucket(self, caller: str, name: str, permission: str) -> Bucket:
        bucket = self._store.bucket(name)
        self._access.on_bucket(caller, permission, bucket)
        return bucket

    def _check_target(self, call: Call, bucket: Bucket, name: str) -> None:
        """Preconditions on what is about to be written; overwriting also takes the permission to delete."""
        live = bucket.live(name)
        found = (live.generation, live.metageneration) if live else (0, None)
        check_preconditions(call.query, found[0], found[1], _unmet)
        if live and not bucket.versioned:
            self._access.on_bucket(call.caller, "storage.objects.delete", bucket)

    def _found(self, call: Call, permission: str) -> tuple[Bucket, Version]:
        bucket = self._store.bucket(call.path["bucket"])
        version = bucket.version(call.path["object"], call.query.get("generation"))
        if not (permission == "storage.objects.get" and bucket.opens(version)):
            self._access.on_bucket(call.caller, permission, bucket)
        if version is None:
            check_preconditions(call.query, 0, None, _unmet)
            raise _missing(bucket, call.path["object"])
        reading = call.raw.method == "GET"
        check_preconditions(call.query, version.generation, version.metageneration, _unmodified if reading else _unmet)
        return bucket, version


def _writable(given: dict[str, Any]) -> dict[str, Any]:
    made = {name: given[name] for name in WRITABLE if name in given}
    if made.get("storageClass") and made["storageClass"] not in CLASSES:
        raise invalid(f"Invalid storage class {made['storageClass']}")
    return made


def _public(call: Call, bucket: Bucket) -> bool:
    """Whether an upload asks that everybody may read the object. Raises what forbids access lists, or this one."""
    asked = call.query.get("predefinedAcl")
    if not asked:
        return False
    if bucket.uniform:
        raise invalid(
            "Cannot insert legacy ACL for an object when uniform bucket-level access is enabled. Read more at "
            "https://cloud.google.com/storage/docs/uniform-bucket-level-access"
        )
    if asked not in PREDEFINED:
        raise refused(f"predefinedAcl={asked}")
    if asked == "publicRead" and bucket.prevented:
        raise public_access_prevented()
    return asked == "publicRead"


def _unmet(not_modified: bool) -> GoogleError:
    return precondition_unmet()


def _unmodified(not_modified: bool) -> GoogleError:
    """A read whose "not match" condition fails is answered 304 without a body."""
    return NotModified() if not_modified else precondition_unmet()


class NotModified(GoogleError):
    def __init__(self) -> None:
        super().__init__("FAILED_PRECONDITION", "Not Modified", http=304)

    def body(self, storage: bool = False) -> bytes:
        return b""


def _missing(bucket: Bucket, name: str) -> GoogleError:
    return not_found(f"No such object: {bucket.name}/{name}")
