"""The process that programs are forked from: one for each test process, started at the first run, ended with it."""

import atexit
import importlib.util
import os
import sys
import threading
from typing import Final

from trifold.engine.fork_server import ForkServer

# Imported once, in the process that is forked: all that a program needs, and what the test file around it imports.
MODULES: Final = (
    *("pulumi", "pulumi.runtime", "dill", "yaml", "trifold.engine.run_program", "trifold.testing.hosted"),
    *("_pytest.assertion.rewrite", "pytest", "trifold.testing.stack", "grpc"),
)
# More modules that are to be imported beforehand (such as pulumi_aws, which takes seconds): ini option of that name.
PRELOAD: Final = "TRIFOLD_TESTING_PRELOAD"
_lock = threading.Lock()
_servers: dict[int, ForkServer] = {}


def address() -> str:
    """Where the server of this process listens; it is started if it does not run."""
    with _lock:
        mine = _servers.get(os.getpid())
        if mine is None or mine._process.poll() is not None:
            wished = os.environ.get(PRELOAD, "").split()
            mine = ForkServer([name for name in (*MODULES, *wished) if _is_there(name)])
            mine.__enter__()
            _servers[os.getpid()] = mine
            atexit.register(stop)
        return mine.address


def _is_there(name: str) -> bool:
    return name.partition(".")[0] in sys.modules or importlib.util.find_spec(name.partition(".")[0]) is not None


def stop() -> None:
    """End the server, if this process has one."""
    with _lock:
        mine = _servers.pop(os.getpid(), None)
    if mine is not None:
        mine.__exit__(None, None, None)
