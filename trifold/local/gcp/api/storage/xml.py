"""Cloud Storage's XML API (storage.googleapis.com/BUCKET/OBJECT): who may not read is told so; all else is refused."""

from html import escape
from urllib.parse import unquote

from trifold.local.gcp.api.access import Access
from trifold.local.gcp.api.errors import GoogleError, refused
from trifold.local.gcp.api.storage.store import Store
from trifold.local.gcp.api.wire import Raw, Reply

JSON_API = ("/storage/", "/upload/", "/download/", "/resumable/", "/batch/")


def is_xml(raw: Raw) -> bool:
    return not raw.path.startswith(JSON_API)


def answer(raw: Raw, access: Access, store: Store) -> Reply:
    """The denial for nobody in particular, in XML; 501 for a caller who could have got something."""
    _, name, *rest = unquote(raw.path).split("/")
    bucket = store.buckets.get(name)
    nobody = "authorization" not in raw.headers and "signature" not in raw.query.lower()
    if nobody and bucket is not None and not bucket.opens(bucket.live("/".join(rest))):
        try:
            access.on_bucket("", "storage.objects.get", bucket)
        except GoogleError as error:
            return _denied(error.message)
    raise refused(f"the XML API of Cloud Storage ({raw.method} {raw.path})")


def _denied(details: str) -> Reply:
    error = (
        f"<Error><Code>AccessDenied</Code><Message>Access denied.</Message><Details>{escape(details)}</Details></Error>"
    )
    body = f"<?xml version='1.0' encoding='UTF-8'?>{error}"
    return Reply(403, {"content-type": "application/xml; charset=UTF-8"}, body.encode())
