"""One supervisor: what starts with it ends with it, however it ends."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.local.core.conftest import IMAGE, Checkout, eventually
from trifold.errors import UserError
from trifold.local import daemon, record, supervisor


def ask(checkout: Checkout, method: str, address: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["curl", "-sS", "-X", method, address], env=checkout.client(), capture_output=True, text=True, timeout=30
    )


def all_gone(pids: list[int]) -> bool:
    return not any(record.is_running(pid) for pid in pids)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_stop_leaves_no_process_and_no_port(checkout: Checkout) -> None:
    checkout.ok("start")
    ask(checkout, "PUT", f"https://api.tiny.example/servers/one?image={IMAGE}")
    running, pids = checkout.running(), checkout.pids()
    ports = [running.door, *(port for child in running.children for port in child.ports)]
    assert len(pids) == 7 and all(record.is_running(pid) for pid in pids)
    assert all(is_open(port) for port in ports)
    assert "stopped" in checkout.ok("stop")
    assert all_gone(pids)
    assert not any(is_open(port) for port in ports)
    assert "the account is closed" in checkout.layout.log("tiny-api").read_text()
    assert "not running" in checkout.ok("stop")


def test_a_second_start_says_so_and_changes_nothing(started: Checkout) -> None:
    before = started.running()
    assert "already up" in started.ok("start")
    assert started.running() == before


def test_two_starts_at_once_are_one(checkout: Checkout) -> None:
    starts = [checkout.popen("start") for _ in range(3)]
    outputs = [start.communicate(timeout=60) for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0], outputs
    doors = {out.split("door ")[1].split(";")[0] for out, _ in outputs}
    assert len(doors) == 1


def test_two_checkouts_run_side_by_side(checkout: Checkout, started: Checkout) -> None:
    checkout.ok("start")
    one, other = ask(checkout, "GET", "https://other.example/"), ask(started, "GET", "https://other.example/")
    assert json.loads(one.stdout)["proxy"] != json.loads(other.stdout)["proxy"]


def test_all_children_end_with_a_killed_supervisor_and_a_new_start_works(checkout: Checkout) -> None:
    checkout.ok("start")
    ask(checkout, "PUT", f"https://api.tiny.example/servers/one?image={IMAGE}")
    pids = checkout.pids()
    os.kill(checkout.running().pid, signal.SIGKILL)
    eventually(lambda: all_gone(pids))
    assert checkout.local("status").returncode == 1
    assert "up in" in checkout.ok("start")
    assert not set(pids) & set(checkout.pids())


def test_stop_after_a_kill_of_the_supervisor(checkout: Checkout) -> None:
    checkout.ok("start")
    pids = checkout.pids()
    os.kill(checkout.running().pid, signal.SIGKILL)
    checkout.ok("stop")
    assert all_gone(pids)


def test_stop_ends_a_supervisor_that_hangs(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.ok("start")
    pids = checkout.pids()
    os.kill(checkout.running().pid, signal.SIGSTOP)
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 1.0)
    assert supervisor.stop(checkout.state)
    assert all_gone(pids)


def test_it_ends_with_an_owner_that_was_named(checkout: Checkout) -> None:
    script = (
        "import os, pathlib, signal; from trifold.local import supervisor; "
        f"supervisor.ensure(pathlib.Path({str(checkout.state)!r}), owner=os.getpid()); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run([sys.executable, "-c", script], env=checkout.environment(), timeout=60)
    assert ended.returncode == -signal.SIGKILL
    pids = checkout.pids()
    eventually(lambda: all_gone(pids))


def test_it_survives_the_terminal(checkout: Checkout) -> None:
    script = "import pty, sys; pty.spawn([sys.executable, '-m', 'trifold.cli.main', 'local', 'start'])"
    subprocess.run([sys.executable, "-c", script], env=checkout.environment(), check=True, timeout=60,
                   stdin=subprocess.DEVNULL, capture_output=True)  # fmt: skip
    assert "already up" in checkout.ok("start")


def test_a_crashed_child_is_reported_with_its_log(checkout: Checkout) -> None:
    checkout.ok("start")
    ask(checkout, "GET", "https://api.tiny.example/crash")
    eventually(lambda: checkout.running().crashed())
    status = checkout.local("status")
    assert status.returncode == 1
    assert "ended, status 7" in status.stdout and str(checkout.layout.log("tiny-api")) in status.stdout
    assert "about to crash" in checkout.ok("logs", "tiny-api")
    start = checkout.local("start")
    assert start.returncode == 1 and "tiny-api ended with status 7" in start.stderr and "local reset" in start.stderr
    gone = ask(checkout, "GET", "https://api.tiny.example/")
    assert "the local tiny does not answer" in gone.stdout
    assert "up again" in checkout.ok("reset")
    assert json.loads(ask(checkout, "GET", "https://api.tiny.example/").stdout)["empty"]


def test_a_provider_that_ends_is_replaced_at_its_address(checkout: Checkout) -> None:
    checkout.ok("start")
    (before,) = (child for child in checkout.running().children if child.name == "tiny-provider")
    os.kill(before.pid, signal.SIGKILL)
    (after,) = eventually(
        lambda: [child for child in checkout.running().children if child.name == "tiny-provider" and child.restarts]
    )
    assert after.ports == before.ports and after.pid != before.pid
    eventually(lambda: is_open(after.ports[0]))
    assert "running, restarted 1 times" in checkout.ok("status")
    assert "already up" in checkout.ok("start")


def test_a_cloud_that_cannot_start_says_why(checkout: Checkout) -> None:
    start = checkout.local("start", TINY_BROKEN="1")
    assert start.returncode == 1
    assert "tiny-api ended with status" in start.stderr and "the small cloud is broken" in start.stderr
    assert not supervisor.status(checkout.state).running


def test_some_clouds_alone(checkout: Checkout) -> None:
    checkout.ok("start", "other")
    assert checkout.running().clouds == ("other",)
    missing = checkout.local("start", "tiny")
    assert missing.returncode == 1 and "run without tiny" in missing.stderr
    unknown = Checkout(checkout.state.with_name("unknown")).local("start", "nowhere")
    assert unknown.returncode == 1 and "no local cloud 'nowhere'" in unknown.stderr


def test_status_names_model_servers_and_identity_follows_them(checkout: Checkout) -> None:
    checkout.ok("start")
    before = supervisor.identity(checkout.state)
    ask(checkout, "PUT", f"https://api.tiny.example/servers/one?image={IMAGE}")
    status = json.loads(checkout.ok("status", "--json"))
    (server,) = status["servers"]
    assert (server["name"], server["cloud"], server["labels"]) == ("one", "tiny", {"endpoint": "e1"})
    table = checkout.ok("status")
    assert "one" in table and "endpoint=e1" in table and str(server["pid"]) in table and server["log"] in table
    served = supervisor.identity(checkout.state)
    os.kill(server["pid"], signal.SIGKILL)
    eventually(lambda: supervisor.identity(checkout.state) == before)
    checkout.ok("reset")
    assert supervisor.identity(checkout.state) not in (before, served)


def test_a_restart_is_a_fresh_account_at_the_same_addresses(checkout: Checkout) -> None:
    checkout.ok("start")
    before, certificate = checkout.running(), checkout.layout.certificate.read_bytes()
    (checkout.layout.run("tiny") / "kept.txt").write_text("old")
    (checkout.layout.backend / "stack.json").write_text("{}")
    checkout.ok("stop")
    checkout.ok("start")
    after = checkout.running()
    assert after.run != before.run and after.door == before.door and after.plugins == before.plugins
    assert checkout.layout.certificate.read_bytes() == certificate
    assert not any(checkout.layout.run("tiny").iterdir()) and not any(checkout.layout.backend.iterdir())
    (aside,) = checkout.state.glob("backend.*")
    assert (aside / "stack.json").exists()
    assert (checkout.layout.previous_logs / "tiny-api.log").exists()


def test_the_last_few_backends_are_kept(tmp_path: Path) -> None:
    backend = tmp_path / "backend"
    for number in range(6):
        daemon.set_backend_aside(backend)
        (backend / "stack.json").write_text(str(number))
    daemon.set_backend_aside(backend)
    kept = sorted(tmp_path.glob("backend.*"))
    assert [(folder / "stack.json").read_text() for folder in kept] == ["3", "4", "5"]


def test_the_processes_hold_no_real_credentials(started: Checkout) -> None:
    answer = json.loads(ask(started, "GET", "https://api.tiny.example/").stdout)
    assert answer["credentials"] == []
    assert "REAL" not in "".join(Path(f"/proc/{pid}/environ").read_text() for pid in started.pids())


def test_what_does_not_run_is_said_with_the_next_command(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"not running\n  next:  trifold local start"):
        supervisor.environment(tmp_path)
    assert supervisor.identity(tmp_path) == "not running"
    assert supervisor.stop(tmp_path) is False


def told_of(started: Checkout, follower: Any) -> bool:
    """Whether who follows the log hears of a request; what came before it began, it does not."""
    assert ask(started, "GET", "https://api.tiny.example/followed").returncode == 0
    readable, _, _ = select.select([follower.stdout], [], [], 0.5)
    return bool(readable) and "/followed 404" in follower.stdout.readline()


def test_logs_by_name_and_followed(started: Checkout) -> None:
    assert "==> tiny-api" in started.ok("logs") and "==> other-provider" in started.ok("logs")
    assert "==> tiny-api" in started.ok("logs", "tiny") and "==> other-api" not in started.ok("logs", "tiny")
    assert "tiny-api" in started.local("logs", "nothing").stderr
    follower = started.popen("logs", "tiny-api", "-f", "-n", "0")
    try:
        eventually(lambda: told_of(started, follower))
    finally:
        follower.kill()
        follower.communicate()
