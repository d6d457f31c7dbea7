"""Which operation of the Blob service a request is, what it may carry, and the errors of that service."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.sax.saxutils import escape

from trifold.local.azure.api.errors import AzureError, refused
from trifold.local.azure.api.wire import Raw, Reply
from trifold.local.azure.cloud import BLOB_SUFFIX

SIGNATURE = frozenset({"sv", "st", "se", "sp", "sr", "ss", "srt", "sip", "spr", "sig", "si", "ses", "rscc", "rscd",
                       "rsce", "rscl", "rsct", "skoid", "sktid", "skt", "ske", "sks", "skv"})  # fmt: skip
# (method, restype, comp) -> operation; the path's depth tells account, container and blob apart.
ACCOUNT = {
    ("GET", "", "list"): "List Containers",
    ("GET", "service", "properties"): "Get Blob Service Properties",
    ("GET", "account", "properties"): "Get Account Information",
}
CONTAINER = {
    ("PUT", "container", ""): "Create Container",
    ("GET", "container", ""): "Get Container Properties",
    ("HEAD", "container", ""): "Get Container Properties",
    ("PUT", "container", "metadata"): "Set Container Metadata",
    ("DELETE", "container", ""): "Delete Container",
    ("GET", "container", "acl"): "Get Container ACL",
    ("PUT", "container", "lease"): "Lease Container",
    ("GET", "container", "list"): "List Blobs",
    ("GET", "account", "properties"): "Get Account Information",
}
BLOB = {
    ("PUT", "", ""): "Put Blob",
    ("GET", "", ""): "Get Blob",
    ("HEAD", "", ""): "Get Blob Properties",
    ("DELETE", "", ""): "Delete Blob",
    ("PUT", "", "properties"): "Set Blob Properties",
    ("PUT", "", "metadata"): "Set Blob Metadata",
    ("PUT", "", "block"): "Put Block",
    ("PUT", "", "blocklist"): "Put Block List",
    ("GET", "", "blocklist"): "Get Block List",
    ("PUT", "", "appendblock"): "Append Block",
    ("PUT", "", "snapshot"): "Snapshot Blob",
    ("PUT", "", "lease"): "Lease Blob",
    ("PUT", "", "tier"): "Set Blob Tier",
    ("GET", "account", "properties"): "Get Account Information",
}
WRITES = frozenset({"Put Blob", "Put Block List", "Copy Blob", "Set Blob Metadata"})
READS = frozenset({name for table in (ACCOUNT, CONTAINER, BLOB) for (method, *_), name in table.items()
                   if method in ("GET", "HEAD")})  # fmt: skip
QUERY = frozenset({"restype", "comp", "timeout", "prefix", "delimiter", "marker", "maxresults", "include", "snapshot",
                   "versionid", "blockid", "blocklisttype"})  # fmt: skip
HEADERS = frozenset({"x-ms-version", "x-ms-date", "x-ms-client-request-id", "x-ms-return-client-request-id",
                     "x-ms-range", "x-ms-range-get-content-md5", "x-ms-access-tier", "x-ms-delete-snapshots",
                     "x-ms-copy-source", "x-ms-requires-sync", "x-ms-source-if-match", "x-ms-source-if-none-match",
                     "x-ms-source-if-modified-since", "x-ms-source-if-unmodified-since", "x-ms-proposed-lease-id",
                     "x-ms-metadata-directive", "x-ms-file-request-intent", "x-ms-useragent"})  # fmt: skip
PREFIXES = ("x-ms-meta-", "x-ms-blob-", "x-ms-lease-")


@dataclass(frozen=True)
class Call:
    """One request to the Blob service. account, container, blob: decoded names, "" where there is none."""

    raw: Raw
    operation: str
    account: str
    container: str
    blob: str

    @property
    def query(self) -> Mapping[str, str]:
        """The query without a shared access signature."""
        return {name: value for name, value in self.raw.parameters.items() if name not in SIGNATURE}

    @property
    def reads(self) -> bool:
        return self.operation in READS


def read(raw: Raw) -> Call:
    """The call a request makes; AzureError names what is not supported."""
    account = raw.host.lower().rpartition(":")[0] or raw.host.lower()
    account = account.removesuffix(BLOB_SUFFIX)
    container, _, blob = raw.path.lstrip("/").partition("/")
    query = raw.parameters
    table = BLOB if blob else CONTAINER if container else ACCOUNT
    key = (raw.method, query.get("restype", "").lower(), query.get("comp", "").lower())
    if key not in table:
        raise refused(f"{raw.method} on a blob service's {'blob' if blob else 'container' if container else 'account'} "
                      f"with restype '{key[1]}' and comp '{key[2]}'")  # fmt: skip
    operation = table[key]
    if operation == "Put Blob" and "x-ms-copy-source" in raw.headers:
        operation = "Copy Blob"
    call = Call(raw, operation, account, unquote(container), unquote(blob))
    _only_known(call)
    return call


def _only_known(call: Call) -> None:
    for name in call.query:
        if name not in QUERY:
            raise refused(f"the query parameter '{name}' of {call.operation}")
    for name in call.raw.headers:
        if name.startswith("x-ms-") and name not in HEADERS and not name.startswith(PREFIXES):
            raise refused(f"the header '{name}' of {call.operation}")
    if call.operation == "Put Blob" and call.raw.headers.get("x-ms-blob-type", "").lower() == "pageblob":
        raise refused("page blobs")


def failure(error: AzureError, request_id: str) -> Reply:
    """An error in the Blob service's own shape."""
    text = (f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{escape(error.code)}</Code>'
            f"<Message>{escape(error.message)}\nRequestId:{request_id}</Message></Error>")  # fmt: skip
    headers = {"content-type": "application/xml", "x-ms-error-code": error.code, **error.headers}
    return Reply(error.status, headers, text.encode())
