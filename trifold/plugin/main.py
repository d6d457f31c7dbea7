"""Runs the kit's own provider as Pulumi runs plugins: the engine's address is an argument, the port goes to standard
output, and the process ends when the engine does."""

import os
import signal
import sys
import threading

import grpc

from trifold.plugin.registry import create
from trifold.protocol.connections import OPTIONS
from trifold.protocol.provider import serve

LOST = (grpc.ChannelConnectivity.TRANSIENT_FAILURE, grpc.ChannelConnectivity.SHUTDOWN)
PARENT_CHECK_SECONDS = 5.0


def main(arguments: list[str] | None = None) -> None:
    """Serve until the engine is gone or a signal comes. Without an address (a debugger's attach), until a signal."""
    given = sys.argv[1:] if arguments is None else arguments
    addresses = [argument for argument in given if not argument.startswith("-")]
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    server, port = serve(create())
    print(port, flush=True)
    watched = _watch(addresses[-1], ended) if addresses else None
    parent = os.getppid()
    # A parent that changed is the engine that died without closing its side.
    while not ended.wait(PARENT_CHECK_SECONDS):
        if addresses and os.getppid() != parent:
            break
    server.stop(grace=5).wait()
    if watched:
        watched.close()


def _watch(address: str, ended: threading.Event) -> grpc.Channel:
    """Hold a connection to the engine; that it breaks is the sign that the engine is gone."""
    channel = grpc.insecure_channel(address, options=OPTIONS)
    connected = threading.Event()

    def changed(state: grpc.ChannelConnectivity) -> None:
        if state is grpc.ChannelConnectivity.READY:
            connected.set()
        elif state in LOST and connected.is_set():
            ended.set()

    channel.subscribe(changed, try_to_connect=True)
    return channel


if __name__ == "__main__":
    main()
