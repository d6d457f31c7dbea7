"""A guarded command ends with its parent, the kernel's way and the portable way."""

import os
import signal
import subprocess
import sys

import pytest

from tests.local.core.conftest import CHECKOUT, eventually
from trifold.local import guard
from trifold.local.record import is_running

PARENT = """
import subprocess, sys, threading
from trifold.local import guard
child = "import os, threading; print(os.getpid(), flush=True); threading.Event().wait()"
subprocess.Popen(guard.command([sys.executable, "-c", child], {watching}), stdin=subprocess.PIPE)
threading.Event().wait()
"""


@pytest.mark.parametrize("watching", [False, True])
def test_it_ends_when_its_parent_is_killed(watching: bool) -> None:
    script = PARENT.format(watching=watching)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
        eventually(lambda: not is_running(child))


@pytest.mark.parametrize("watching", [False, True])
@pytest.mark.parametrize(("script", "status"), [("raise SystemExit(5)", 5), ("import os; os.kill(os.getpid(), 9)", -9)])
def test_its_exit_status_is_the_commands(watching: bool, script: str, status: int) -> None:
    with subprocess.Popen(guard.command([sys.executable, "-c", script], watching), stdin=subprocess.PIPE) as process:
        assert process.wait(30) == status


@pytest.mark.parametrize("watching", [False, True])
def test_a_signal_reaches_the_command(watching: bool) -> None:
    script = "import signal, sys; signal.signal(15, lambda *_: sys.exit(3)); print('up', flush=True); signal.pause()"
    command = guard.command([sys.executable, "-c", script], watching)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "up\n"
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(30) == 3
