"""Whether a caller may do what it asks of a storage account: by key, by signature (SAS), by token, or as anyone.

Signatures are computed as the vendor documents them and compared; nothing of the caller's reaches Azurite.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from trifold.local.azure.api.arm.grants import allows
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.blob.requests import Call
from trifold.local.azure.api.blob.rights import needed
from trifold.local.azure.api.entra import STORAGE
from trifold.local.azure.api.errors import UNPERMITTED, AzureError, refused
from trifold.local.azure.api.wire import Raw
from trifold.local.azure.cloud import LOGIN_HOST

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

SKEW_SECONDS = 15 * 60
SIGNED = ("content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
          "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range")  # fmt: skip
SERVICE_FIELDS = ("si", "sip", "spr", "sv", "sr", "", "ses", "rscc", "rscd", "rsce", "rscl", "rsct")
ACCOUNT_FIELDS = ("sp", "ss", "srt", "st", "se", "sip", "spr", "sv", "ses")
OLDEST_SAS = "2020-12-06"
# From this version of the service on, who says nothing of himself is told how to; before, that nothing is there.
CHALLENGED = "2019-12-12"
# What a signature's `sp` must hold; any one letter will do.
NEEDS = {
    "List Containers": "l", "List Blobs": "l", "Create Container": "cw", "Delete Container": "d",
    "Get Container Properties": "rl", "Set Container Metadata": "w", "Get Container ACL": "r", "Lease Container": "wd",
    "Get Blob": "r", "Get Blob Properties": "r", "Get Block List": "r", "Put Blob": "cw", "Copy Blob": "cw",
    "Put Block": "cw", "Put Block List": "cw", "Append Block": "aw", "Set Blob Properties": "w",
    "Set Blob Metadata": "w", "Set Blob Tier": "w", "Snapshot Blob": "cw", "Lease Blob": "wd", "Delete Blob": "dx",
}  # fmt: skip


def authorize(azure: "Azure", account: Resource, call: Call) -> None:
    """Raises AzureError as the Blob service does unless the caller may do this."""
    header, plain = call.raw.headers.get("authorization", ""), call.raw.headers.get("x-forwarded-proto") == "http"
    if plain and account.properties["supportsHttpsTrafficOnly"]:
        raise AzureError("AccountRequiresHttps", "The account being accessed does not support http.", 400)
    if plain and call.raw.parameters.get("spr") == "https":
        raise AzureError("AuthorizationProtocolMismatch", "This request is not authorized to perform this operation "
                         "using this protocol.", 403)  # fmt: skip
    if header.lower().startswith("sharedkey "):
        _by_key(account, call.raw, header)
    elif header.lower().startswith("bearer "):
        _by_token(azure, account, call)
    elif header:
        raise _failed("The authorization scheme is not supported.")
    elif "sig" in call.raw.parameters:
        _by_signature(account, call)
    else:
        _as_anyone(azure, account, call)


def sign(account: str, key: str, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
    """The Authorization header for a request under an account's key. path: percent-encoded; query: decoded."""
    from azure.storage.blob._shared.authentication import _storage_header_sort

    values = {name: value for name, value in headers.items() if value}
    if values.get("content-length") == "0":
        values.pop("content-length")
    ours = [(name, value) for name, value in headers.items() if name.startswith("x-ms-")]
    canonical = "".join(f"{name}:{value}\n" for name, value in _storage_header_sort(ours))
    resource = f"/{account}{path}" + "".join(f"\n{name}:{query[name]}" for name in sorted(query))
    text = "\n".join([method, *(values.get(name, "") for name in SIGNED)]) + "\n" + canonical + resource
    return f"SharedKey {account}:{_hmac(key, text)}"


def _by_key(account: Resource, raw: Raw, header: str) -> None:
    _keys_allowed(account)
    name = header.split(" ", 1)[1].partition(":")[0]
    stamp = raw.headers.get("x-ms-date") or raw.headers.get("date", "")
    try:
        age = abs(time.time() - parsedate_to_datetime(stamp).timestamp())
    except (TypeError, ValueError):
        raise _failed("The Date header in the request is missing or can't be read.") from None
    if age > SKEW_SECONDS:
        raise _failed(f"Request date header too old: '{stamp}'.")
    headers = {**raw.headers, "content-length": raw.headers.get("content-length", "")}
    if "x-ms-date" in headers:
        headers.pop("date", None)
    expected = [sign(account.id.name, key, raw.method, raw.path, raw.parameters, headers) for key in keys(account)]
    if name.lower() != account.id.name or not any(hmac.compare_digest(header, one) for one in expected):
        raise _failed("The MAC signature found in the HTTP request is not the same as any computed signature.")


def _by_token(azure: "Azure", account: Resource, call: Call) -> None:
    audiences = (*STORAGE, f"https://{call.raw.host}")
    try:
        caller = azure.entra.caller(call.raw, audiences)
    except AzureError as error:
        raise AzureError("InvalidAuthenticationInfo", error.message, 401, headers=error.headers) from None
    scope = f"{account.id.text}/blobServices/default/containers/{call.container}" if call.container else account.id.text
    action, data = needed(call.operation)
    if not allows(azure, caller.object_id, action, scope, data):
        raise AzureError("AuthorizationPermissionMismatch", UNPERMITTED, 403)


def _by_signature(account: Resource, call: Call) -> None:
    _keys_allowed(account)
    given = call.raw.parameters
    if "skoid" in given:
        raise refused("user delegation signatures")
    if "si" in given:
        raise refused("stored access policies ('si')")
    if given.get("sv", "") < OLDEST_SAS:
        raise refused(f"shared access signatures of versions before {OLDEST_SAS}")
    text = _account_text(account, given) if "ss" in given else _service_text(account, call, given)
    if not any(hmac.compare_digest(given["sig"], _hmac(key, text)) for key in keys(account)):
        raise _failed("Signature did not match. String to sign used was " + text.replace("\n", "\\n"))
    _in_time(given)
    needed = NEEDS.get(call.operation, "r")
    if not set(needed) & set(given.get("sp", "")):
        raise AzureError("AuthorizationPermissionMismatch", UNPERMITTED, 403)
    if "ss" in given and ("b" not in given["ss"] or not _resource_types(call) <= set(given.get("srt", ""))):
        code = "AuthorizationServiceMismatch" if "b" not in given["ss"] else "AuthorizationResourceTypeMismatch"
        raise AzureError(
            code, "This request is not authorized to perform this operation using this resource type.", 403
        )


def _service_text(account: Resource, call: Call, given: Mapping[str, str]) -> str:
    kind = given.get("sr", "")
    if kind not in ("b", "c"):
        raise refused(f"shared access signatures for '{kind}'")
    if kind == "b" and (not call.blob or call.operation == "List Blobs"):
        raise _failed("The signature is for one blob.")
    path = f"/blob/{account.id.name}/{call.container}" + (f"/{call.blob}" if kind == "b" else "")
    head = [given.get(name, "") for name in ("sp", "st", "se")]
    return "\n".join([*head, path, *(given.get(name, "") if name else "" for name in SERVICE_FIELDS)])


def _account_text(account: Resource, given: Mapping[str, str]) -> str:
    return "\n".join([account.id.name, *(given.get(name, "") for name in ACCOUNT_FIELDS)]) + "\n"


def _resource_types(call: Call) -> set[str]:
    if call.blob:
        return {"o"}
    return {"s"} if not call.container else {"c"}


def _in_time(given: Mapping[str, str]) -> None:
    now = datetime.now(UTC)
    for name, late in (("se", True), ("st", False)):
        if not given.get(name):
            continue
        moment = datetime.fromisoformat(given[name].replace("Z", "+00:00"))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if (now > moment) if late else (now < moment):
            raise _failed(f"Signature not valid in the specified time frame: {name} {given[name]}, now {now:%FT%TZ}.")


def _as_anyone(azure: "Azure", account: Resource, call: Call) -> None:
    if not account.properties.get("allowBlobPublicAccess"):
        raise AzureError("PublicAccessNotPermitted", "Public access is not permitted on this storage account.", 409)
    held = azure.store.get(f"{account.id.text}/blobServices/default/containers/{call.container}")
    access = held.properties.get("publicAccess", "None") if held else "None"
    listing = call.operation in ("List Blobs", "Get Container Properties")
    if (access == "Container" and call.reads) or (access == "Blob" and call.reads and call.blob and not listing):
        return
    if call.raw.headers.get("x-ms-version", "") < CHALLENGED:
        raise AzureError("ResourceNotFound", "The specified resource does not exist.", 404)
    raise AzureError("NoAuthenticationInformation", "Server failed to authenticate the request. Please refer to the "
                     "information in the www-authenticate header.", 401,
                     headers={"www-authenticate": f'Bearer authorization_uri="https://{LOGIN_HOST}"'})  # fmt: skip


def keys(account: Resource) -> list[str]:
    """The two keys of an account."""
    return [account.hidden["key1"], account.hidden["key2"]]


def _keys_allowed(account: Resource) -> None:
    if account.properties.get("allowSharedKeyAccess") is False:
        raise AzureError("KeyBasedAuthenticationNotPermitted", "Key based authentication is not permitted on this "
                         "storage account.", 403)  # fmt: skip


def _failed(detail: str) -> AzureError:
    return AzureError("AuthenticationFailed", "Server failed to authenticate the request. Make sure the value of "
                      "Authorization header is formed correctly including the signature. " + detail, 403)  # fmt: skip


def _hmac(key: str, text: str) -> str:
    digest = hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
