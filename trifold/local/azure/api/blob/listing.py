"""Lists of blobs: all names under a prefix, and Azurite's list with our versions put in."""

from collections.abc import AsyncIterator
from urllib.parse import quote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.blob.azurite import Answer, Azurite
from trifold.local.azure.api.blob.requests import Call
from trifold.local.azure.api.blob.versions import Version, Versions
from trifold.local.azure.api.errors import AzureError, refused

PROPERTIES = {"creation-time": "x-ms-creation-time", "last-modified": "last-modified", "etag": "etag",
              "content-length": "content-length", "content-type": "content-type",
              "content-md5": "content-md5"}  # fmt: skip


async def names(azurite: Azurite, slot: str, container: str, prefix: str) -> list[str]:
    """All blob names under a prefix; AzureError where the container is not there."""
    found: list[str] = []
    async for root in _pages(azurite, slot, container, {"prefix": prefix}):
        found += [node.findtext("Name") or "" for node in root.iterfind("Blobs/Blob")]
    return found


async def with_versions(azurite: Azurite, account: Resource, call: Call) -> Answer:
    """List Blobs with include=versions, in one page."""
    for name in ("delimiter", "maxresults", "marker"):
        if call.query.get(name):
            raise refused(f"'{name}' of List Blobs together with include=versions")
    versions: Versions = account.hidden["versions"]
    include = [part for part in call.query["include"].split(",") if part != "versions"]
    prefix = call.query.get("prefix", "")
    query = {"prefix": prefix, **({"include": ",".join(include)} if include else {})}
    whole: Element | None = None
    entries: list[Element] = []
    async for root in _pages(azurite, account.hidden["slot"], call.container, query):
        whole = whole if whole is not None else root
        entries += list(root.iterfind("Blobs/Blob"))
    assert whole is not None
    histories = {blob: one for blob, one in versions.of_container(call.container).items() if blob.startswith(prefix)}
    for entry in entries:
        history = histories.get(entry.findtext("Name") or "")
        if history and history.current and entry.find("Snapshot") is None:
            _marked(entry, history.current, current=True)
    entries += [_entry(blob, version) for blob, one in histories.items() for version in one.old]
    entries.sort(key=lambda entry: (entry.findtext("Name") or "", entry.findtext("VersionId") or ""))
    blobs = whole.find("Blobs")
    assert blobs is not None
    blobs[:] = entries
    whole.set("ServiceEndpoint", f"https://{call.raw.host}/")
    text = ElementTree.tostring(whole, encoding="utf-8", xml_declaration=True)
    return Answer(200, {"content-type": "application/xml"}, text)


async def _pages(azurite: Azurite, slot: str, container: str, query: dict[str, str]) -> AsyncIterator[Element]:
    marker = ""
    while True:
        asked = {"restype": "container", "comp": "list", **query, **({"marker": marker} if marker else {})}
        answer = await azurite.send(slot, "GET", f"/{quote(container)}", asked)
        if not answer.ok:
            code = answer.headers.get("x-ms-error-code", "InternalError")
            raise AzureError(code, f"The container '{container}' can't be listed: {code}.", answer.status)
        root = ElementTree.fromstring(answer.body)
        yield root
        marker = root.findtext("NextMarker") or ""
        if not marker:
            return


def _entry(blob: str, version: Version) -> Element:
    entry = Element("Blob")
    SubElement(entry, "Name").text = blob
    _marked(entry, version.id, current=False)
    properties = SubElement(entry, "Properties")
    for name, header in PROPERTIES.items():
        label = "-".join(part.capitalize() for part in name.split("-")).replace("Etag", "Etag").replace("Md5", "MD5")
        SubElement(properties, label).text = version.headers.get(header, "")
    SubElement(properties, "BlobType").text = version.headers.get("x-ms-blob-type", "BlockBlob")
    metadata = {key[10:]: value for key, value in version.headers.items() if key.startswith("x-ms-meta-")}
    if metadata:
        held = SubElement(entry, "Metadata")
        for name, value in metadata.items():
            SubElement(held, name).text = value
    return entry


def _marked(entry: Element, id: str, current: bool) -> None:
    SubElement(entry, "VersionId").text = id
    if current:
        SubElement(entry, "IsCurrentVersion").text = "true"
