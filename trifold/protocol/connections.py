"""What belongs to one connection of an engine: a configured session, and the engine to send log lines to.

An engine opens one connection for each provider resource, so the peer's address tells them apart.
"""

import sys
import threading
from collections import OrderedDict
from typing import Any

import grpc

from trifold.protocol.grpc_classes import engine, engine_rpc

MESSAGE_LIMIT = 400 * 1024 * 1024
OPTIONS = (
    ("grpc.max_receive_message_length", MESSAGE_LIMIT),
    ("grpc.max_send_message_length", MESSAGE_LIMIT),
    ("grpc.enable_http_proxy", 0),  # the engine is on loopback; never through a proxy of the environment
)
REMEMBERED = 256


class NotConfigured(Exception):
    """A call came over a connection that was never configured."""


class Sessions:
    """The sessions of the connections, newest last. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Any] = OrderedDict()

    def put(self, peer: str, session: Any) -> None:
        """Remember a connection's session; the oldest is forgotten beyond a bound."""
        with self._lock:
            self._held[peer] = session
            self._held.move_to_end(peer)
            while len(self._held) > REMEMBERED:
                self._held.popitem(last=False)

    def get(self, peer: str) -> Any:
        """The session of a connection. One that was dropped and dialled anew is told only where there is one choice."""
        with self._lock:
            if peer in self._held:
                return self._held[peer]
            if len(self._held) == 1:
                return next(iter(self._held.values()))
        raise NotConfigured("this provider connection was not configured")

    def drop(self, peer: str) -> None:
        """Forget a connection."""
        with self._lock:
            self._held.pop(peer, None)


class EngineLog:
    """Sends lines to the engine's own log, which shows them beside the resource."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stubs: dict[str, Any] = {}
        self._addresses: dict[str, str] = {}

    def attach(self, peer: str, address: str) -> None:
        """Remember where the engine of this connection listens."""
        if address:
            with self._lock:
                self._addresses[peer] = address

    def warn(self, peer: str, urn: str, message: str) -> None:
        """Show a warning; on standard error where there is no engine to take it."""
        stub = self._stub(peer)
        try:
            if stub is None:
                raise ConnectionError("no engine is attached")
            request = engine.LogRequest(severity=engine.WARNING, message=message, urn=urn)
            stub.Log(request, timeout=5)
        except (grpc.RpcError, ConnectionError):
            print(f"warning: {urn.rpartition('::')[2]}: {message}", file=sys.stderr)

    def drop(self, peer: str) -> None:
        """Forget a connection, and the channel to its engine if no other connection has it."""
        with self._lock:
            address = self._addresses.pop(peer, "")
            if address and address not in self._addresses.values() and address in self._stubs:
                self._stubs.pop(address).channel.close()

    def _stub(self, peer: str) -> Any:
        with self._lock:
            address = self._addresses.get(peer, "")
            if address and address not in self._stubs:
                channel = grpc.insecure_channel(address, options=OPTIONS)
                self._stubs[address] = engine_rpc.EngineStub(channel)
                self._stubs[address].channel = channel
            return self._stubs.get(address)
