"""One provider over one connection: Pulumi's ResourceProvider calls in terms of property maps.

A provider is configured once, in the background; each call waits for that. Where its inputs are not known yet (a
preview that would make something they depend on), it is not configured, and its resources are unknown.
"""

import contextlib
import json
import re
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

import grpc

from trifold.engine import proto
from trifold.engine import urn as urns
from trifold.engine.answers import (
    Accepts,
    AnswerLost,
    Difference,
    DiffUnavailable,
    Found,
    PartialFailure,
    ProviderError,
    Unimplemented,
)
from trifold.engine.properties import Properties, annotate_secrets, unwrap
from trifold.engine.wire import Form, received, restore_assets
from trifold.protocol.values import UNKNOWN_TEXT, OutputValue, Secret, has_secret, has_unknown, to_wire

OPTIONS = [*proto.MESSAGE_OPTIONS, ("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0)]
PLAIN = Form(unknowns=True, secrets=False, references=False)
# Seconds that a provider has to answer Cancel: it may be the very one that hangs.
CANCEL_GRACE = 5.0
# What the other side may have done, although the call ended so.
UNTOLD = (grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED)
NOT_A_MESSAGE = "Exception deserializing response!"  # grpc's own words


class Plugin:
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
        if self._configured.running() or not self._configured.done():
            self._configured.cancel()
        with contextlib.suppress(grpc.RpcError, ValueError):  # it is gone already, or knows no Cancel
            self.cancel().result()
        self.abandon()

    def abandon(self) -> None:
        """Let go of it, and of its answers to what it still does."""
        self._closed = True
        self._channel.close()

    # ---- the provider itself -----------------------------------------------------------------------------------

    def check_config(self, urn: str, olds: Properties, news: Properties) -> tuple[Properties, list[tuple[str, str]]]:
        """The provider's inputs as it wants them, and what is wrong with them."""
        request = proto.provider.CheckRequest(**_about(urn), olds=PLAIN(olds), news=PLAIN(news))
        try:
            answer = self._call("CheckConfig", request)
        except Unimplemented:
            return dict(news), []
        inputs = self._received("CheckConfig", answer.inputs, unknowns=True) if answer.HasField("inputs") else {}
        annotate_secrets(inputs, news)
        return inputs, _failures(answer.failures)

    def diff_config(
        self,
        urn: str,
        old_inputs: Properties,
        old_outputs: Properties,
        news: Properties,
        ignore_changes: Sequence[str] = (),
    ) -> Difference:
        request = proto.provider.DiffRequest(
            **_about(urn),
            old_inputs=PLAIN(old_inputs),
            olds=PLAIN(old_outputs),
            news=PLAIN(news),
            ignoreChanges=ignore_changes,
        )
        try:
            return _difference(self._call("DiffConfig", request))
        except Unimplemented:
            return Difference("unknown")

    def configure(self, urn: str, id: str, inputs: Properties) -> None:
        """Begin to configure it."""
        if any(has_unknown(value) for key, value in inputs.items() if key != "version"):
            self._accepts = self._accepts or Accepts()
            self._configured.set_result(False)
            return
        package = urns.package_of(urns.type_of(urn))
        variables = {f"{package}:config:{key}": _text(value) for key, value in inputs.items() if key != "version"}
        request = proto.provider.ConfigureRequest(
            urn=urn,
            name=urns.name(urn),
            type=urns.type_of(urn),
            id=id,
            acceptSecrets=True,
            acceptResources=True,
            sends_old_inputs=True,
            sends_old_inputs_to_delete=True,
            variables=variables,
            args=Form(unknowns=True)(inputs),
        )
        self._stub.Configure.future(request).add_done_callback(self._after_configure)

    def _after_configure(self, call: Any) -> None:
        try:
            answer = call.result()
            self._accepts = self._accepts or Accepts(
                answer.acceptSecrets, answer.acceptResources, answer.supportsPreview
            )
            if not self._configured.cancelled():
                self._configured.set_result(True)
        except grpc.RpcError as error:
            if not self._configured.cancelled():
                self._configured.set_exception(ProviderError(str(self._failure(error, "Configure"))))
        except (grpc.FutureCancelledError, RuntimeError) as error:
            self._configured.set_exception(ProviderError(f"Configure was interrupted: {error}"))

    # ---- its resources -----------------------------------------------------------------------------------------

    def check(
        self, urn: str, olds: Properties, news: Properties, seed: bytes, *, preview: bool
    ) -> tuple[Properties, list[tuple[str, str]]]:
        """The inputs with the provider's defaults, and what is wrong with them as (property, reason)."""
        if not self.known():
            return dict(news), []
        form = self._form(unknowns=preview)
        request = proto.provider.CheckRequest(**_about(urn), olds=form(olds), news=form(news), randomSeed=seed)
        answer = self._call("Check", request)
        inputs = self._received("Check", answer.inputs, unknowns=preview) if answer.HasField("inputs") else {}
        if not form.secrets:
            annotate_secrets(inputs, news)
        return inputs, _failures(answer.failures)

    def diff(
        self,
        urn: str,
        id: str,
        old_inputs: Properties,
        old_outputs: Properties,
        news: Properties,
        ignore_changes: list[str],
        *,
        preview: bool,
    ) -> Difference:
        if not self.known():
            raise DiffUnavailable(
                "The provider for this resource has inputs that are not known during preview.\n"
                "This preview may not correctly represent the changes that will be applied during an update."
            )
        form = self._form(unknowns=preview, asset_contents=False)
        request = proto.provider.DiffRequest(
            **_about(urn),
            id=id,
            old_inputs=form(old_inputs),
            olds=form(old_outputs),
            news=form(news),
            ignoreChanges=ignore_changes,
        )
        return _difference(self._call("Diff", request))

    def create(self, urn: str, inputs: Properties, timeout: float, *, preview: bool) -> Found:
        if not self.known() and preview:
            return Found("", {})
        accepts = self._accepts or Accepts()
        if preview and not accepts.preview:
            return Found("", inputs)
        request = proto.provider.CreateRequest(
            **_about(urn), properties=self._form(unknowns=preview)(inputs), timeout=timeout, preview=preview
        )
        answer = self._call("Create", request)
        if not answer.id and not preview:
            raise AnswerLost(f"plugin returned empty resource.ID from create '{urn}'")
        outputs = self._outputs("Create", answer, inputs, preview)
        return Found(answer.id, outputs, refresh_before_update=answer.refresh_before_update)

    def _outputs(self, method: str, answer: Any, inputs: Properties, preview: bool) -> Properties:
        outputs = self._received(method, answer.properties, unknowns=preview, id=getattr(answer, "id", ""))
        if not (self._accepts or Accepts()).secrets:
            annotate_secrets(outputs, inputs)
        return outputs

    def read(self, urn: str, id: str, inputs: Properties | None, state: Properties | None, timeout: float) -> Found:
        """What there is now. `missing` if there is none; without an id, the one these inputs would have made."""
        if not self.known():
            return Found("", {}, {})
        form = self._form(asset_contents=False)
        request = proto.provider.ReadRequest(**_about(urn), id=id, timeout=timeout)
        if state is not None:
            request.properties.CopyFrom(form(state))
        if inputs is not None:
            request.inputs.CopyFrom(form(inputs))
        try:
            answer = self._call("Read", request)
        except PartialFailure as failure:
            failure.outputs = restore_assets(inputs or {}, failure.outputs)
            raise
        found = self._received("Read", answer.inputs, unknowns=False) if answer.HasField("inputs") else None
        outputs = self._received("Read", answer.properties, unknowns=False)
        if not form.secrets:
            annotate_secrets(found, inputs)
            annotate_secrets(outputs, state)
        return Found(
            answer.id,
            restore_assets(inputs or {}, outputs),
            None if found is None else restore_assets(inputs or {}, found),
            answer.refresh_before_update,
            missing=not answer.HasField("properties"),
        )

    def update(
        self,
        urn: str,
        id: str,
        old_inputs: Properties,
        old_outputs: Properties,
        news: Properties,
        timeout: float,
        ignore_changes: list[str],
        *,
        preview: bool,
    ) -> Found:
        if not self.known() and preview:
            return Found(id, {})
        if preview and not (self._accepts or Accepts()).preview:
            return Found(id, news)
        old = self._form(unknowns=preview, asset_contents=False)
        request = proto.provider.UpdateRequest(
            **_about(urn),
            id=id,
            olds=old(old_outputs),
            old_inputs=old(old_inputs),
            news=self._form(unknowns=preview)(news),
            timeout=timeout,
            ignoreChanges=ignore_changes,
            preview=preview,
        )
        answer = self._call("Update", request)
        outputs = self._outputs("Update", answer, news, preview)
        return Found(id, outputs, refresh_before_update=answer.refresh_before_update)

    def delete(self, urn: str, id: str, inputs: Properties, outputs: Properties, timeout: float) -> None:
        self.known()
        form = self._form(asset_contents=False)
        request = proto.provider.DeleteRequest(
            **_about(urn), id=id, properties=form(outputs), old_inputs=form(inputs), timeout=timeout
        )
        self._call("Delete", request)

    def invoke(self, token: str, args: Properties, *, preview: bool) -> tuple[Properties, list[tuple[str, str]]]:
        """A function's result, and what is wrong with its arguments."""
        if not self.known():
            return {}, []
        form = self._form()
        request = proto.provider.InvokeRequest(tok=token, args=form(args), preview=preview)
        answer = self._call("Invoke", request)
        result = self._received("Invoke", getattr(answer, "return"), unknowns=False)
        if has_secret(args) and not form.secrets:
            result = {key: value if _is_secret(value) else Secret(value) for key, value in result.items()}
        return result, _failures(answer.failures)


def _about(urn: str) -> dict[str, str]:
    return {"urn": urn, "name": urns.name(urn), "type": urns.type_of(urn)}


def _failures(found: Any) -> list[tuple[str, str]]:
    return [(failure.property, failure.reason) for failure in found]


def _difference(answer: Any) -> Difference:
    kinds = proto.provider.PropertyDiff.Kind
    detailed = None
    if answer.hasDetailedDiff:
        detailed = {path: (kinds.Name(one.kind), one.inputDiff) for path, one in answer.detailedDiff.items()}
    changes = {1: "none", 2: "some"}.get(answer.changes, "unknown")
    return Difference(
        changes,
        list(answer.replaces),
        list(answer.diffs),
        list(answer.stables),
        detailed,
        answer.deleteBeforeReplace,
    )


def _text(value: Any) -> str:
    """A value as text: JSON as Go writes it, keys sorted and HTML's characters escaped."""
    plain = unwrap(value)
    if isinstance(plain, str):
        return plain
    text = json.dumps(to_wire(plain), separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _is_secret(value: Any) -> bool:
    return isinstance(value, Secret) or (isinstance(value, OutputValue) and value.secret)


UNKNOWN_ID = UNKNOWN_TEXT
