"""One provider over one connection: Pulumi's ResourceProvider calls in terms of property maps.

A provider is configured once, in the background; each call waits for that. Where its inputs are not known yet (a
preview that would make something they depend on), it is not configured, and its resources are unknown.
"""

from collections.abc import Sequence
from typing import Any

import grpc

from trifold.engine import go_json, proto
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
from trifold.engine.connection import Connection
from trifold.engine.properties import Properties, annotate_secrets, unwrap
from trifold.engine.wire import Form, restore_assets
from trifold.protocol.values import UNKNOWN_TEXT, OutputValue, Secret, has_secret, has_unknown, to_wire

PLAIN = Form(unknowns=True, secrets=False, references=False)


class Plugin(Connection):
    """A provider over its connection; `close` ends it."""

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
        self._configured.set_running_or_notify_cancel()
        self._stub.Configure.future(request).add_done_callback(self._after_configure)

    def _after_configure(self, call: Any) -> None:
        try:
            answer = call.result()
            self._accepts = self._accepts or Accepts(
                answer.acceptSecrets, answer.acceptResources, answer.supportsPreview
            )
            self._configured.set_result(True)
        except grpc.RpcError as error:
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
    """A value as text, JSON where it is none."""
    plain = unwrap(value)
    if isinstance(plain, str):
        return plain
    return go_json.dumps(to_wire(plain))


def _is_secret(value: Any) -> bool:
    return isinstance(value, Secret) or (isinstance(value, OutputValue) and value.secret)


UNKNOWN_ID = UNKNOWN_TEXT
