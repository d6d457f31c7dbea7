"""Calls functions that live in the program: transforms and hooks."""

import threading
from collections.abc import Callable
from typing import Any

import grpc

from trifold.engine import proto
from trifold.engine.answers import ProviderError

OPTIONS = [*proto.MESSAGE_OPTIONS, ("grpc.enable_http_proxy", 0)]


class Callbacks:
    """Connections to the program's callback servers, one an address."""

    def __init__(self) -> None:
        self._stubs: dict[str, Any] = {}
        self._channels: list[Any] = []
        self._lock = threading.Lock()

    def function(self, callback: Any) -> Callable[[bytes], bytes]:
        """The function that a Callback message names. Raises ProviderError when a call of it fails."""
        stub, token = self._stub(callback.target), callback.token

        def call(request: bytes) -> bytes:
            try:
                return stub.Invoke(proto.callback.CallbackInvokeRequest(token=token, request=request)).response
            except grpc.RpcError as error:
                raise ProviderError(error.details() or str(error.code())) from error

        return call

    def _stub(self, target: str) -> Any:
        if not target:
            raise ValueError("a callback must have a target")
        with self._lock:
            if target not in self._stubs:
                channel = grpc.insecure_channel(target, options=OPTIONS)
                self._channels.append(channel)
                self._stubs[target] = proto.callback_rpc.CallbacksStub(channel)
            return self._stubs[target]

    def close(self) -> None:
        with self._lock:
            for channel in self._channels:
                channel.close()
