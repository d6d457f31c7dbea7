"""What the JSON API shows of a bucket and of an object (storage.v1: Bucket, Object)."""

import base64
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from trifold.local.gcp.api.storage.store import Bucket, Version, now
from trifold.local.gcp.cloud import NUMBER

ROOT = "https://www.googleapis.com/storage/v1/b"
MEDIA = "https://storage.googleapis.com/download/storage/v1/b"
DAYS_7 = "604800"


def new_bucket(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata of a new bucket: what the caller gave, and Google's defaults."""
    moment = now()
    location = given.get("location", "US").upper()
    kind = "multi-region" if location in ("US", "EU", "ASIA") else "region"
    soft = given.get("softDeletePolicy", {"retentionDurationSeconds": DAYS_7})
    return {
        **given,
        "name": name,
        "location": location,
        "locationType": kind,
        "storageClass": given.get("storageClass", "STANDARD"),
        "iamConfiguration": access(given.get("iamConfiguration", {})),
        "softDeletePolicy": {**soft, "effectiveTime": moment},
        "timeCreated": moment,
        "updated": moment,
        "metageneration": "1",
        "generation": str(time.time_ns() // 1000),
        **({"rpo": "DEFAULT"} if kind == "multi-region" else {}),
    }


def access(given: Mapping[str, Any]) -> dict[str, Any]:
    """iamConfiguration in full; `bucketPolicyOnly` is the older name of `uniformBucketLevelAccess`."""
    uniform = given.get("uniformBucketLevelAccess") or given.get("bucketPolicyOnly") or {"enabled": False}
    uniform = {name: value for name, value in uniform.items() if value is not None}
    return {
        "uniformBucketLevelAccess": uniform,
        "bucketPolicyOnly": uniform,
        "publicAccessPrevention": given.get("publicAccessPrevention", "inherited"),
    }


def bucket_view(bucket: Bucket) -> dict[str, Any]:
    return {
        "kind": "storage#bucket",
        "id": bucket.name,
        "selfLink": f"{ROOT}/{bucket.name}",
        "projectNumber": NUMBER,
        "etag": etag(bucket.meta["metageneration"]),
        **bucket.meta,
    }


def object_view(version: Version) -> dict[str, Any]:
    meta = version.meta
    quoted = quote(meta["name"], safe="")
    return {
        "kind": "storage#object",
        "id": f"{meta['bucket']}/{meta['name']}/{version.generation}",
        "selfLink": f"{ROOT}/{meta['bucket']}/o/{quoted}",
        "mediaLink": f"{MEDIA}/{meta['bucket']}/o/{quoted}?generation={version.generation}&alt=media",
        "etag": etag(f"{version.generation}/{version.metageneration}"),
        **meta,
    }


def etag(of: str) -> str:
    return base64.b64encode(of.encode()).decode()
