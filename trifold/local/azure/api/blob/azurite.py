"""Azurite, the emulator underneath: a pool of accounts that are handed out, and requests signed for them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from urllib.parse import quote, urlencode

import httpx

from trifold.local.azure.api.blob.auth import sign
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.cloud import POOL, POOL_KEY

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "server", "content-encoding-removed", "date"}
VERSION = "2025-07-05"
logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log each request once more


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return self.status < 300


class Azurite:
    """A client of the sidecar. Paths are percent-encoded, "/container/blob"."""

    def __init__(self, address: str) -> None:
        self._address = httpx.URL(address)
        self._client = httpx.AsyncClient(timeout=300, trust_env=False)
        self._free = list(POOL)

    def take(self) -> str:
        """An account of the pool that nobody has."""
        if not self._free:
            raise AzureError("MaxStorageAccountsCountPerSubscriptionExceeded", "Subscription already contains the "
                             f"maximum of {len(POOL) // 2} storage accounts of a local cloud.", 409)  # fmt: skip
        return self._free.pop(0)

    async def give_back(self, account: str) -> None:
        """Empty an account, and have it free again."""
        for name in await self.containers(account):
            await self.send(account, "DELETE", f"/{name}", {"restype": "container"})
        self._free.append(account)

    async def containers(self, account: str) -> list[str]:
        """The names of an account's containers."""
        from xml.etree import ElementTree

        answer = await self.send(account, "GET", "/", {"comp": "list"})
        root = ElementTree.fromstring(answer.body)
        return [node.text or "" for node in root.iterfind("Containers/Container/Name")]

    async def send(
        self,
        account: str,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """One request, signed with the pool's key. headers: lower-case names."""
        query = dict(query or {})
        kept = {name: value for name, value in (headers or {}).items() if name not in ("date", "host")}
        kept |= {"x-ms-date": formatdate(usegmt=True), "x-ms-version": VERSION}
        if method == "PUT" or body:
            kept["content-length"] = str(len(body))
        target = f"/{account}{path}"
        kept["authorization"] = sign(account, POOL_KEY, method, target, query, kept)
        text = urlencode(query, quote_via=quote)
        url = self._address.copy_with(raw_path=f"{target}{'?' + text if text else ''}".encode())
        # An identity body is asked for: what is stored goes out as it is.
        answer = await self._client.request(method, url, headers={**kept, "accept-encoding": "identity"}, content=body)
        shown = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
        return Answer(answer.status_code, shown, answer.content)

    @property
    def address(self) -> str:
        return str(self._address).rstrip("/")

    async def close(self) -> None:
        await self._client.aclose()
