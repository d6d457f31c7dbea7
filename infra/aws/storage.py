"""Storage on AWS: one S3 bucket, private, versioned, encrypted, over TLS only."""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from infra import keeping
from infra.aws import existing, keys, network
from infra.aws.foundation import Foundation
from infra.capabilities.storage import StorageComponent, StorageSpec

ABANDONED_UPLOAD_DAYS = 7


class Storage(StorageComponent):
    """A stack's object store. arn: of the bucket, for grants. ready: the bucket with all that protects it,
    where the stack makes it."""

    arn: Output[str]
    ready: list[pulumi.Resource]

    def __init__(
        self, name: str, spec: StorageSpec, *, foundation: Foundation, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("trifold:aws:Storage", name, None, opts)
        self._foundation = foundation
        if there := foundation.brought.existing.store:
            self.name, self.ready = Output.from_input(there), []
            self.arn = existing.bucket(there, foundation.account.region, self)
        else:
            bucket = self._bucket(name, spec)
            self.name, self.arn = bucket.bucket, bucket.arn
        self.url = Output.concat("s3://", self.name)
        self.promise()

    def _bucket(self, name: str, spec: StorageSpec) -> aws.s3.Bucket:
        child = keeping.options(spec.keeps, parent=self)
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            bucket=spec.names("bucket"),
            force_destroy=not spec.keeps,
            tags=keeping.tags(spec.keeps, spec.tags),
            opts=child,
        )
        self.ready = [bucket, *self._protections(name, spec, bucket, child)]
        return bucket

    def _protections(
        self, name: str, spec: StorageSpec, bucket: aws.s3.Bucket, child: ResourceOptions
    ) -> list[pulumi.Resource]:
        """What makes the bucket private, versioned, encrypted and TLS-only."""
        private = aws.s3.BucketPublicAccessBlock(
            f"{name}-private",
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        versions = aws.s3.BucketVersioning(
            f"{name}-versions", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}, opts=child
        )
        encryption = aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.bucket,
            rules=[keys.of_bucket(self._foundation.key)],
            opts=child,
        )
        lifecycle = aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.bucket,
            rules=[_old_versions(spec.keep_versions_days)],
            # Rules about versions are refused on a bucket without any.
            opts=keeping.options(spec.keeps, parent=self, depends_on=[versions]),
        )
        tls = aws.s3.BucketPolicy(
            f"{name}-tls",
            bucket=bucket.bucket,
            policy=self._policy(bucket.arn),
            # S3 answers a bucket's policy and its public access block, changed at once, with a conflict.
            opts=keeping.options(spec.keeps, parent=self, depends_on=[private]),
        )
        return [private, versions, encryption, lifecycle, tls]

    def _policy(self, arn: Output[str]) -> Output[str]:
        """What a denial names is everybody and everything: this is where `*` is the stricter choice."""
        statements = [_tls_only(arn)]
        if private := self._foundation.brought.network:
            denied = network.outside(private, self._foundation.identity, network.OBJECTS)
            statements.append({**denied, "Resource": Output.concat(arn, "/*")})
        return Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


def _old_versions(days: int) -> aws.s3.BucketLifecycleConfigurationRuleArgsDict:
    return {
        "id": "old-versions",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "noncurrent_version_expiration": {"noncurrent_days": days},
        "abort_incomplete_multipart_upload": {"days_after_initiation": ABANDONED_UPLOAD_DAYS},
    }


def _tls_only(arn: Output[str]) -> dict[str, Any]:
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, Output.concat(arn, "/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
