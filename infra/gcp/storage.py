"""Storage on Google Cloud: one Cloud Storage bucket, private, versioned, with access by IAM only.

Encryption at rest and TLS need no setting: Cloud Storage has no other way.
"""

import pulumi_gcp as gcp
from pulumi import Output, ResourceOptions

from infra import keeping
from infra.capabilities.storage import StorageComponent, StorageSpec
from infra.gcp import existing, keys, network
from infra.gcp.foundation import Foundation

ABANDONED_UPLOAD_DAYS = 7
SOFT_DELETE_SECONDS = 7 * 24 * 3600


class Storage(StorageComponent):
    """A stack's object store."""

    def __init__(
        self, name: str, spec: StorageSpec, *, foundation: Foundation, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("trifold:gcp:Storage", name, None, opts)
        if there := foundation.brought.existing.store:
            self.name, self.url = Output.from_input(there), existing.bucket(there, foundation.account.region, self)
        else:
            bucket = self._bucket(name, spec, foundation)
            self.name, self.url = bucket.name, bucket.url
        self.promise()

    def _bucket(self, name: str, spec: StorageSpec, foundation: Foundation) -> gcp.storage.Bucket:
        return gcp.storage.Bucket(
            f"{name}-bucket",
            name=spec.names("bucket"),
            project=foundation.account.id,
            location=foundation.account.region.upper(),  # as Cloud Storage spells it back
            storage_class="STANDARD",
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            versioning={"enabled": True},
            lifecycle_rules=[_old_versions(spec.keep_versions_days), _abandoned_uploads()],
            # Deleted objects can be had back for a week, unless the store is one to throw away.
            soft_delete_policy={"retention_duration_seconds": SOFT_DELETE_SECONDS if spec.keeps else 0},
            **keys.of_bucket(foundation.key),
            **network.of_bucket(foundation.brought.network),
            force_destroy=not spec.keeps,
            labels=keeping.tags(spec.keeps, spec.tags),
            opts=keeping.options(spec.keeps, parent=self, depends_on=foundation.services),
        )


def _old_versions(days: int) -> gcp.storage.BucketLifecycleRuleArgsDict:
    return {"action": {"type": "Delete"}, "condition": {"days_since_noncurrent_time": days, "with_state": "ARCHIVED"}}


def _abandoned_uploads() -> gcp.storage.BucketLifecycleRuleArgsDict:
    return {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": ABANDONED_UPLOAD_DAYS}}
