"""A provider's connection: what goes over it, what becomes of it, and what its failures mean.

A call that ends without an answer may have been done all the same: AnswerLost keeps its operation open.
"""

import contextlib
from concurrent.futures import Future, wait
from typing import Any

import grpc

from trifold.engine import proto
from trifold.engine.answers import Accepts, AnswerLost, PartialFailure, ProviderError, Unimplemented
from trifold.engine.properties import Properties
from trifold.engine.wire import Form, received

OPTIONS = [*proto.MESSAGE_OPTIONS, ("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0)]
# Seconds that a provider has to end a Configure, and to answer Cancel: it may be the very one that hangs.
CANCEL_GRACE = 5.0
# What the other side may have done, although the call ended so.
UNTOLD = (grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED)
NOT_A_MESSAGE = "Exception deserializing response!"  # grpc's own words


class Connection:
    """A provider's connection. `close` ends it."""

    def __init__(self, address: str, attached: bool, engine_address: str) -> None:
        self._channel = grpc.insecure_channel(address, options=OPTIONS)
        self._stub = proto.provider_rpc.ResourceProviderStub(self._channel)
        self._accepts: Accepts | None = None
        self._configured: Future[bool] = Future()
        self._closed = False
        self._cancelling: Any = None
        self.address, self.attached = address, attached
        self.version = self._greet(engine_address)

    def _greet(self, engine_address: str) -> str:
        try:
            answer = self._call(
                "Handshake",
                proto.provider.ProviderHandshakeRequest(
                    engine_address=engine_address, configure_with_urn=True, invoke_with_preview=True
                ),
            )
            self._accepts = Accepts(answer.accept_secrets, answer.accept_resources, preview=True)
        except Unimplemented:
            pass
        if self.attached:
            self._quietly("Attach", proto.plugin.PluginAttach(address=engine_address))
        info = self._quietly("GetPluginInfo", proto.plugin_empty())
        return info.version if info else ""

    # ---- plumbing ----------------------------------------------------------------------------------------------

    def _call(self, method: str, request: Any) -> Any:
        try:
            return getattr(self._stub, method)(request, wait_for_ready=False)
        except grpc.RpcError as error:
            raise self._failure(error, method) from error

    def _quietly(self, method: str, request: Any) -> Any:
        try:
            return self._call(method, request)
        except Unimplemented:
            return None

    def _failure(self, error: Any, method: str) -> ProviderError:
        code, details = error.code(), error.details() or str(error.code())
        if self._closed:
            return AnswerLost("its answer was not waited for")
        if code == grpc.StatusCode.UNIMPLEMENTED:
            return Unimplemented(f"{method} is not implemented")
        if code == grpc.StatusCode.UNAVAILABLE:
            return AnswerLost(f"the provider at {self.address} cannot be reached ({method}): {details}{self._advice()}")
        if details == NOT_A_MESSAGE:
            return self._nonsense(method, "it is no message of Pulumi's protocol")
        if code in UNTOLD:
            return AnswerLost(details)
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                status = proto.status.Status.FromString(value)
                for detail in status.details:
                    if detail.Is(proto.provider.ErrorResourceInitFailed.DESCRIPTOR):
                        return self._partial(details, detail)
        return ProviderError(details)

    def _advice(self) -> str:
        return "\n  next:  start it again, then run the same command again" if self.attached else ""

    def _nonsense(self, method: str, why: str, id: str = "") -> AnswerLost:
        return AnswerLost(f"the provider's answer to {method} makes no sense: {why}", id)

    def _received(self, method: str, struct: Any, *, unknowns: bool, id: str = "") -> Properties:
        """The properties in an answer. Raises AnswerLost for what is no property map."""
        try:
            return received(struct, unknowns=unknowns)
        except ValueError as error:
            raise self._nonsense(method, str(error), id) from error

    def _partial(self, message: str, detail: Any) -> PartialFailure:
        found = proto.provider.ErrorResourceInitFailed()
        detail.Unpack(found)
        inputs = self._received("it", found.inputs, unknowns=False) if found.HasField("inputs") else None
        outputs = self._received("it", found.properties, unknowns=True, id=found.id)
        text = message + "".join(f"\n  * {reason}" for reason in found.reasons)
        return PartialFailure(text, found.id, outputs, inputs, list(found.reasons))

    def _form(self, *, unknowns: bool = False, asset_contents: bool = True) -> Form:
        accepts = self._accepts or Accepts()
        return Form(unknowns, accepts.secrets, accepts.references, asset_contents)

    def known(self) -> bool:
        """Wait until it is configured; False if it could not be. Raises ProviderError if Configure failed."""
        return self._configured.result()

    def cancel(self) -> Any:
        """Ask it to stop what it does, without waiting; the future of its answer."""
        # Kept: a call that nobody holds is called off.
        self._cancelling = self._stub.Cancel.future(proto.plugin_empty(), timeout=CANCEL_GRACE)
        return self._cancelling

    def close(self) -> None:
        if self._closed:
            return
        if self._configured.running():  # what was sent is to arrive before the run ends, not in the next one
            wait([self._configured], CANCEL_GRACE)
        self._configured.cancel()
        with contextlib.suppress(grpc.RpcError, ValueError):  # it is gone already, or knows no Cancel
            self.cancel().result()
        self.abandon()

    def abandon(self) -> None:
        """Let go of it, and of its answers to what it still does."""
        self._closed = True
        self._channel.close()

    # ---- the provider itself -----------------------------------------------------------------------------------
