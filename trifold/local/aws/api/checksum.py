"""The checksum that S3's clients send along with a body: held against the body, as S3 does.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import hashlib
import zlib
from collections.abc import Callable

from trifold.local.aws.api.errors import AwsError, refused
from trifold.local.aws.api.wire import Call

PREFIX = "x-amz-checksum-"
NOT_SUMS = {f"{PREFIX}mode", f"{PREFIX}type", f"{PREFIX}algorithm"}
DIGESTS: dict[str, Callable[[bytes], bytes]] = {
    "crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "sha1": lambda body: hashlib.sha1(body).digest(),
    "sha256": lambda body: hashlib.sha256(body).digest(),
}


def headers(call: Call) -> set[str]:
    """The checksum headers of a call whose operation takes one."""
    if not call.operation.http_checksum:
        return set()
    return {name for name in call.raw.headers if name.startswith(PREFIX) and name not in NOT_SUMS}


def verify(call: Call) -> None:
    """Raises AwsError (BadDigest) where a checksum does not fit; 501 for an algorithm this machine has no code for.

    A body sent in chunks carries its checksum at its end and is not checked here.
    """
    if "x-amz-trailer" in call.raw.headers:
        return
    md5 = call.raw.headers.get("content-md5") if call.service == "s3" else None
    if md5 is not None and md5 != base64.b64encode(hashlib.md5(call.raw.body).digest()).decode():
        raise AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.")
    for name in sorted(headers(call)):
        algorithm = name.removeprefix(PREFIX)
        if algorithm not in DIGESTS:
            raise refused(f"the checksum algorithm {algorithm}")
        if base64.b64encode(DIGESTS[algorithm](call.raw.body)).decode() != call.raw.headers[name]:
            raise AwsError("BadDigest", f"The {algorithm.upper()} you specified did not match the calculated checksum.")
