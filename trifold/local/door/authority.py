"""The checkout's certificate authority: made once, kept with its key readable by its owner only; leaves on demand."""

import os
import ssl
from functools import lru_cache
from pathlib import Path

import trustme

NAME = "Trifold local clouds"
# Contexts kept at once: each bucket and account has a host name of its own.
KEPT = 2048


class Authority:
    """Makes server contexts for host names; anybody who trusts `certificate` trusts them."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self.certificate = certificate
        self._authority = _load(certificate, key)
        self._context = lru_cache(KEPT)(self._make)

    def context(self, host: str, http2: bool) -> ssl.SSLContext:
        """A server's context for the host. http2: for clients that speak nothing else, as gRPC's do.

        A client that offers both (curl, Go) gets HTTP/1.1, since only the gRPC server speaks HTTP/2 here.
        """
        return self._context(host, http2)

    def _make(self, host: str, http2: bool) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1", "h2"] if http2 else ["http/1.1"])
        self._authority.issue_cert(host).configure_cert(context)
        return context


def _load(certificate: Path, key: Path) -> trustme.CA:
    try:
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    except (FileNotFoundError, ValueError):  # none yet, or cut short: whoever trusted it reads the new one
        return _make(certificate, key)


def _make(certificate: Path, key: Path) -> trustme.CA:
    authority = trustme.CA(organization_name=NAME)
    certificate.parent.mkdir(parents=True, exist_ok=True)
    _write_private(key, authority.private_key_pem.bytes())
    certificate.write_bytes(authority.cert_pem.bytes())
    return authority


def _write_private(file: Path, content: bytes) -> None:
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
    part.replace(file)
