"""Runs the kit's own provider as Pulumi runs plugins: the engine's address is an argument, the port goes to standard
output, and the process ends when the engine does."""

import gc
import importlib
import os
import signal
import socket
import sys
import threading

from trifold.plugin.registry import create
from trifold.protocol.provider import serve

CHECK_SECONDS = 2.0


def main(arguments: list[str] | None = None) -> None:
    """Serve until the engine is gone or a signal comes. Without an address (a debugger's attach), until a signal."""
    given = sys.argv[1:] if arguments is None else arguments
    addresses = [argument for argument in given if not argument.startswith("-")]
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    server, port = serve(create())
    print(port, flush=True)
    # What the first answer takes; whoever asks is busy with imports of its own.
    importlib.import_module("trifold.protocol.check")
    if addresses:
        _wait_for_the_end_of(addresses[-1], ended)
    else:
        ended.wait()
    server.stop(grace=5).wait()
    gc.freeze()  # or the interpreter looks through all that the vendors' SDKs hold before it ends


def _wait_for_the_end_of(engine: str, ended: threading.Event) -> None:
    """Return when the engine no longer listens, or is no longer the parent: it may end without a word."""
    parent = os.getppid()
    while not ended.wait(CHECK_SECONDS) and os.getppid() == parent and _listens(engine):
        pass


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=CHECK_SECONDS).close()
    except ConnectionRefusedError:
        return False
    except OSError:
        return True  # busy, not gone
    return True


if __name__ == "__main__":
    main()
