"""One gRPC handler for every method: message to REST request, through the same gate, and the answer back."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import grpc
from starlette.applications import Starlette

from trifold.local.contract import Context
from trifold.local.gcp.api.errors import CODES
from trifold.local.gcp.api.gate import Gate
from trifold.local.gcp.api.wire import Raw, Reply
from trifold.local.gcp.cloud import VERTEX_HOSTS
from trifold.local.gcp.rpc import methods
from trifold.local.gcp.rpc.methods import Rpc

# The metadata that says who calls, and by what.
SENT_ON = ("authorization", "user-agent", "x-goog-api-client")
# Above Vertex AI's own limits, which are the gate's to enforce.
LARGEST = 32 * 1024 * 1024


def create(context: Context, application: Starlette) -> grpc.aio.Server:
    """A server without a port yet."""
    options = [("grpc.max_receive_message_length", LARGEST), ("grpc.max_send_message_length", LARGEST)]
    server = grpc.aio.server(options=options)
    server.add_generic_rpc_handlers((Transcoder(application.state.gate),))
    return server


class Transcoder(grpc.GenericRpcHandler):
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        async def call(request: bytes, context: grpc.aio.ServicerContext) -> bytes:
            return await self._call(details.method, request, context)

        return grpc.unary_unary_rpc_method_handler(call)

    async def _call(self, path: str, request: bytes, context: grpc.aio.ServicerContext) -> bytes:
        # The first call of a service reads its sources and imports its messages.
        rpc = await asyncio.get_running_loop().run_in_executor(None, methods.find, path)
        if rpc is None:
            message = f"The local Google Cloud does not support the method {path.lstrip('/')}."
            return await context.abort(grpc.StatusCode.UNIMPLEMENTED, message)
        metadata = {key.lower(): value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
        reply = await self._gate.handle(to_request(rpc, request, metadata))
        if reply.status >= 300:
            await _abort(context, reply)
        return to_response(rpc, reply)


def to_request(rpc: Rpc, request: bytes, metadata: Mapping[str, str]) -> Raw:
    """The REST request that says the same. Raises ValueError where no HTTP rule of the method fits."""
    from google.api_core import path_template

    message = rpc.request.FromString(request)  # type: ignore[attr-defined]
    made = path_template.transcode([dict(rule) for rule in rpc.rules], message=message)
    content, sort = _content(made.get("body"))
    query = urlencode(list(_flat(_plain(made.get("query_params")))))
    headers = {name: metadata[name] for name in SENT_ON if name in metadata}
    return Raw(
        method=made["method"].upper(),
        host=VERTEX_HOSTS[0],
        path=made["uri"],
        query=query,
        headers={**headers, "content-type": sort},
        body=content,
    )


def to_response(rpc: Rpc, reply: Reply) -> bytes:
    from google.api.httpbody_pb2 import HttpBody
    from google.protobuf import json_format

    if rpc.response is HttpBody:
        return HttpBody(content_type=reply.headers.get("content-type", ""), data=reply.body).SerializeToString()
    message = rpc.response()
    if reply.body:
        json_format.ParseDict(json.loads(reply.body), message, ignore_unknown_fields=True)
    return message.SerializeToString()


def _content(body: Any) -> tuple[bytes, str]:
    """(content, its type) of a request's body; one that carries another body as it is gives that."""
    if body is None:
        return b"", "application/json"
    if "http_body" in body.DESCRIPTOR.fields_by_name and body.HasField("http_body"):
        return body.http_body.data, body.http_body.content_type or "application/json"
    return json.dumps(_plain(body)).encode(), "application/json"


def _plain(message: Any) -> dict[str, Any]:
    from google.protobuf import json_format

    return json_format.MessageToDict(message) if message is not None else {}


def _flat(found: Mapping[str, Any], prefix: str = "") -> Any:
    for name, value in found.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield from ((f"{prefix}{name}", item) for item in value)
        else:
            yield f"{prefix}{name}", str(value).lower() if isinstance(value, bool) else value


async def _abort(context: grpc.aio.ServicerContext, reply: Reply) -> None:
    """Ends the call with the error's status, and its details where gRPC clients look for them."""
    from google.protobuf import json_format
    from google.rpc import error_details_pb2, status_pb2  # noqa: F401  (the details' types must be known)

    error = json.loads(reply.body)["error"]
    name = error.get("status", "UNKNOWN")
    status = status_pb2.Status(code=CODES[name][0], message=error["message"])
    for detail in error.get("details", ()):
        json_format.ParseDict(detail, status.details.add(), ignore_unknown_fields=True)
    trailing = (("grpc-status-details-bin", status.SerializeToString()),)
    await context.abort(grpc.StatusCode[name], error["message"], trailing_metadata=trailing)
