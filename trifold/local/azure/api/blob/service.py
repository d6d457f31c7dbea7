"""The Blob service: each call is authorized against its own account, then done by Azurite, with versions where on."""

import uuid
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from trifold.local.azure.api.arm.ids import ResourceId, resource_id
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.blob import listing
from trifold.local.azure.api.blob.auth import authorize
from trifold.local.azure.api.blob.azurite import Answer, Azurite
from trifold.local.azure.api.blob.requests import WRITES, Call, failure, read
from trifold.local.azure.api.blob.versions import Versions
from trifold.local.azure.api.errors import AzureError, refused
from trifold.local.azure.api.wire import Raw, Reply
from trifold.local.azure.cloud import BLOB_SUFFIX

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

ACCOUNTS = "Microsoft.Storage/storageAccounts"
CONTAINERS = f"{ACCOUNTS}/blobServices/containers"


class BlobService:
    def __init__(self, azure: "Azure", azurite: Azurite) -> None:
        self._azure, self.azurite = azure, azurite

    async def handle(self, raw: Raw) -> Reply:
        """The answer to one request to an account's host; never raises AzureError."""
        request_id = str(uuid.uuid4())
        try:
            call = read(raw)
            if self._azure.rules:
                self._azure.rules.busy(raw)
            account = self.account(call.account)
            authorize(self._azure, account, call)
            answer = await self._act(account, call)
        except AzureError as error:
            reply = failure(error, request_id)
            body = b"" if raw.method == "HEAD" else reply.body
            return Reply(reply.status, {**reply.headers, "x-ms-request-id": request_id}, body)
        return self._reply(call, answer)

    def account(self, name: str) -> Resource:
        """The storage account of a name; its host does not resolve where there is none."""
        for one in self._azure.store.of_kind(ACCOUNTS):
            if one.id.name == name:
                return one
        raise AzureError("ResourceNotFound", f"The storage account '{name}' does not exist.", 404)

    def container(self, account: Resource, name: str) -> ResourceId:
        return resource_id(f"{account.id.text}/blobServices/default/containers/{name}")

    async def _act(self, account: Resource, call: Call) -> Answer:
        versions: Versions | None = account.hidden["versions"] if self.versioned(account) else None
        if call.operation == "Copy Blob":
            call = self._copied(account, call)
        if call.query.get("versionid"):
            return await self._of_version(account, call, account.hidden["versions"])
        if call.operation == "List Blobs" and "versions" in call.query.get("include", ""):
            return await listing.with_versions(self.azurite, account, call)
        if versions and call.operation in (*WRITES, "Delete Blob") and "snapshot" not in call.query:
            return await self._with_version(account, call, versions)
        answer = await self._forward(account, call)
        if answer.ok:
            await self._note_container(account, call)
        if call.operation in ("Get Blob", "Get Blob Properties") and answer.ok and "snapshot" not in call.query:
            current = account.hidden["versions"].history(call.container, call.blob).current
            extra = {"x-ms-version-id": current, "x-ms-is-current-version": "true"} if current else {}
            answer = Answer(answer.status, {**answer.headers, **extra}, answer.body)
        return answer

    def versioned(self, account: Resource) -> bool:
        service = self._azure.store.get(f"{account.id.text}/blobServices/default")
        return bool(service and service.properties.get("isVersioningEnabled"))

    async def _forward(self, account: Resource, call: Call) -> Answer:
        dropped = ("authorization", "connection", "accept-encoding", "user-agent", "x-ms-version", "x-ms-date")
        headers = {name: value for name, value in call.raw.headers.items() if name not in dropped}
        headers.pop("transfer-encoding", None)
        return await self.azurite.send(
            account.hidden["slot"], call.raw.method, call.raw.path, call.query, headers, call.raw.body
        )

    async def _with_version(self, account: Resource, call: Call, versions: Versions) -> Answer:
        saved = await versions.save(account.hidden["slot"], call.raw.path, call.container, call.blob)
        answer = await self._forward(account, call)
        if not answer.ok:
            return answer
        current = "" if call.operation == "Delete Blob" else versions.new_id()
        versions.keep(call.container, call.blob, saved, current)
        extra = {"x-ms-version-id": current} if current else {}
        return Answer(answer.status, {**answer.headers, **extra}, answer.body)

    async def _of_version(self, account: Resource, call: Call, versions: Versions) -> Answer:
        if call.operation not in ("Get Blob", "Get Blob Properties", "Delete Blob"):
            raise refused(f"'versionid' of {call.operation}")
        wanted = call.query["versionid"]
        history = versions.history(call.container, call.blob)
        if wanted == history.current:
            if call.operation == "Delete Blob":
                raise AzureError("OperationNotAllowedOnRootBlob", "The operation is not allowed on a root blob.", 403)
            query = "&".join(part for part in call.raw.query.split("&") if not part.lower().startswith("versionid="))
            raw = Raw(call.raw.method, call.raw.host, call.raw.path, query, call.raw.headers, call.raw.body)
            plain = Call(raw, call.operation, call.account, call.container, call.blob)
            return await self._act(account, plain)
        found = history.find(wanted)
        if found is None:
            raise AzureError("BlobNotFound", "The specified blob does not exist.", 404)
        if call.operation == "Delete Blob":
            await versions.forget(call.container, call.blob, found)
            return Answer(202, {"x-ms-delete-type-permanent": "true"}, b"")
        passed = {name: value for name, value in call.raw.headers.items() if name in ("range", "x-ms-range")}
        return await versions.read(call.raw.method, found, passed)

    def _copied(self, account: Resource, call: Call) -> Call:
        """The source of a copy, as Azurite knows it; another account's, or a signed one, is refused by name."""
        source = urlsplit(call.raw.headers["x-ms-copy-source"])
        if (source.hostname or "") != f"{account.id.name}{BLOB_SUFFIX}":
            raise refused("copies from outside of the account")
        if "versionid" in source.query.lower():
            raise refused("copies of an old version")
        inner = f"{self.azurite.address}/{account.hidden['slot']}{source.path}"
        headers = {**call.raw.headers, "x-ms-copy-source": inner}
        raw = Raw(call.raw.method, call.raw.host, call.raw.path, call.raw.query, headers, call.raw.body)
        return Call(raw, call.operation, call.account, call.container, call.blob)

    async def _note_container(self, account: Resource, call: Call) -> None:
        """Containers that are made or deleted here are resources too."""
        if call.operation == "Create Container":
            access = call.raw.headers.get("x-ms-blob-public-access", "None").capitalize()
            self._azure.store.put(container_resource(self.container(account, call.container), {"publicAccess": access}))
        elif call.operation == "Delete Container":
            self._azure.store.drop(self.container(account, call.container))
            await account.hidden["versions"].drop_container(call.container)

    def _reply(self, call: Call, answer: Answer) -> Reply:
        headers = dict(answer.headers)
        body = answer.body
        if "xml" in headers.get("content-type", "") and not call.blob:
            slot = f"{self.azurite.address}/{self.account(call.account).hidden['slot']}"
            body = body.replace(slot.encode(), f"https://{call.raw.host}".encode())
            headers.pop("content-length", None)
        if call.raw.method != "HEAD":
            headers.pop("content-length", None)
        headers.pop("x-ms-copy-source", None)
        return Reply(answer.status, headers, body)

    async def fetch(self, account: Resource, container: str, prefix: str) -> dict[str, bytes]:
        """The blobs at or under a path, by name: what a model is mounted from."""
        slot = account.hidden["slot"]
        exact = await self.azurite.send(slot, "GET", f"/{container}/{quote(prefix)}") if prefix else None
        if exact and exact.ok:
            return {prefix: exact.body}
        found = {}
        folder = f"{prefix.rstrip('/')}/" if prefix else ""
        for name in await listing.names(self.azurite, slot, container, folder):
            answer = await self.azurite.send(slot, "GET", f"/{container}/{quote(name)}")
            found[unquote(name)] = answer.body
        return found


def container_resource(id: ResourceId, properties: dict[str, object]) -> Resource:
    """A container as Resource Manager shows it."""
    filled = {
        "publicAccess": "None",
        "leaseStatus": "Unlocked",
        "leaseState": "Available",
        "hasImmutabilityPolicy": False,
        "hasLegalHold": False,
        "deleted": False,
        "remainingRetentionDays": 0,
        "defaultEncryptionScope": "$account-encryption-key",
        "denyEncryptionScopeOverride": False,
        **properties,
    }
    return Resource(id, CONTAINERS, {"properties": filled})
