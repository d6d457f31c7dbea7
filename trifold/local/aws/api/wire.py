"""Between HTTP and the vendor's service models: reads a request into a Call, writes results and errors as replies.

Routing, parsing and serializing by botocore's models is moto's (moto.core); nothing here knows a single operation.
"""

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree.ElementTree import ParseError

from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import NotFound, get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

from trifold.local import http
from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.cloud import SERVICE_HOSTS
from trifold.local.http import Reply


@dataclass(frozen=True)
class Raw(http.Raw):
    """A request as moto reads it."""

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}" + (f"?{self.query}" if self.query else "")

    def request(self) -> Request:
        """moto's request; a new one for each use, as reading it uses its body up."""
        return Request.from_primitives(self.method, self.url, dict(self.headers), self.body)


@dataclass(frozen=True)
class Call:
    """A request that names an operation. parameters: by the members of its input shape."""

    service: str
    operation: OperationModel
    parameters: dict[str, Any]
    raw: Raw
    protocol: str

    @property
    def name(self) -> str:
        return str(self.operation.name)


def service_of(host: str) -> str:
    """The service a host belongs to; virtual-hosted buckets are S3's. Raises AwsError for a host of none."""
    name = host.lower().rsplit(":", 1)[0]
    for service, hosts in SERVICE_HOSTS.items():
        if name in hosts or (service == "s3" and name.endswith(tuple(f".{known}" for known in hosts))):
            return service
    raise AwsError("NotImplemented", f"The local AWS has no service at {host}.", status=501)


@cache
def model_of(service: str) -> ServiceModel:
    return get_service_model(service)


def read(service: str, raw: Raw) -> Call:
    """The call that a request makes. Raises AwsError where the service's model has no such operation."""
    request = raw.request()
    try:
        operation, path_parameters = get_service_router(service).match(request)
        protocol = determine_request_protocol(model_of(service), request.content_type)
    except (NotFound, NotImplementedError):
        raise AwsError("UnknownOperationException", "The requested operation is not recognized.", 404) from None
    parser = PROTOCOL_PARSERS[protocol](operation)
    try:
        _check_json(protocol, raw.body)
        parameters = parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": path_parameters,
            }
        )
    except (ValueError, TypeError, AttributeError, ParseError) as error:
        raise AwsError(*malformed(protocol, error)) from None
    return Call(service, operation, parameters, raw, protocol)


def _check_json(protocol: str, body: bytes) -> None:
    """moto takes a broken document for an empty one."""
    if protocol == "json" and not isinstance(json.loads(body or b"{}"), dict):
        raise ValueError("Start of structure or map found where not expected.")


def malformed(protocol: str, error: Exception) -> tuple[str, str]:
    """Code and message for a body that could not be read as its operation's input."""
    if protocol == "rest-xml":
        return "MalformedXML", "The XML you provided was not well-formed or did not validate against our schema"
    return ("MalformedInput" if protocol == "query" else "SerializationException"), f"{error}"


def answer(call: Call, result: Mapping[str, Any] | None) -> Reply:
    """A result, by the members of the operation's output shape, in the caller's protocol."""
    return _serialized(call.service, call.operation, call.protocol, result or {})


def failure(service: str, operation: OperationModel | None, error: AwsError) -> Reply:
    """An error in the service's own protocol and shape."""
    model = model_of(service)
    shape = operation or OperationModel({}, model)
    with warnings.catch_warnings():
        # Our 501 is of no service's model, on purpose, and moto says so each time.
        warnings.simplefilter("ignore", UserWarning)
        reply = _serialized(service, shape, str(model.protocol), error)
    return Reply(error.status, reply.headers, reply.body)


def _serialized(service: str, operation: OperationModel, protocol: str, result: Any) -> Reply:
    serializer = get_serializer_class(service, protocol)(operation)
    made = serializer.serialize(result)
    body = made["body"]
    headers = {name: str(value) for name, value in made["headers"].items()}
    return Reply(int(made["status_code"]), headers, body.encode() if isinstance(body, str) else body)
