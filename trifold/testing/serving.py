"""Serves in-process providers to the engine, each on a loopback port as a provider process is; faults strike here.

The wire is `trifold.protocol.provider`'s. What each calls itself ends in `+trifold.local`: it makes nothing outside
this process, so it may stand for a real cloud's package, and the engine's guard finds that out as it does for the
local clouds' providers.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import grpc

from trifold.errors import UserError
from trifold.protocol import grpc_classes
from trifold.protocol.connections import OPTIONS
from trifold.protocol.declaration import NotInitialized, ResourceType, Values
from trifold.protocol.diff import Difference
from trifold.protocol.naming import Request
from trifold.protocol.provider import Servicer
from trifold.protocol.values import SIGNATURE, UNKNOWN_TEXT, decode, reveal
from trifold.testing.cloud import Cloud, Object
from trifold.testing.faults import Call, Calls, Fault, Faults
from trifold.testing.resources import Provider, Providers, Resource, provider_for, understood

LOCAL: Final = "+trifold.local"
THREADS: Final = 64
TAKEN: Final = " (a replacement that keeps its id needs delete_first = True, or an id of its own: self.new_id())"
# The operations of a resource: gRPC method -> what a test calls it.
METHODS: Final = {
    **{"Check": "check", "Diff": "diff", "Create": "create", "Read": "read", "Update": "update", "Delete": "delete"},
    **{"Invoke": "invoke", "Configure": "configure"},
}
INPUTS: Final = {"Check": "news", "Diff": "news", "Create": "properties", "Read": "inputs", "Update": "news"}
INPUTS_OF_OTHERS: Final = {"Delete": "old_inputs", "Invoke": "args", "Configure": "args"}


class Behaviour:
    """Answers the wire in terms of `Resource` classes, as `trifold.protocol.declared` does for declared types."""

    configuration = ""

    def __init__(self, provider: Provider, cloud: Cloud) -> None:
        self.provider, self.cloud = provider, cloud
        self.version = provider.version + LOCAL
        self.now = threading.local()  # the call that this thread serves, and the fault that strikes it

    def schema(self) -> str:
        return ""

    def check_config(self, inputs: Values) -> list[Any]:
        return []

    def make_session(self, inputs: Values) -> Values:
        self._strike()
        return inputs

    def type(self, token: str) -> ResourceType:
        return ResourceType(token, "", None, secret=tuple(self.provider.resource(token).secrets))  # type: ignore[arg-type]

    def _resource(self, session: Any, token: str) -> Resource:
        call = self.now.call
        return self.provider.resource(token)(token, call.name, call.urn, self.cloud, session or {})

    def check(self, session: Any, token: str, request: Request, olds: Values, news: Values) -> tuple[Values, list[Any]]:
        self._strike()
        return self._resource(session, token).check(news), []

    def diff(self, session: Any, token: str, old: Values, new: Values) -> tuple[Difference, bool]:
        self._strike()
        resource = self._resource(session, token)
        return resource.diff(old, new), bool(resource.delete_first)

    def preview_create(self, token: str, inputs: Values) -> Values:
        self._strike()
        return self._resource({}, token).preview(inputs)

    def create(self, session: Any, token: str, inputs: Values) -> tuple[str, Values]:
        self._strike()
        ident, outputs = self._resource(session, token).create(inputs)
        if ident in self.cloud[token]:
            raise UserError(f"{token} {ident!r} exists already{TAKEN}")
        self._keep(token, ident, inputs, outputs)
        self._strike(done=(ident, inputs, outputs))
        return ident, outputs

    def read(self, session: Any, token: str, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        self._strike()
        resource = self._resource(session, token)
        wanted = id or resource.find(inputs)
        found = resource.read(wanted, inputs) if wanted else None
        if not wanted or found is None:
            return None
        self._strike(done=(wanted, *found))
        return wanted, *found

    def preview_update(self, token: str, outputs: Values, inputs: Values, old_inputs: Values) -> Values:
        self._strike()
        computed = self.provider.resource(token).computed
        return {**{name: outputs[name] for name in computed if name in outputs}, **inputs}

    def update(self, session: Any, token: str, id: str, old: Values, inputs: Values) -> Values:
        self._strike()
        outputs = self._resource(session, token).update(id, old, inputs)
        self._keep(token, id, inputs, outputs)
        self._strike(done=(id, inputs, outputs))
        return outputs

    def delete(self, session: Any, token: str, id: str, outputs: Values) -> None:
        self._strike()
        self._resource(session, token).delete(id, outputs)
        self.cloud.remove(token, id)
        self._strike(done=(id, {}, outputs))

    def invoke(self, session: Any, token: str, args: Values) -> Values:
        self._strike()
        return self.provider.invoke(token, args, self.cloud)

    def _keep(self, token: str, id: str, inputs: Values, outputs: Values) -> None:
        call = self.now.call
        self.cloud.put(Object(token, call.name, id, dict(inputs), dict(outputs), call.urn))

    def _strike(self, done: tuple[str, Values, Values] | None = None) -> None:
        """Raise what the fault of this call says, before or after the work."""
        fault: Fault | None = self.now.fault
        if fault is None:
            return
        if fault.kind == "fail" and fault.after == (done is not None):
            raise UserError(fault.message)
        if fault.kind == "partial" and done is not None:
            ident, inputs, outputs = done
            raise NotInitialized(ident, inputs, outputs, *fault.reasons)


class FaultyServicer(Servicer):
    """The wire, with a record of each call, and the faults that are not errors of the provider's own."""

    def __init__(self, behaviour: Behaviour, faults: Faults, calls: Calls) -> None:
        super().__init__(behaviour)
        self.behaviour, self.faults, self.calls = behaviour, faults, calls
        self.cancelled, self.gone = threading.Event(), threading.Event()
        self.on_death: Callable[[], None] = lambda: None

    def Cancel(self, request: Any, context: Any) -> Any:
        self.cancelled.set()
        return super().Cancel(request, context)

    def serve(self, method: str, answer: Callable[[Any, Any], Any], request: Any, context: Any) -> Any:
        """Answer a call, as its fault has it."""
        call = _call(method, request)
        self.calls.append(call)
        fault = self.faults.take(call)
        self.behaviour.now.call, self.behaviour.now.fault = call, fault
        self._strike(fault, context, after=False)
        reply = answer(request, context)
        self._strike(fault, context, after=True)
        return _garbage(fault.message, reply) if fault is not None and fault.kind == "garbage" else reply

    def _strike(self, fault: Fault | None, context: Any, *, after: bool) -> None:
        if fault is not None and fault.after == after and fault.kind == "hang":
            self._hang(fault, context)
        if fault is not None and fault.after == after and fault.kind == "die":
            self.gone.set()
            threading.Thread(target=self.on_death, daemon=True).start()
        if self.gone.is_set():
            context.abort(grpc.StatusCode.UNAVAILABLE, "Socket closed")

    def _hang(self, fault: Fault, context: Any) -> None:
        while not fault.wait(0.02):
            if self.gone.is_set() or not context.is_active():
                return
            if self.cancelled.is_set():
                context.abort(grpc.StatusCode.CANCELLED, fault.message)


def _method(name: str) -> Callable[..., Any]:
    plain = getattr(Servicer, name)
    return lambda self, request, context: self.serve(name, lambda *given: plain(self, *given), request, context)


for _name in METHODS:
    setattr(FaultyServicer, _name, _method(_name))


def _call(method: str, request: Any) -> Call:
    inputs = reveal(decode(getattr(request, {**INPUTS, **INPUTS_OF_OTHERS}[method])))
    preview = bool(getattr(request, "preview", False))
    if method == "Invoke":
        return Call("invoke", request.tok, request.tok, preview=preview, inputs=inputs)
    urn = request.urn
    type, name = urn.split("::")[2].rpartition("$")[2], urn.split("::", 3)[3]
    return Call(METHODS[method], type, name, urn, getattr(request, "id", ""), preview, inputs)


def _garbage(how: str, reply: Any) -> Any:
    """An answer that no sane provider gives."""
    values = {"unknown": UNKNOWN_TEXT, "untagged": {SIGNATURE: "0" * 32}, "not_a_map": {SIGNATURE: ["no", "text"]}}
    if how == "bytes":
        return b"\xff\xff\xff garbage"
    if how == "empty":
        return type(reply)()
    if how == "no_id":
        reply.id = ""
    else:
        reply.properties.update({"garbage": values[how]})
    return reply


class RawBytes(grpc.ServerInterceptor):
    """Lets a method answer with bytes that are no message."""

    def intercept_service(self, continuation: Any, details: Any) -> Any:
        handler = continuation(details)
        return handler and handler._replace(
            response_serializer=lambda reply: reply if isinstance(reply, bytes) else reply.SerializeToString()
        )


class Served:
    """One package's provider on a port of its own."""

    def __init__(self, provider: Provider, cloud: Cloud, faults: Faults, calls: Calls) -> None:
        self.servicer = FaultyServicer(Behaviour(provider, cloud), faults, calls)
        self._workers = ThreadPoolExecutor(THREADS)
        self._server = grpc.server(
            self._workers, interceptors=[RawBytes()], options=(*OPTIONS, ("grpc.so_reuseport", 0))
        )
        grpc_classes.provider_rpc.add_ResourceProviderServicer_to_server(self.servicer, self._server)
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self.servicer.on_death = self.close
        self._server.start()

    @property
    def alive(self) -> bool:
        return not self.servicer.gone.is_set()

    def close(self) -> None:
        self.servicer.gone.set()
        self._server.stop(0.1).wait()
        self._workers.shutdown(wait=False)


class Host:
    """The providers of one stack: each is started when the engine first asks for it, and again after it died."""

    def __init__(self, providers: Providers) -> None:
        self.providers = understood(providers)
        self.cloud, self.faults, self.calls = Cloud(), Faults(), Calls()
        self._served: dict[str, Served] = {}
        self._lock = threading.Lock()

    def begin(self) -> None:
        """A run begins: what died is started again, and nothing is cancelled."""
        with self._lock:
            self._served = {package: one for package, one in self._served.items() if one.alive}
            for one in self._served.values():
                one.servicer.cancelled.clear()

    def port(self, package: str) -> int | None:
        """Where a package is served; None if the test named no provider for it."""
        with self._lock:
            if package not in self._served:
                provider = provider_for(self.providers, package)
                if provider is None:
                    return None
                self._served[package] = Served(provider, self.cloud, self.faults, self.calls)
            return self._served[package].port

    @property
    def attachments(self) -> str:
        """What is served at the moment, as PULUMI_DEBUG_PROVIDERS says it."""
        with self._lock:
            return ",".join(f"{package}:{one.port}" for package, one in self._served.items() if one.alive)

    def close(self) -> None:
        self.faults.clear()
        with self._lock:
            for one in self._served.values():
                one.close()
            self._served.clear()
