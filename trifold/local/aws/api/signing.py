"""Signatures: whose key the caller holds, and whether the request is the one that was signed.

Version 4, and for S3's presigned addresses also version 2, which boto3 still makes unless told otherwise.

The pieces of the canonical request are botocore's own.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

from botocore.auth import HmacV1Auth, S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.identity import Key, check_session
from trifold.local.aws.api.wire import Raw

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
SKEW = timedelta(minutes=15)
STAMP = "%Y%m%dT%H%M%SZ"
TOKEN = "x-amz-security-token"
Keys = Callable[[str], Key | None]


@dataclass(frozen=True)
class Claim:
    """What a request says of its signature. expires: seconds, of a presigned URL."""

    key: str
    region: str
    service: str
    headers: tuple[str, ...]
    signature: str
    timestamp: str
    expires: int | None


def verify(service: str, raw: Raw, keys: Keys) -> Key | None:
    """The key it is signed with; to S3 one may come without. Raises AwsError as AWS does for any other missing
    signature, and for an unknown, late or wrong one."""
    query = dict(parse_qsl(raw.query, keep_blank_values=True))
    if service == "s3" and "AWSAccessKeyId" in query:
        return _verify_version_2(raw, query, keys)
    if service == "s3" and "authorization" not in raw.headers and "X-Amz-Algorithm" not in query:
        return None
    claim = _claim(service, raw)
    key = _known(service, claim.key, keys)
    _in_time(service, claim)
    if not hmac.compare_digest(_signature(claim, raw, service, key), claim.signature):
        raise _mismatch(service)
    check_session(key, raw.headers.get(TOKEN) or query.get("X-Amz-Security-Token", ""), service)
    _same_payload(raw)
    return key


class Presigned(HmacV1Auth):
    """Version 2 of a presigned address: the time of expiry stands where else the date is."""

    def __init__(self, credentials: Credentials, expires: str) -> None:
        super().__init__(credentials)
        self._expires = expires

    def _get_date(self) -> str:
        return self._expires


def _verify_version_2(raw: Raw, query: Mapping[str, str], keys: Keys) -> Key:
    """A presigned address of the older kind: key, time of expiry and signature in its query."""
    key = _known("s3", query["AWSAccessKeyId"], keys)
    expires = query.get("Expires", "")
    if not expires.isdigit() or int(expires) < datetime.now(UTC).timestamp():
        raise AwsError("AccessDenied", "Request has expired", 403)
    headers = HTTPHeaders()
    for name, value in raw.headers.items():
        headers[name] = value
    bucket = raw.host.lower().partition(".s3.")[0] if ".s3." in raw.host.lower() else ""
    path = f"/{bucket}{raw.path}" if bucket else raw.path
    if TOKEN in query:
        headers[TOKEN] = query[TOKEN]
    auth = Presigned(Credentials(key.id, key.secret), expires)
    wanted = auth.get_signature(raw.method, urlsplit(raw.url), headers, auth_path=path)
    if not hmac.compare_digest(wanted, query.get("Signature", "")):
        raise _mismatch("s3")
    check_session(key, query.get(TOKEN, ""), "s3")
    return key


def _known(service: str, id: str, keys: Keys) -> Key:
    found = keys(id)
    if found is None:
        raise _unknown_key(service)
    return found


def _mismatch(service: str) -> AwsError:
    said = "The request signature we calculated does not match the signature you provided. "
    if service == "s3":
        return AwsError("SignatureDoesNotMatch", f"{said}Check your key and signing method.", 403)
    more = "Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
    return AwsError(_wrong(service), said + more, 403)


def _wrong(service: str) -> str:
    """The code of a signature that does not do: services of the query protocol have their own."""
    return "SignatureDoesNotMatch" if service in ("iam", "sts") else "InvalidSignatureException"


def _claim(service: str, raw: Raw) -> Claim:
    header, query = raw.headers.get("authorization", ""), dict(parse_qsl(raw.query, keep_blank_values=True))
    try:
        if header.startswith(ALGORITHM):
            parts = dict(part.strip().partition("=")[::2] for part in header[len(ALGORITHM) :].split(","))
            names, date, expires = ("Credential", "SignedHeaders", "Signature"), raw.headers["x-amz-date"], None
        elif query.get("X-Amz-Algorithm") == ALGORITHM:
            parts, date, expires = query, query["X-Amz-Date"], int(query["X-Amz-Expires"])
            names = ("X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Signature")
        else:
            raise _unsigned(service)
        credential, headers, signature = (parts[name] for name in names)
        key, _, region, scope, _ = credential.rsplit("/", 4)
    except (KeyError, ValueError):
        raise AwsError("IncompleteSignature", "The request signature does not conform to AWS standards.") from None
    return Claim(key, region, scope, tuple(sorted(headers.split(";"))), signature, date, expires)


def _unsigned(service: str) -> AwsError:
    if service == "s3":
        return AwsError("AccessDenied", "Access Denied", 403)
    return AwsError("MissingAuthenticationToken", "Missing Authentication Token", 403)


def _unknown_key(service: str) -> AwsError:
    if service == "s3":
        return AwsError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403)
    code = "InvalidClientTokenId" if service in ("iam", "sts") else "UnrecognizedClientException"
    return AwsError(code, "The security token included in the request is invalid.", 403)


def _in_time(service: str, claim: Claim) -> None:
    now, signed = datetime.now(UTC), datetime.strptime(claim.timestamp, STAMP).replace(tzinfo=UTC)
    age = now - signed
    if claim.expires is not None and age > timedelta(seconds=claim.expires):
        raise AwsError("AccessDenied", "Request has expired", 403)
    if claim.expires is not None or abs(age) <= SKEW:
        return
    if service == "s3":
        said = "The difference between the request time and the current time is too large."
        raise AwsError("RequestTimeTooSkewed", said, 403)
    what, sign = (
        ("expired: {} is now earlier than", "-") if age > SKEW else ("not yet current: {} is still later than", "+")
    )
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html shows both.
    bound = (now - SKEW if age > SKEW else now + SKEW).strftime(STAMP)
    limit = f"{bound} ({now.strftime(STAMP)} {sign} 15 min.)"
    raise AwsError(_wrong(service), f"Signature {what.format(claim.timestamp)} {limit}", 403)


def _signature(claim: Claim, raw: Raw, service: str, key: Key) -> str:
    kind = S3SigV4Auth if service == "s3" else SigV4Auth
    auth = kind(Credentials(key.id, key.secret), claim.service, claim.region)
    request = AWSRequest(method=raw.method, url=_unsigned_url(raw))
    request.context["timestamp"] = claim.timestamp
    headers = "".join(f"{name}:{' '.join(raw.headers.get(name, '').split())}\n" for name in claim.headers)
    payload = UNSIGNED if claim.expires is not None else _declared_payload(raw)
    path = auth._normalize_url_path(raw.path)
    query = auth.canonical_query_string(request)
    canonical = "\n".join([raw.method, path, query, headers, ";".join(claim.headers), payload])
    return auth.signature(auth.string_to_sign(request, canonical), request)


def _unsigned_url(raw: Raw) -> str:
    pairs = [pair for pair in parse_qsl(raw.query, keep_blank_values=True) if pair[0] != "X-Amz-Signature"]
    query = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
    return f"https://{raw.host}{raw.path}" + (f"?{query}" if query else "")


def _declared_payload(raw: Raw) -> str:
    return raw.headers.get("x-amz-content-sha256") or hashlib.sha256(raw.body).hexdigest()


def _same_payload(raw: Raw) -> None:
    declared = raw.headers.get("x-amz-content-sha256", UNSIGNED)
    if len(declared) == 64 and declared != hashlib.sha256(raw.body).hexdigest():
        message = "The provided 'x-amz-content-sha256' header does not match what was computed."
        raise AwsError("XAmzContentSHA256Mismatch", message)
