"""storage.Blob: the one type that speaks to the data plane, with the account's key, as azure-native does."""

import base64
import hashlib
from pathlib import Path
from typing import Any

from trifold.local.azure.cloud import BLOB_SUFFIX
from trifold.local.azure.provider.session import Session
from trifold.protocol.declaration import Autoname, Failure, InvalidInputs, ResourceType, Values
from trifold.protocol.values import Asset

PATH = ("/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Storage/storageAccounts/{}"
        "/blobServices/default/containers/{}/blobs/{}")  # fmt: skip
VERSION = "2024-01-01"


class Blobs:
    def create(self, session: Session, inputs: Values) -> tuple[str, Values]:
        if inputs.get("type", "Block") != "Block":
            raise InvalidInputs(Failure("type", "the local Azure provider serves Block blobs only"))
        client = _client(session, inputs)
        content = _content(inputs.get("source"))
        from azure.storage.blob import ContentSettings

        digest = base64.b64decode(inputs["contentMd5"]) if inputs.get("contentMd5") else hashlib.md5(content).digest()
        settings = ContentSettings(content_type=inputs.get("contentType"), content_md5=bytearray(digest))
        client.upload_blob(
            content, overwrite=True, content_settings=settings, metadata=inputs.get("metadata"),
            standard_blob_tier=inputs.get("accessTier"),
        )  # fmt: skip
        found = _properties(client, inputs)
        assert found is not None
        return self.find(session, inputs), found

    def read(self, session: Session, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        known = {**_names(id), **inputs}
        found = _properties(_client(session, known), known)
        if found is None:
            return None
        kept = ("metadata", "contentType", "type", "contentMd5", "accessTier")
        return id, {**known, **{name: found[name] for name in kept if found.get(name)}}, found

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        from azure.storage.blob import ContentSettings

        client = _client(session, inputs)
        if inputs.get("contentType"):
            client.set_http_headers(ContentSettings(content_type=inputs["contentType"]))
        if inputs.get("metadata"):
            client.set_blob_metadata(inputs["metadata"])
        if inputs.get("accessTier"):
            client.set_standard_blob_tier(inputs["accessTier"])
        found = _properties(client, inputs)
        assert found is not None
        return found

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        from azure.core.exceptions import ResourceNotFoundError

        try:
            _client(session, _names(id)).delete_blob(delete_snapshots="include")
        except ResourceNotFoundError:
            return

    def find(self, session: Session, inputs: Values) -> str:
        names = (inputs[name] for name in ("resourceGroupName", "accountName", "containerName", "blobName"))
        return PATH.format(session.subscription, *names)


def _names(id: str) -> Values:
    """The inputs an id holds; a blob's own name may have slashes."""
    head, _, blob = id.partition("/blobs/")
    steps = head.split("/")
    return {"resourceGroupName": steps[4], "accountName": steps[8], "containerName": steps[12], "blobName": blob}


def _client(session: Session, inputs: Values) -> Any:
    from azure.core.exceptions import ResourceNotFoundError
    from azure.storage.blob import BlobClient

    account = (f"/subscriptions/{session.subscription}/resourceGroups/{inputs['resourceGroupName']}"
               f"/providers/Microsoft.Storage/storageAccounts/{inputs['accountName']}")  # fmt: skip
    if session.get(account, VERSION) is None:
        raise ResourceNotFoundError(f"storage account {inputs['accountName']} not found")
    key = session.post(f"{account}/listKeys", VERSION)["keys"][0]["value"]
    address = f"https://{inputs['accountName']}{BLOB_SUFFIX}"
    return BlobClient(address, inputs["containerName"], inputs["blobName"], credential=key)


def _content(source: Any) -> bytes:
    if source is None:
        return b""
    if not isinstance(source, Asset):
        raise InvalidInputs(Failure("source", "must be an asset"))
    if source.kind == "text":
        return source.content.encode()
    if source.kind == "path":
        return Path(source.content).read_bytes()
    raise InvalidInputs(Failure("source", "assets at an address are not served by the local Azure provider"))


def _properties(client: Any, inputs: Values) -> Values | None:
    from azure.core.exceptions import ResourceNotFoundError

    try:
        found = client.get_blob_properties()
    except ResourceNotFoundError:
        return None
    digest = found.content_settings.content_md5
    outputs = {
        "name": inputs["blobName"],
        "url": client.url,
        "contentType": found.content_settings.content_type,
        "contentMd5": base64.b64encode(bytes(digest)).decode() if digest else "",
        "metadata": dict(found.metadata or {}),
        "type": "Block",
    }
    if found.blob_tier:
        outputs["accessTier"] = str(getattr(found.blob_tier, "value", found.blob_tier))
    return outputs


BLOB = ResourceType(
    "azure-native:storage:Blob",
    "pulumi_azure_native.storage.blob:BlobArgs",
    Blobs(),
    Autoname("blobName", 1024, copy=True),
    {"type": "Block"},
)
