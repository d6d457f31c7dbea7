"""A served provider, and clients that speak to it as an engine does: over a connection of their own."""

from collections.abc import Callable, Iterator
from concurrent import futures
from typing import Any

import grpc
import pytest
import shop
from google.protobuf import empty_pb2
from hypothesis import settings

from trifold.protocol.connections import OPTIONS
from trifold.protocol.grpc_classes import engine_rpc, provider, provider_rpc
from trifold.protocol.provider import serve
from trifold.protocol.values import encode

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


class Engine(engine_rpc.EngineServicer):
    """Takes what a provider logs."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def Log(self, request: Any, context: Any) -> Any:
        self.lines.append((request.urn, request.message))
        return empty_pb2.Empty()


@pytest.fixture
def engine() -> Iterator[Engine]:
    held = Engine()
    server = grpc.server(futures.ThreadPoolExecutor(2))
    engine_rpc.add_EngineServicer_to_server(held, server)
    held.server, held.address = server, f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield held
    server.stop(None)


@pytest.fixture
def connect() -> Iterator[Callable[..., Any]]:
    """connect(**provider inputs) -> a stub over a new connection, configured."""
    server, port = serve(shop.create(), version="1.0.0+test")
    channels = []

    def dial(engine: str = "", **inputs: Any) -> Any:
        options = (*OPTIONS, ("grpc.use_local_subchannel_pool", 1))
        channels.append(grpc.insecure_channel(f"127.0.0.1:{port}", options=options))
        stub = provider_rpc.ResourceProviderStub(channels[-1])
        stub.Handshake(provider.ProviderHandshakeRequest(engine_address=engine))
        stub.Configure(provider.ConfigureRequest(args=encode(inputs)))
        return stub

    yield dial
    for channel in channels:
        channel.close()
    server.stop(None)
