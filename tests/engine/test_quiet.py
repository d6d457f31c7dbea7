"""What gRPC's C core has to say of connections that end is not among what the user reads."""

import os
import subprocess
import sys

import pytest

LOSES_CONNECTIONS = """
import threading
from concurrent import futures

import grpc


class Waits(grpc.GenericRpcHandler):
    def __init__(self):
        self.asked = threading.Event()

    def service(self, details):
        def answer(request, context):
            self.asked.set()
            threading.Event().wait(0.1)
            return b""

        return grpc.unary_unary_rpc_method_handler(answer)


for _ in range(10):
    waits = Waits()
    server = grpc.server(futures.ThreadPoolExecutor(1), handlers=[waits])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary("/any/method").future(b"")
        waits.asked.wait()
        server.stop(None).wait()
        call.code()
"""


@pytest.mark.parametrize(("first", "told"), [("", True), ("import trifold.engine\n", False)])
def test_what_grpc_tells_of_ended_connections(first: str, told: bool) -> None:
    """It does, and with the engine loaded it does not."""
    environment = {name: value for name, value in os.environ.items() if name != "GRPC_VERBOSITY"}
    command = [sys.executable, "-c", first + LOSES_CONNECTIONS]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert ("GOAWAY" in ended.stderr) == told, ended.stderr
