"""Serves Pulumi's Engine service: what programs and providers log."""

import threading
from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf import empty_pb2

from trifold.engine import proto

SEVERITIES = {0: "debug", 1: "info", 2: "warning", 3: "error"}
Tell = Callable[[str, str, str, int, bool], None]


class LoggingService(proto.engine_rpc.EngineServicer):
    """`tell(severity, urn, text, stream, ephemeral)` gets each message. `errors`: whether one was an error."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._root = ""
        self._lock = threading.Lock()
        self.errors = False

    def Log(self, request: Any, context: grpc.ServicerContext) -> Any:
        severity = SEVERITIES.get(request.severity, "info")
        self.errors = self.errors or severity == "error"
        self._tell(severity, request.urn, request.message, request.streamId, request.ephemeral)
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        with self._lock:
            return proto.engine.GetRootResourceResponse(urn=self._root)

    def SetRootResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        with self._lock:
            self._root = request.urn
        return proto.engine.SetRootResourceResponse()

    def StartDebugging(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def RequirePulumiVersion(self, request: Any, context: grpc.ServicerContext) -> Any:
        return proto.engine.RequirePulumiVersionResponse()
