"""The door: the vendors' names lead to their local clouds, every other name leads nowhere."""

import concurrent.futures
import http.client
import json
import socket
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local.core.conftest import Checkout, eventually
from trifold.local.contract import Cloud
from trifold.local.door import head
from trifold.local.door.authority import Authority
from trifold.local.door.routes import Route, Routes, routes


@pytest.fixture(scope="module")
def client(started: Checkout) -> dict[str, str]:
    return started.client()


def curl(client: dict[str, str], *arguments: str, input: str | None = None) -> subprocess.CompletedProcess:
    command = ["curl", "-sS", *arguments]
    return subprocess.run(command, env=client, capture_output=True, text=True, timeout=60, input=input)


def connection(started: Checkout, host: str, port: int = 443) -> http.client.HTTPSConnection:
    trust = ssl.create_default_context(cafile=str(started.layout.certificate))
    found = http.client.HTTPSConnection("127.0.0.1", started.running().door, context=trust, timeout=30)
    found.set_tunnel(host, port)
    return found


def said(started: Checkout, request: bytes) -> bytes:
    """All that the door answers to these bytes."""
    with socket.create_connection(("127.0.0.1", started.running().door), timeout=30) as plain:
        plain.sendall(request)
        return b"".join(iter(lambda: plain.recv(65536), b""))


@pytest.mark.parametrize("host", ["api.tiny.example", "a.b.tiny.example", "API.Tiny.Example", "other.example"])
def test_a_vendors_host_is_answered_with_its_own_certificate_and_host_header(client: dict[str, str], host: str) -> None:
    answer = json.loads(curl(client, f"https://{host}/").stdout)
    assert answer["cloud"] == ("other" if host == "other.example" else "tiny")
    assert answer["host"].lower() == host.lower()


@pytest.mark.parametrize(
    "host",
    ["example.com", "tiny.example", "s3.amazonaws.com.example.com", "169.254.169.254", "metadata.google.internal"],
)
def test_every_other_host_is_refused_by_name(started: Checkout, client: dict[str, str], host: str) -> None:
    assert curl(client, f"https://{host}/").returncode == 56  # curl: the proxy said no
    tunnel = said(started, f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode()).decode()
    assert tunnel.startswith("HTTP/1.1 403 Forbidden\r\n") and f"trifold refuses {host}:443" in tunnel
    assert f"trifold refuses {host}:80" in curl(client, f"http://{host}/latest/meta-data/").stdout
    assert f"refused {host}:443" in started.layout.supervisor_log.read_text()


def test_another_port_of_a_vendors_host_is_refused(started: Checkout) -> None:
    with pytest.raises(OSError, match="403"):
        connection(started, "api.tiny.example", 8443).request("GET", "/")


def test_plain_http_to_a_vendors_host_is_sent_to_tls(client: dict[str, str]) -> None:
    answer = curl(client, "-L", "-w", "%{url_effective}", "-o", "/dev/null", "http://other.example/?x=1")
    assert answer.stdout == "https://other.example/?x=1"


def test_plain_http_reaches_a_host_that_answers_for_itself(client: dict[str, str]) -> None:
    forged = ("-H", "X-Forwarded-Proto: https", "-H", "Host: api.tiny.example")
    answer = json.loads(curl(client, *forged, "http://plain.tiny.example/?x=1").stdout)
    assert (answer["host"], answer["forwarded"]) == ("plain.tiny.example", ["http"])
    sent = curl(client, "--data-binary", "@-", "http://plain.tiny.example/count", input="x" * 3_000_000)
    assert sent.stdout == "3000000"
    assert json.loads(curl(client, "https://plain.tiny.example/").stdout)["forwarded"] == []


def test_a_plain_connection_is_good_for_one_request(started: Checkout) -> None:
    one = b"GET http://plain.tiny.example/ HTTP/1.1\r\nHost: plain.tiny.example\r\n\r\n"
    assert said(started, one + one).count(b"HTTP/1.1 200") == 1


def test_grpc_goes_to_the_grpc_server_and_http_to_the_same_host_to_the_api(client: dict[str, str]) -> None:
    script = (
        "import grpc\n"
        "channel = grpc.secure_channel('rpc.tiny.example:443', grpc.ssl_channel_credentials())\n"
        "print(channel.unary_unary('/tiny.Echo/Say')(b'hello', timeout=20).decode())"
    )
    command = [sys.executable, "-c", script]
    answer = subprocess.run(command, env=client, capture_output=True, text=True, timeout=60)
    assert answer.stdout == "tiny: hello\n", answer.stderr
    assert json.loads(curl(client, "https://rpc.tiny.example/").stdout)["host"] == "rpc.tiny.example"


def test_a_host_without_grpc_offers_no_http2(client: dict[str, str]) -> None:
    assert curl(client, "--http2", "-o", "/dev/null", "-w", "%{http_version}", "https://other.example/").stdout == "1.1"


def test_large_bodies_pass_both_ways_over_one_connection(started: Checkout) -> None:
    size = 48 * 1024 * 1024
    one = connection(started, "api.tiny.example")
    for _ in range(2):
        one.request("POST", "/count", body=(bytes(1 << 20) for _ in range(48)))
        assert one.getresponse().read() == str(size).encode()
        one.request("GET", f"/zeros?size={size}")
        assert len(one.getresponse().read()) == size


def test_many_connections_at_once(started: Checkout) -> None:
    def ask(number: int) -> str:
        one = connection(started, f"h{number}.tiny.example")
        one.request("GET", "/")
        return json.loads(one.getresponse().read())["host"]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(64))) == [f"h{number}.tiny.example" for number in range(64)]


def test_a_reader_that_stops_holds_its_writer_back(started: Checkout) -> None:
    """The door holds a bounded part of an answer that nobody reads, however large it is."""
    stalled, other = connection(started, "stalled.tiny.example"), connection(started, "api.tiny.example")
    stalled.request("GET", f"/zeros?size={1 << 31}")
    assert stalled.getresponse().read(10) == bytes(10)
    for _ in range(8):
        other.request("GET", f"/zeros?size={1 << 26}")
        assert len(other.getresponse().read()) == 1 << 26
    assert "stalled.tiny.example/zeros" not in started.layout.log("tiny-api").read_text()  # logged at its end
    assert resident(started.running().pid) < 250 * 1024
    stalled.close()


def resident(pid: int) -> int:
    """KiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"CONNECT api.tiny.example:port HTTP/1.1\r\n\r\n", b"400"),
        (b"CONNECT api.tiny.example:443 HTTP/1.1\r\n\r\nearly", b"400"),
        (b"CONNECT " + b"a" * 70000, b"431"),
        (b"CONNECT [::1]:443 HTTP/1.1\r\n\r\n", b"403"),
        (b"CONNECT \xff\xfe:443 HTTP/1.1\r\n\r\n", b"403"),
    ],
)
def test_what_is_not_a_proxy_request_is_answered_in_words(
    started: Checkout, request_bytes: bytes, status: bytes
) -> None:
    assert said(started, request_bytes).split(b" ", 2)[1] == status


def test_a_client_that_leaves_or_trusts_nobody_harms_nothing(started: Checkout) -> None:
    for _ in range(20):
        plain = socket.create_connection(("127.0.0.1", started.running().door))
        plain.sendall(b"CONNECT api.tiny.example:443 HTTP/1.1\r\n\r\n")
        plain.close()
    stranger = http.client.HTTPSConnection(
        "127.0.0.1", started.running().door, context=ssl.create_default_context(), timeout=30
    )
    stranger.set_tunnel("api.tiny.example")
    with pytest.raises(ssl.SSLCertVerificationError):
        stranger.request("GET", "/")
    one = connection(started, "api.tiny.example")
    one.request("GET", "/")
    assert one.getresponse().status == 200


def test_no_connection_is_left_behind(started: Checkout) -> None:
    def files() -> int:
        return len(list(Path(f"/proc/{started.running().pid}/fd").iterdir()))

    before = files()
    for number in range(60):
        one = connection(started, "api.tiny.example")
        one.request("GET", "/zeros?size=5000000")
        if number % 3:
            one.getresponse().read(1000 * (number % 2))
        one.close()
        said(started, b"CONNECT example.com:443 HTTP/1.1\r\n\r\n")
    eventually(lambda: files() <= before)


def test_the_authority_is_kept_and_its_key_is_private(started: Checkout) -> None:
    layout = started.layout
    assert stat.S_IMODE(layout.key.stat().st_mode) == 0o600
    before = layout.certificate.read_bytes()
    Authority(layout.certificate, layout.key)
    assert layout.certificate.read_bytes() == before


def test_leaves_are_made_once_a_host(tmp_path) -> None:
    authority = Authority(tmp_path / "ca.pem", tmp_path / "ca-key.pem")
    assert authority.context("a.example", False) is authority.context("a.example", False)
    assert authority.context("a.example", False) is not authority.context("b.example", False)


def test_the_longest_name_wins() -> None:
    found = Routes({"*.example": Route("far", 1), "*.b.example": Route("near", 2), "x.b.example": Route("exact", 3)})
    hosts = ("x.b.example", "y.b.example", "a.y.b.example.", "c.example", "example", "b.example")
    names = [route.cloud if (route := found.find(host)) else None for host in hosts]
    assert names == ["exact", "near", "near", "far", None, "far"]


def test_only_the_hosts_that_speak_grpc_have_a_grpc_port() -> None:
    cloud = Cloud("c", ("a.example", "b.example"), "c", "", "", lambda state: {}, grpc_hosts=("b.example",))
    found = routes([cloud], {"c": 1}, {"c": 2})
    assert found.find("a.example") == Route("c", 1) and found.find("b.example") == Route("c", 1, 2)


def test_a_head_says_where_to_go() -> None:
    assert head.parse(b"CONNECT a.example:443 HTTP/1.0\r\n\r\n") == head.Head(True, "a.example", 443)
    plain = head.parse(b"GET http://user:pw@a.example:81/x?y HTTP/1.1\r\n\r\n")
    assert plain == head.Head(False, "a.example", 81, "https://a.example/x?y")


def test_a_plain_request_is_passed_on_as_a_server_takes_it() -> None:
    received = b"POST http://a.example?x HTTP/1.1\r\nHost: b\r\nProxy-Authorization: c\r\nA: d\r\n\r\nbody"
    ours = b"A: d\r\nHost: a.example\r\nX-Forwarded-Proto: http\r\nConnection: close\r\n\r\nbody"
    assert head.forwarded(received) == b"POST /?x HTTP/1.1\r\n" + ours
