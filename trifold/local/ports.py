"""Loopback ports: ours are bound early, so that nobody takes one between its choice and its use."""

import random
import socket
from collections.abc import Iterable

LOOPBACK = "127.0.0.1"
# Below the range from which the systems take ports for outgoing connections: those can't take one of ours.
CHOICE = range(20000, 32000)
BACKLOG = 1024


class NoPort(OSError):
    """No free port was found; something is very wrong with the machine."""


def listening(preferred: int = 0) -> socket.socket:
    """A listening socket, on the preferred port if that is free. It takes connections from now on."""
    for port in candidates(preferred):
        found = socket.socket()
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((LOOPBACK, port))
            found.listen(BACKLOG)
        except OSError:
            found.close()
            continue
        return found
    raise NoPort("no free loopback port")


def free(count: int, preferred: int = 0, taken: Iterable[int] = ()) -> tuple[int, ...]:
    """Ports for programs that open their own; never one of `taken`."""
    avoid = set(taken)
    found: list[int] = []
    for port in candidates(preferred):
        if len(found) == count:
            return tuple(found)
        if port not in avoid and is_free(port):
            found.append(port)
            avoid.add(port)
    raise NoPort("no free loopback port")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def candidates(preferred: int) -> list[int]:
    """The preferred port first, then enough others in no order."""
    others = random.sample(CHOICE, 500)
    return [preferred, *others] if preferred else others


def number(bound: socket.socket) -> int:
    return bound.getsockname()[1]
