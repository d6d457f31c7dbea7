"""The head of a request to a proxy, and the door's own short answers. Pure: bytes in, bytes out."""

from dataclasses import dataclass
from urllib.parse import urlsplit

END = b"\r\n\r\n"
LONGEST = 64 * 1024
# What is between a client and its proxy, or is the proxy's to say.
HOP = (b"host", b"connection", b"proxy-connection", b"proxy-authorization", b"keep-alive", b"x-forwarded-proto")
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class BadHead(ValueError):
    """Not a request that a proxy takes."""


@dataclass(frozen=True)
class Head:
    """tunnel: CONNECT. secure_address: the same address with https (empty for a tunnel)."""

    tunnel: bool
    host: str
    port: int
    secure_address: str = ""


def parse(head: bytes) -> Head:
    """The request line says all that the door needs. Raises BadHead."""
    parts = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadHead("not an HTTP/1 request line")
    method, target, _ = parts
    if method == "CONNECT":
        host, port = _authority(target, 443)
        return Head(True, host, port)
    address = urlsplit(target)
    if not address.netloc:
        raise BadHead("this is a proxy: it takes CONNECT and addresses with a host")
    host, port = _authority(address.netloc.rpartition("@")[2], 80)
    return Head(False, host, port, address._replace(scheme="https", netloc=host).geturl())


def forwarded(received: bytes) -> bytes:
    """A plain request as a server takes it, and one only: told that it came without TLS, and to whom it was sent."""
    head, _, body = received.partition(END)
    line, *headers = head.split(b"\r\n")
    method, target, version = line.split(b" ")
    address = urlsplit(target)
    path = (address.path or b"/") + (b"?" + address.query if address.query else b"")
    kept = [one for one in headers if one.partition(b":")[0].strip().lower() not in HOP]
    ours = [b"Host: " + address.netloc.rpartition(b"@")[2], b"X-Forwarded-Proto: http", b"Connection: close"]
    return b"\r\n".join([b" ".join([method, path, version]), *kept, *ours]) + END + body


def _authority(text: str, default: int) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        return text.strip("[]"), default
    if not port.isdigit():
        raise BadHead("a port is a number")
    return host.strip("[]"), int(port)


def answer(status: str, text: str, headers: str = "") -> bytes:
    """A whole answer, after which the connection ends."""
    body = text.encode("utf-8", "replace") + b"\n"
    lines = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n{headers}"
    return lines.encode("latin-1", "replace") + b"Connection: close\r\n\r\n" + body


def refusal(host: str, port: int) -> bytes:
    """No local cloud answers for this host, so nobody does."""
    text = (
        f"trifold refuses {host}:{port}: no local cloud answers for that host, and this environment reaches no other.\n"
        'See `trifold local status`; leave this environment with: eval "$(trifold local env --unset)"'
    )
    return answer("403 Forbidden", text)


def redirect(address: str) -> bytes:
    return answer("308 Permanent Redirect", "the local clouds speak TLS only", f"Location: {address}\r\n")
