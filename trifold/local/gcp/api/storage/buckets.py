"""Buckets: create, read, change, delete, list, and their IAM policies (storage.v1: buckets)."""

import re
from typing import Any

from trifold.local.gcp.api import policies
from trifold.local.gcp.api.access import Access
from trifold.local.gcp.api.errors import GoogleError, invalid, precondition_unmet, public_access_prevented
from trifold.local.gcp.api.storage import views
from trifold.local.gcp.api.storage.store import Bucket, Store, check_preconditions, now
from trifold.local.gcp.api.wire import Call
from trifold.local.gcp.cloud import NUMBER, PROJECT

NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,220}[a-z0-9])")
CLASSES = ("STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "REGIONAL", "DURABLE_REDUCED_AVAILABILITY")
LABEL = re.compile(r"[a-z][a-z0-9_-]{0,62}")
LABEL_VALUE = re.compile(r"[a-z0-9_-]{0,63}")


class Buckets:
    def __init__(self, store: Store, access: Access) -> None:
        self._store, self._access = store, access

    def handlers(self) -> dict[str, Any]:
        return {
            "buckets.insert": self.insert,
            "buckets.get": self.get,
            "buckets.list": self.list,
            "buckets.patch": self.patch,
            "buckets.update": self.update,
            "buckets.delete": self.delete,
            "buckets.getIamPolicy": self.get_policy,
            "buckets.setIamPolicy": self.set_policy,
            "buckets.testIamPermissions": self.test_permissions,
            "projects.serviceAccount.get": self.service_account,
        }

    def insert(self, call: Call) -> Any:
        self._access.in_project(call.caller, "storage.buckets.create")
        _check_project(call.query.get("project", ""))
        name = call.body.get("name", "")
        if not NAME.fullmatch(name) or "goog" in name[:4] or ".." in name or (len(name) > 63 and "." not in name):
            raise invalid(f"Invalid bucket name: '{name}'")
        _check_meta(call.body)
        policy = self._access.policy(policies.empty(), f"bucket {name}")
        return views.bucket_view(self._store.add_bucket(name, views.new_bucket(name, call.body), PROJECT, policy))

    def get(self, call: Call) -> Any:
        return views.bucket_view(self._allowed(call, "storage.buckets.get"))

    def list(self, call: Call) -> Any:
        self._access.in_project(call.caller, "storage.buckets.list")
        _check_project(call.query.get("project", ""))
        prefix, after = call.query.get("prefix", ""), call.query.get("pageToken", "")
        size = call.number("maxResults", 1000)
        own = [one for name, one in sorted(self._store.buckets.items()) if one.owner == PROJECT]
        wanted = [one for one in own if one.name.startswith(prefix) and one.name > after]
        page = wanted[:size]
        following = {"nextPageToken": page[-1].name} if len(wanted) > size else {}
        return {"kind": "storage#buckets", "items": [views.bucket_view(one) for one in page], **following}

    def patch(self, call: Call) -> Any:
        bucket = self._changeable(call)
        self._change(bucket, merged(bucket.meta, call.body))
        return views.bucket_view(bucket)

    def update(self, call: Call) -> Any:
        bucket = self._changeable(call)
        kept = {name: bucket.meta[name] for name in FIXED if name in bucket.meta}
        defaults = {"storageClass": "STANDARD", "softDeletePolicy": bucket.meta["softDeletePolicy"]}
        self._change(bucket, {**defaults, **merged({}, call.body), **kept})
        return views.bucket_view(bucket)

    def delete(self, call: Call) -> None:
        bucket = self._allowed(call, "storage.buckets.delete")
        _check_metageneration(call, bucket)
        self._store.remove_bucket(bucket)

    def get_policy(self, call: Call) -> Any:
        bucket = self._allowed(call, "storage.buckets.getIamPolicy")
        return _policy_view(bucket)

    def set_policy(self, call: Call) -> Any:
        bucket = self._allowed(call, "storage.buckets.setIamPolicy")
        if bucket.prevented and any(member in policies.PUBLIC for member in policies.members(call.body)):
            raise public_access_prevented()
        self._access.replace(bucket.policy, call.body, http=412)
        return _policy_view(bucket)

    def test_permissions(self, call: Call) -> Any:
        bucket = self._store.bucket(call.path["bucket"])
        asked = [value for name, value in _pairs(call.raw.query) if name == "permissions"]
        held = [one for one in asked if self._access.may(call.caller, one, bucket)]
        return {"kind": "storage#testIamPermissionsResponse", **({"permissions": held} if held else {})}

    def service_account(self, call: Call) -> Any:
        _check_project(call.path["projectId"])
        address = f"service-{NUMBER}@gs-project-accounts.iam.gserviceaccount.com"
        return {"kind": "storage#serviceAccount", "email_address": address}

    def _allowed(self, call: Call, permission: str) -> Bucket:
        bucket = self._store.bucket(call.path["bucket"])
        self._access.on_bucket(call.caller, permission, bucket)
        if permission == "storage.buckets.get":
            _check_metageneration(call, bucket)
        return bucket

    def _changeable(self, call: Call) -> Bucket:
        bucket = self._allowed(call, "storage.buckets.update")
        _check_metageneration(call, bucket)
        _check_meta(call.body)
        for name in ("location", "name"):
            given = call.body.get(name)
            if given and given.lower() != bucket.meta[name].lower():
                raise invalid(f"The bucket's {name} cannot be changed.")
        return bucket

    def _change(self, bucket: Bucket, meta: dict[str, Any]) -> None:
        meta["location"] = bucket.meta["location"]
        meta["iamConfiguration"] = views.access(meta.get("iamConfiguration", {}))
        if meta.get("softDeletePolicy") != bucket.meta.get("softDeletePolicy"):
            meta["softDeletePolicy"] = {**meta.get("softDeletePolicy", {}), "effectiveTime": now()}
        bucket.meta = {**meta, "updated": now(), "metageneration": str(bucket.metageneration + 1)}


FIXED = ("name", "location", "locationType", "timeCreated", "generation", "rpo", "metageneration")


def merged(old: Any, patch: Any) -> Any:
    """JSON merge patch (RFC 7396): null removes; lists are replaced."""
    if not isinstance(old, dict) or not isinstance(patch, dict):
        return patch
    made = dict(old)
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        elif isinstance(value, dict):
            made[name] = merged(made.get(name, {}), value)
        else:
            made[name] = value
    return made


def _check_meta(given: dict[str, Any]) -> None:
    if given.get("storageClass") and given["storageClass"] not in CLASSES:
        raise invalid(f"Invalid storage class {given['storageClass']}")
    for key, value in (given.get("labels") or {}).items():
        if not LABEL.fullmatch(key) or (value is not None and not LABEL_VALUE.fullmatch(value)):
            raise invalid(f"Invalid label: '{key}: {value}'")
    prevention = (given.get("iamConfiguration") or {}).get("publicAccessPrevention")
    if prevention not in (None, "inherited", "enforced", "unspecified"):
        raise invalid(f"Invalid value for publicAccessPrevention: {prevention}")


def _check_project(project: str) -> None:
    if project not in (PROJECT, NUMBER):
        raise invalid(f"Unknown project id: {project}" if project else "Required parameter: project")


def _check_metageneration(call: Call, bucket: Bucket) -> None:
    def unmet(not_modified: bool) -> GoogleError:
        return precondition_unmet()

    check_preconditions(call.query, None, bucket.metageneration, unmet)


def _policy_view(bucket: Bucket) -> dict[str, Any]:
    return {"kind": "storage#policy", "resourceId": f"projects/_/buckets/{bucket.name}", **bucket.policy.now}


def _pairs(query: str) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    return parse_qsl(query, keep_blank_values=True)
