"""The server as a process: ready, metrics, JSON log, many connections, drain on SIGTERM, reasons of a failed start."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serving import packages
from trifold.package import load

BODY = json.dumps({"instances": [packages.ROW]}).encode()


class Process:
    """A server on a port that it chose itself, and its log."""

    def __init__(self, package: Path, folder: Path, **environment: str) -> None:
        self.log = folder / "server.log"
        base = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
        settings = {"SM_MODEL_DIR": str(package), "TRIFOLD_PORT": "0", "TRIFOLD_WORKSPACE": str(folder / "work")}
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "trifold.serving", "serve"], env={**base, **settings, **environment}, stderr=out
            )

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]

    def wait_for(self, event: str) -> dict[str, Any]:
        """The first log line of this event, once it is there."""
        deadline, ended = time.monotonic() + 60, False
        while time.monotonic() < deadline and not ended:
            ended = self.process.poll() is not None  # asked before the log is read for the last time
            if found := [line for line in self.events() if line["event"] == event]:
                return found[0]
            time.sleep(0.02)
        raise AssertionError(f"no '{event}' in the log:\n{self.log.read_text()}")

    @property
    def port(self) -> int:
        return int(self.wait_for("serving")["port"])

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    started: list[Process] = []

    def run(package: Path, **environment: str) -> Process:
        started.append(Process(package, tmp_path, **environment))
        return started[-1]

    yield run
    for one in started:
        one.process.kill()
        one.process.wait(10)


def test_it_says_what_it_serves_and_answers(start: Any, records: Path) -> None:
    server = start(records)
    assert server.wait_for("serving")["digest"] == load(records).digest
    assert server.ask("GET", "/ping")[0] == 200
    status, body = server.ask("POST", "/invocations", BODY)
    assert status == 200
    assert json.loads(body)["predictions"][0]["late"] == pytest.approx(packages.late(packages.ROW), abs=1e-6)


def test_metrics_count_what_came(start: Any, records: Path) -> None:
    server = start(records)
    for body in (BODY, BODY, b"{}"):
        server.ask("POST", "/invocations", body)
    page = server.ask("GET", "/metrics")[1].decode().splitlines()
    assert 'trifold_requests_total{code="200"} 2' in page
    assert 'trifold_requests_total{code="400"} 1' in page
    assert 'trifold_refused_total{reason="invalid_request"} 1' in page
    assert "trifold_request_seconds_count 3" in page
    assert "trifold_rows_total 2" in page
    digest = load(records).digest
    assert f'trifold_model_info{{name="records",digest="{digest}",platform="sagemaker"}} 1' in page
    for line in page:
        assert line.startswith("#") or float(line.rpartition(" ")[2]) >= 0


def test_the_log_has_the_callers_request_id_and_none_of_the_values(start: Any, records: Path) -> None:
    server = start(records, TRIFOLD_ACCESS_LOG="1")
    wrong = json.dumps({"instances": [{**packages.ROW, "carrier": "secret", "hour": 99}]}).encode()
    server.ask("POST", "/invocations", BODY, **{"X-Request-Id": "abc-1"})
    server.ask("POST", "/invocations", wrong, **{"X-Request-Id": "abc-2"})
    refused = server.wait_for("refused")
    assert (refused["request_id"], refused["at"]) == ("abc-2", ["instances[0].hour"])
    answered = server.wait_for("request")
    assert (answered["request_id"], answered["status"], answered["rows"]) == ("abc-1", 200, 1)
    assert "secret" not in server.log.read_text()


def test_many_connections_get_their_own_answers(start: Any, records: Path) -> None:
    server = start(records)
    port, wrong = server.port, []

    def client(number: int) -> None:
        row = {**packages.ROW, "distance": number}
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            for _ in range(20):
                connection.request("POST", "/invocations", json.dumps({"instances": [row]}))
                found = json.loads(connection.getresponse().read())["predictions"][0]["late"]
                if abs(found - packages.late(row)) > 1e-6:
                    wrong.append((number, found))

    threads = [threading.Thread(target=client, args=(100 * number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert b"trifold_rows_total 320" in server.ask("GET", "/metrics")[1]


def test_sigterm_answers_what_has_come_and_ends_with_zero(start: Any, records: Path) -> None:
    server = start(records)
    head = b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as half:
        half.sendall(head % len(BODY) + BODY[:10])
        while b"trifold_requests_in_flight 2" not in server.ask("GET", "/metrics")[1]:
            time.sleep(0.01)  # the half request is there
        server.process.send_signal(signal.SIGTERM)
        server.wait_for("draining")
        half.sendall(BODY[10:])
        assert half.recv(65536).startswith(b"HTTP/1.1 200 OK")
    assert server.process.wait(30) == 0
    assert server.wait_for("ended")["requests"] == 1


def test_garbage_on_the_wire_does_not_end_it(start: Any, records: Path) -> None:
    server = start(records)
    for garbage in (
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /invocations HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as raw:
            raw.sendall(garbage)
            assert raw.recv(100).startswith(b"HTTP/1.1 400")
    assert server.ask("POST", "/invocations", BODY)[0] == 200


def test_the_sender_of_a_large_body_gets_to_read_why(start: Any, records: Path) -> None:
    server = start(records)
    for size in (1_500_001, 20_000_000):
        status, body = server.ask("POST", "/invocations", b" " * size)
        assert (status, json.loads(body)["error"]["code"]) == (413, "body_too_large")
    assert server.ask("POST", "/invocations", BODY)[0] == 200


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"SM_MODEL_DIR": "nowhere"}, "no package here: neither manifest.json nor model.tar.gz, but nothing"),
        ({"TRIFOLD_PORT": "none"}, "TRIFOLD_PORT must be an integer from 0 to 65535, not 'none'"),
        ({"AZUREML_MODEL_DIR": "nowhere"}, "no package here"),
        ({"AIP_HTTP_PORT": "8080"}, "AIP_STORAGE_URI is not set"),
    ],
)
def test_a_failed_start_ends_with_one_and_the_reason(
    start: Any, records: Path, environment: dict[str, str], reason: str
) -> None:
    server = start(records, **environment)
    assert server.process.wait(60) == 1
    last = server.events()[-1]
    assert (last["level"], last["event"]) == ("fatal", "not started")
    assert last["reason"].startswith(reason)


def test_a_port_that_is_taken_is_named(start: Any, records: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = start(records, TRIFOLD_PORT=str(taken.getsockname()[1]))
        assert server.process.wait(60) == 1
    assert server.events()[-1]["reason"].startswith("cannot listen on 127.0.0.1:")
