"""Cloud Storage: buckets, and objects from files or text."""

import mimetypes
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from trifold.local.gcp.provider.base import DELETION, gone, label_patch
from trifold.local.gcp.provider.session import ApiError, Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Autoname, Failure, InvalidInputs, ResourceType, Values
from trifold.protocol.values import Asset

API = "https://storage.googleapis.com/storage/v1/b"
UPLOAD = "https://storage.googleapis.com/upload/storage/v1/b"
# A rule's condition in Pulumi's words -> the API's.
CONDITIONS = {
    "age": "age",
    "createdBefore": "createdBefore",
    "customTimeBefore": "customTimeBefore",
    "daysSinceCustomTime": "daysSinceCustomTime",
    "daysSinceNoncurrentTime": "daysSinceNoncurrentTime",
    "matchesPrefixes": "matchesPrefix",
    "matchesStorageClasses": "matchesStorageClass",
    "matchesSuffixes": "matchesSuffix",
    "noncurrentTimeBefore": "noncurrentTimeBefore",
    "numNewerVersions": "numNewerVersions",
}
STATES = {"LIVE": True, "ARCHIVED": False}


class Bucket(Resource):
    supported = supports(
        "deletionPolicy forceDestroy labels lifecycleRules location name project publicAccessPrevention "
        "softDeletePolicy storageClass uniformBucketLevelAccess versioning"
    )

    def make(self, session: Session, inputs: Values) -> str:
        project = inputs.get("project") or session.project
        body = {
            "name": inputs["name"],
            "location": inputs["location"],
            **_settings(inputs),
            "labels": session.labels(inputs),
        }
        session.call("POST", API, body, {"project": project})
        return str(inputs["name"])

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        found = gone(lambda: session.call("GET", f"{API}/{id}"))
        if found is None:
            return None
        access = found["iamConfiguration"]
        return {
            **session.label_outputs(found.get("labels", {})),
            "name": found["name"],
            "url": f"gs://{found['name']}",
            "project": inputs.get("project") or session.project,
            "projectNumber": int(found["projectNumber"]),
            "selfLink": found["selfLink"],
            "location": found["location"],
            "storageClass": found["storageClass"],
            "rpo": found.get("rpo", ""),
            "versioning": {"enabled": bool(found.get("versioning", {}).get("enabled"))},
            "lifecycleRules": [_rule_shown(rule) for rule in found.get("lifecycle", {}).get("rule", [])],
            "softDeletePolicy": _soft_delete(found.get("softDeletePolicy", {})),
            "uniformBucketLevelAccess": bool(access["uniformBucketLevelAccess"]["enabled"]),
            "publicAccessPrevention": access["publicAccessPrevention"],
            "forceDestroy": bool(inputs.get("forceDestroy")),
            "deletionPolicy": inputs.get("deletionPolicy") or DELETION,
            "timeCreated": found["timeCreated"],
            "updated": found["updated"],
            "website": {},
            "cors": [],
            "defaultEventBasedHold": False,
            "requesterPays": False,
            "enableObjectRetention": False,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        body = {**_settings(inputs), "labels": label_patch(session, old, inputs)}
        session.call("PATCH", f"{API}/{id}", body)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        unlisted = empty(session, id, remove=bool(outputs.get("forceDestroy")))
        try:
            gone(lambda: session.call("DELETE", f"{API}/{id}"))
        except ApiError as error:
            if unlisted is None or error.http != 409:
                raise
            why = f"could not delete non-empty bucket due to error when listing contents: {unlisted}"
            raise ApiError(409, why, error.reason) from error

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("name")


def _settings(inputs: Values) -> dict[str, Any]:
    """What can be set at any time; what the program does not say is what Google's default is."""
    rules = [_rule(rule) for rule in inputs.get("lifecycleRules") or []]
    soft = inputs.get("softDeletePolicy") or {}
    uniform = bool(inputs.get("uniformBucketLevelAccess"))
    made: dict[str, Any] = {
        "storageClass": inputs.get("storageClass") or "STANDARD",
        "versioning": {"enabled": bool((inputs.get("versioning") or {}).get("enabled"))},
        "lifecycle": {"rule": rules},
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": uniform},
            "publicAccessPrevention": inputs.get("publicAccessPrevention") or "inherited",
        },
    }
    if soft.get("retentionDurationSeconds") is not None:
        made["softDeletePolicy"] = {"retentionDurationSeconds": str(soft["retentionDurationSeconds"])}
    return made


def _rule(rule: Values) -> Values:
    given = {name: value for name, value in rule["condition"].items() if value is not None}
    unknown = sorted(set(given) - set(CONDITIONS) - {"withState"})
    if unknown:
        reason = "is not served by the local Google Cloud provider"
        raise InvalidInputs(Failure(f"lifecycleRules[*].condition.{unknown[0]}", reason))
    condition = {CONDITIONS[name]: value for name, value in given.items() if name in CONDITIONS}
    if given.get("withState") in STATES:
        condition["isLive"] = STATES[given["withState"]]
    return {"action": {name: value for name, value in rule["action"].items() if value}, "condition": condition}


def _rule_shown(rule: Values) -> Values:
    back = {theirs: ours for ours, theirs in CONDITIONS.items()}
    condition = {back[name]: value for name, value in rule["condition"].items() if name in back}
    live = rule["condition"].get("isLive")
    state = {} if live is None else {"withState": "LIVE" if live else "ARCHIVED"}
    return {"action": rule["action"], "condition": {**condition, **state}}


def _soft_delete(found: Values) -> Values:
    return {
        "retentionDurationSeconds": int(found.get("retentionDurationSeconds", 0)),
        "effectiveTime": found.get("effectiveTime", ""),
    }


def empty(session: Session, bucket: str, remove: bool) -> ApiError | None:
    """List every version of every object, and delete them where that is wanted. The official provider lists them
    either way; why it could not list them is told only where that matters then (resource_storage_bucket.go)."""
    token = ""
    while True:
        query = {"versions": "true", "fields": "items(name,generation),nextPageToken", "pageToken": token}
        try:
            given = {name: value for name, value in query.items() if value}
            found = session.call("GET", f"{API}/{bucket}/o", query=given)
        except ApiError as error:
            return error
        for one in found.get("items", []) if remove else ():
            gone(partial(_remove, session, bucket, one))
        token = found.get("nextPageToken", "")
        if not token:
            return None


def _remove(session: Session, bucket: str, version: Values) -> None:
    where = f"{API}/{bucket}/o/{quote(version['name'], safe='')}"
    session.call("DELETE", where, query={"generation": version["generation"]})


class Object(Resource):
    supported = supports(
        "bucket cacheControl content contentDisposition contentEncoding contentLanguage contentType deletionPolicy "
        "detectMd5hash metadata name source sourceMd5hash storageClass"
    )

    def make(self, session: Session, inputs: Values) -> str:
        self._upload(session, inputs)
        return f"{inputs['bucket']}-{inputs['name']}"

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        name = inputs.get("name") or inputs.get("outputName") or ""
        found = gone(lambda: session.call("GET", f"{API}/{inputs['bucket']}/o/{quote(name, safe='')}"))
        if found is None:
            return None
        kept = {key: inputs[key] for key in ("source", "content", "sourceMd5hash") if inputs.get(key) is not None}
        headers = ("cacheControl", "contentDisposition", "contentEncoding", "contentLanguage", "metadata")
        return {
            "content": "",
            **kept,
            **{header: found[header] for header in headers if header in found},
            "bucket": found["bucket"],
            "name": found["name"],
            "outputName": found["name"],
            "contentType": found.get("contentType", ""),
            "storageClass": found["storageClass"],
            "generation": int(found["generation"]),
            "crc32c": found["crc32c"],
            "md5hash": found["md5Hash"],
            "md5hexhash": _hex(found["md5Hash"]),
            "detectMd5hash": found["md5Hash"],
            "mediaLink": found["mediaLink"],
            "selfLink": found["selfLink"],
            "kmsKeyName": "",
            "deletionPolicy": inputs.get("deletionPolicy") or DELETION,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        """New content of the same name is a new generation; all else replaces the object."""
        self._upload(session, inputs)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        """The live version, as the official provider does; older ones are the bucket's to keep."""
        name = outputs.get("outputName") or outputs["name"]
        gone(lambda: session.call("DELETE", f"{API}/{outputs['bucket']}/o/{quote(name, safe='')}"))

    def find(self, session: Session, inputs: Values) -> str | None:
        return f"{inputs['bucket']}-{inputs['name']}" if inputs.get("name") else None

    def _upload(self, session: Session, inputs: Values) -> None:
        """A resumable upload in one piece: a file is streamed, whatever its size."""
        content, guessed = _content(inputs)
        sort = inputs.get("contentType") or guessed or "text/plain; charset=utf-8"
        names = ("cacheControl", "contentDisposition", "contentEncoding", "contentLanguage", "metadata", "storageClass")
        meta = {"contentType": sort, **{name: inputs[name] for name in names if inputs.get(name)}}
        query = {"uploadType": "resumable", "name": inputs["name"]}
        started = session.send("POST", f"{UPLOAD}/{inputs['bucket']}/o", params=query, json=meta)
        address = started.headers["Location"]
        if isinstance(content, Path):
            with content.open("rb") as file:
                session.send("PUT", address, data=file)
        else:
            session.send("PUT", address, data=content)


def _content(inputs: Values) -> tuple[Path | bytes, str]:
    """(what to put, its type by the file's name)."""
    source = inputs.get("source")
    if isinstance(source, Asset) and source.kind == "path":
        return Path(source.content), mimetypes.guess_type(source.content)[0] or "application/octet-stream"
    if isinstance(source, Asset) and source.kind == "text":
        return source.content.encode(), ""
    if source is not None:
        reason = "must be a file or a text: the local Google Cloud provider fetches no address"
        raise InvalidInputs(Failure("source", reason))
    return str(inputs.get("content") or "").encode(), ""


def _hex(encoded: str) -> str:
    import base64

    return base64.b64decode(encoded).hex()


TYPES = (
    ResourceType(
        "gcp:storage/bucket:Bucket",
        "pulumi_gcp.storage.bucket:BucketArgs",
        Bucket(),
        autoname=Autoname("name", 63, lower=True),
        defaults={"forceDestroy": False, "storageClass": "STANDARD"},
        volatile=("updated",),
    ),
    ResourceType(
        "gcp:storage/bucketObject:BucketObject",
        "pulumi_gcp.storage.bucket_object:BucketObjectArgs",
        Object(),
        autoname=Autoname("name", 255, unique_with=("bucket",)),
        volatile=("generation", "crc32c", "md5hash", "md5hexhash", "detectMd5hash", "mediaLink"),
    ),
)
