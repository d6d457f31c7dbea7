"""Puts a DeclaredProvider on Pulumi's wire: the gRPC ResourceProvider service.

Secrets are unwrapped on the way in and wrapped again on the way out, unknowns answered by the base, and errors given
the shape the engine expects. One process serves any number of connections, each configured on its own.
"""

import functools
import traceback
from collections.abc import Callable
from concurrent import futures
from typing import Any

import grpc
from google.protobuf import any_pb2, empty_pb2, struct_pb2

from trifold.errors import UserError
from trifold.protocol import grpc_classes
from trifold.protocol.configuration import unpack
from trifold.protocol.connections import OPTIONS, EngineLog, NotConfigured, Sessions
from trifold.protocol.declaration import Failure, InvalidInputs, NotInitialized, Values
from trifold.protocol.diff import Difference
from trifold.protocol.naming import Request
from trifold.protocol.secrets import rewrap, wrap_outputs
from trifold.protocol.values import decode, encode, has_unknown, reveal

pb = grpc_classes.provider
AUTONAMING = {0: "propose", 1: "enforce", 2: "disable"}
THREADS = 64


def serve(provider: Any, port: int = 0, *, version: str = "", threads: int = THREADS) -> tuple[grpc.Server, int]:
    """Serve a DeclaredProvider on loopback; (server, port), already started. port 0: a free one.

    version: what GetPluginInfo answers, if not the provider's own (the local clouds add "+trifold.local").
    """
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=threads), options=(*OPTIONS, ("grpc.so_reuseport", 0)))
    grpc_classes.provider_rpc.add_ResourceProviderServicer_to_server(Servicer(provider, version), server)
    chosen = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server, chosen


def _answers(method: Callable) -> Callable:
    """Turns what a method raises into the gRPC error that the engine expects."""

    @functools.wraps(method)
    def call(self: "Servicer", request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request, context)
        except NotInitialized as error:
            context.set_trailing_metadata((("grpc-status-details-bin", _not_initialized(error, request)),))
            code, text = grpc.StatusCode.UNKNOWN, str(error)
        except InvalidInputs as error:
            code, text = grpc.StatusCode.INVALID_ARGUMENT, str(error)
        except NotConfigured as error:
            code, text = grpc.StatusCode.FAILED_PRECONDITION, str(error)
        except UserError as error:
            code, text = grpc.StatusCode.UNKNOWN, str(error)
        except Exception as error:
            traceback.print_exc()
            code, text = grpc.StatusCode.UNKNOWN, _text(error)
        context.abort(code, text)

    return call


class Servicer(grpc_classes.provider_rpc.ResourceProviderServicer):
    """The service. `provider` is a DeclaredProvider (or answers as one does)."""

    def __init__(self, provider: Any, version: str = "") -> None:
        self.provider, self.version = provider, version or provider.version
        self.sessions, self.log = Sessions(), EngineLog()

    # ---- the connection --------------------------------------------------------------------------------------

    def Handshake(self, request: Any, context: Any) -> Any:
        self.log.attach(context.peer(), request.engine_address)
        return pb.ProviderHandshakeResponse(accept_secrets=True, supports_autonaming_configuration=True)

    def Attach(self, request: Any, context: Any) -> Any:
        self.log.attach(context.peer(), request.address)
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return grpc_classes.plugin.PluginInfo(version=self.version)

    @_answers
    def GetSchema(self, request: Any, context: Any) -> Any:
        return pb.GetSchemaResponse(schema=self.provider.schema() or "{}")

    @_answers
    def CheckConfig(self, request: Any, context: Any) -> Any:
        failures = self.provider.check_config(unpack(self.provider.configuration, decode(request.news)))
        return pb.CheckResponse(inputs=request.news, failures=_failures(failures))

    @_answers
    def DiffConfig(self, request: Any, context: Any) -> Any:
        old, new = (unpack(self.provider.configuration, decode(one)) for one in (request.old_inputs, request.news))
        changed = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
        if not changed or not self.provider.configuration:
            return pb.DiffResponse(changes=pb.DiffResponse.DIFF_NONE)
        return pb.DiffResponse(changes=pb.DiffResponse.DIFF_SOME, diffs=changed)

    @_answers
    def Configure(self, request: Any, context: Any) -> Any:
        inputs = unpack(self.provider.configuration, decode(request.args))
        if not has_unknown(inputs):  # a preview may configure a provider that waits for a resource
            self.sessions.put(context.peer(), self.provider.make_session(inputs))
        return pb.ConfigureResponse(acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True)

    def Cancel(self, request: Any, context: Any) -> Any:
        self.sessions.drop(context.peer())
        self.log.drop(context.peer())
        return empty_pb2.Empty()

    # ---- a resource ------------------------------------------------------------------------------------------

    @_answers
    def Check(self, request: Any, context: Any) -> Any:
        olds, news = decode(request.olds), decode(request.news)
        session = self.sessions.get(context.peer())
        try:
            wanted = _request(request)
            inputs, failures = self.provider.check(session, _type(request), wanted, reveal(olds), reveal(news))
        except InvalidInputs as error:
            inputs, failures = reveal(news), list(error.failures)
        return pb.CheckResponse(inputs=encode(rewrap(inputs, news)), failures=_failures(failures))

    @_answers
    def Diff(self, request: Any, context: Any) -> Any:
        old = reveal(decode(request.old_inputs if request.HasField("old_inputs") else request.olds))
        session = self.sessions.get(context.peer())
        difference, first = self.provider.diff(session, _type(request), old, reveal(decode(request.news)))
        if difference.doubtful:
            self.log.warn(context.peer(), request.urn, _may_replace(difference))
        return _diff_response(difference, first)

    @_answers
    def Create(self, request: Any, context: Any) -> Any:
        given, token = decode(request.properties), _type(request)
        inputs = reveal(given)
        if request.preview:
            return pb.CreateResponse(properties=self._out(token, self.provider.preview_create(token, inputs), given))
        _all_known(inputs)
        session = self.sessions.get(context.peer())
        id, outputs = self.provider.create(session, token, inputs)
        return pb.CreateResponse(id=id, properties=self._out(token, outputs, given))

    @_answers
    def Read(self, request: Any, context: Any) -> Any:
        known, last, token = decode(request.inputs), decode(request.properties), _type(request)
        session = self.sessions.get(context.peer())
        found = self.provider.read(session, token, request.id, reveal(known))
        if found is None:
            return pb.ReadResponse()
        id, inputs, outputs = found
        written = encode(rewrap(inputs, known))
        return pb.ReadResponse(id=id, inputs=written, properties=self._out(token, outputs, known, last))

    @_answers
    def Update(self, request: Any, context: Any) -> Any:
        given, last, token = decode(request.news), decode(request.olds), _type(request)
        inputs, old, before = reveal(given), reveal(last), reveal(decode(request.old_inputs))
        if request.preview:
            shown = self.provider.preview_update(token, old, inputs, before)
            return pb.UpdateResponse(properties=self._out(token, shown, given))
        _all_known(inputs)
        session = self.sessions.get(context.peer())
        outputs = self.provider.update(session, token, request.id, {**before, **old}, inputs)
        return pb.UpdateResponse(properties=self._out(token, outputs, given))

    @_answers
    def Delete(self, request: Any, context: Any) -> Any:
        session = self.sessions.get(context.peer())
        outputs = {**reveal(decode(request.old_inputs)), **reveal(decode(request.properties))}
        self.provider.delete(session, _type(request), request.id, outputs)
        return empty_pb2.Empty()

    @_answers
    def Invoke(self, request: Any, context: Any) -> Any:
        session = self.sessions.get(context.peer())
        try:
            result = self.provider.invoke(session, request.tok, reveal(decode(request.args)))
        except InvalidInputs as error:
            return pb.InvokeResponse(failures=_failures(error.failures))
        return pb.InvokeResponse(**{"return": encode(result)})

    def _out(self, token: str, outputs: Values, *known: Values) -> struct_pb2.Struct:
        return encode(wrap_outputs(rewrap(outputs, *known), self.provider.type(token).secret))


def _type(request: Any) -> str:
    """The resource's type: of the request, or of the URN, which ends in `parent$type::name`."""
    return request.type or request.urn.split("::")[2].rpartition("$")[2]


def _request(request: Any) -> Request:
    name = request.name or request.urn.partition("::")[2].split("::", 2)[-1]
    if not request.HasField("autonaming"):
        return Request(name, request.randomSeed)
    mode = AUTONAMING[request.autonaming.mode]
    return Request(name, request.randomSeed, mode, request.autonaming.proposed_name)


def _diff_response(difference: Difference, first: bool) -> Any:
    kinds = pb.PropertyDiff.Kind
    detailed = {
        path: pb.PropertyDiff(
            kind=kinds.Value(f"{kind}_REPLACE" if path in difference.replacing else kind), inputDiff=True
        )
        for path, kind in difference.paths.items()
    }
    changes = pb.DiffResponse.DIFF_SOME if difference.paths else pb.DiffResponse.DIFF_NONE
    return pb.DiffResponse(
        changes=changes,
        replaces=difference.keys,
        diffs=difference.changed,
        detailedDiff=detailed,
        hasDetailedDiff=True,
        deleteBeforeReplace=first,
    )


def _may_replace(difference: Difference) -> str:
    told = [f"a change of {path} may replace: {why}" for path, why in sorted(difference.doubtful.items())]
    return "; ".join(told)


def _failures(failures: Any) -> list[Any]:
    return [pb.CheckFailure(property=failure.property, reason=failure.reason) for failure in failures]


def _all_known(inputs: Values) -> None:
    if has_unknown(inputs):
        names = sorted(key for key, value in inputs.items() if has_unknown(value))
        raise InvalidInputs(*(Failure(name, "is not known yet, outside a preview") for name in names))


def _not_initialized(error: NotInitialized, request: Any) -> bytes:
    """The status the engine reads: the resource is there, with these reasons why it is not right."""
    fields = {field.name for field in request.DESCRIPTOR.fields}
    given = [decode(getattr(request, name)) for name in ("properties", "news", "inputs") if name in fields]
    detail = any_pb2.Any()
    detail.Pack(
        pb.ErrorResourceInitFailed(
            id=error.id,
            properties=encode(rewrap(error.outputs, *given)),
            inputs=encode(rewrap(error.inputs, *given)),
            reasons=error.reasons,
        )
    )
    code = grpc.StatusCode.UNKNOWN.value[0]
    return grpc_classes.status.Status(code=code, message=str(error), details=[detail]).SerializeToString()


def _text(error: Exception) -> str:
    """What the user sees: the vendor's own words; the class too where it is Python's, and so a fault of ours."""
    plain = str(error)
    ours = type(error).__module__ == "builtins" and not isinstance(error, OSError | RuntimeError)
    return f"{type(error).__name__}: {plain}" if ours or not plain else plain
