"""S3 objects: a file or a text at a key."""

import base64
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from trifold.local.aws.provider.base import gone, unpaired
from trifold.local.aws.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Failure, InvalidInputs, ResourceType, Values
from trifold.protocol.values import Asset

HEADERS = ("cacheControl", "contentDisposition", "contentEncoding", "contentLanguage", "contentType")
BODY = ("source", "content", "contentBase64")
PART = 8 * 1024 * 1024


class Object(Resource):
    supported = supports("bucket key region metadata tags forceDestroy sourceHash etag serverSideEncryption") | {
        *HEADERS,
        *BODY,
    }

    def make(self, session: Session, inputs: Values) -> str:
        if not inputs.get("key"):
            raise InvalidInputs(Failure("key", "is required by the local AWS provider"))
        self._upload(session, inputs)
        return f"{inputs['bucket']}/{inputs['key']}"

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        self._upload(session, inputs)
        return self.look(session, id, inputs) or inputs

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        bucket, _, key = id.partition("/")
        client = session.client("s3", inputs.get("region"))
        head = gone(lambda: client.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED"), "404", "NoSuchKey")
        if head is None:
            return None
        tags = client.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
        kept = {name: inputs[name] for name in (*BODY, "sourceHash") if inputs.get(name) is not None}
        headers = {name: head.get(name[:1].upper() + name[1:], "") for name in HEADERS}
        return {
            **kept,
            **headers,
            **_checksums(head),
            **session.tag_outputs(unpaired(tags)),
            "bucket": bucket,
            "key": key,
            "arn": f"arn:aws:s3:::{bucket}/{key}",
            "etag": head["ETag"].strip('"'),
            "versionId": head.get("VersionId", ""),
            "metadata": head.get("Metadata", {}),
            "serverSideEncryption": head.get("ServerSideEncryption", "AES256"),
            "storageClass": head.get("StorageClass", "STANDARD"),
            "bucketKeyEnabled": False,
            "forceDestroy": bool(inputs.get("forceDestroy")),
            "region": session.region,
            "acl": "private",
            "kmsKeyId": "",
            "objectLockLegalHoldStatus": "",
            "objectLockMode": "",
            "objectLockRetainUntilDate": "",
            "websiteRedirect": "",
        }

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        """All versions, as the official provider does."""
        bucket, _, key = id.partition("/")
        client = session.client("s3", outputs.get("region"))
        for one in gone(lambda: _versions(client, bucket, key), "NoSuchBucket") or []:
            client.delete_object(Bucket=bucket, Key=key, VersionId=one)

    def find(self, session: Session, inputs: Values) -> str | None:
        return f"{inputs['bucket']}/{inputs['key']}" if inputs.get("key") else None

    def _upload(self, session: Session, inputs: Values) -> None:
        from boto3.s3.transfer import TransferConfig

        more: dict[str, Any] = {
            name[:1].upper() + name[1:]: inputs[name]
            for name in (*HEADERS, "metadata", "serverSideEncryption")
            if inputs.get(name)
        }
        if tags := session.tags(inputs):
            more["Tagging"] = urlencode(tags)
        client = session.client("s3", inputs.get("region"))
        where = {"Bucket": inputs["bucket"], "Key": inputs["key"]}
        content = _content(inputs)
        if isinstance(content, Path):
            config = TransferConfig(multipart_threshold=2 * PART, multipart_chunksize=PART)
            client.upload_file(str(content), **where, ExtraArgs=more, Config=config)
        else:
            client.put_object(**where, Body=content, **more)


def _content(inputs: Values) -> Path | bytes:
    """What to put: a path is streamed, text is sent as it is."""
    source = inputs.get("source")
    if isinstance(source, Asset) and source.kind == "path":
        return Path(source.content)
    if isinstance(source, Asset) and source.kind == "text":
        return source.content.encode()
    if inputs.get("contentBase64"):
        return base64.b64decode(inputs["contentBase64"])
    if source is not None:
        raise InvalidInputs(Failure("source", "must be a file or a text: the local AWS provider fetches no address"))
    return str(inputs.get("content") or "").encode()


def _versions(client: Any, bucket: str, key: str) -> list[str]:
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
    found = [one for page in pages for kind in ("Versions", "DeleteMarkers") for one in page.get(kind, [])]
    return [one["VersionId"] for one in found if one["Key"] == key]


def _checksums(head: Values) -> Values:
    names = {"checksumCrc32": "CRC32", "checksumCrc32c": "CRC32C", "checksumCrc64nvme": "CRC64NVME"}
    names |= {"checksumSha1": "SHA1", "checksumSha256": "SHA256"}
    return {name: head.get(f"Checksum{kind}", "") for name, kind in names.items()}


TYPES = (
    ResourceType("aws:s3/bucketObjectv2:BucketObjectv2", "pulumi_aws.s3.bucket_objectv2:BucketObjectv2Args", Object()),
)
