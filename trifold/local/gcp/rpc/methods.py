"""What each gRPC method takes, gives and is in REST, read from the sources of Google's own transports.

The installed package holds no service descriptors, but its gRPC transport names each method with its two message
classes, and its REST transport the HTTP rules of the same method. Both are generated code, read here as text: importing
them would import every client.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from trifold.local.gcp.rpc.types import PACKAGE, folder, load

STUB = re.compile(
    r'_channel\.unary_unary\(\s*"(?P<path>[^"]+)",\s*'
    r"request_serializer=(?P<request>[\w.]+)\.\w+,\s*response_deserializer=(?P<response>[\w.]+)\.\w+,"
)
IMPORT = re.compile(r"^from (?P<package>[\w.]+) import (?P<name>\w+)(?: as (?P<alias>\w+))?", re.MULTILINE)
ALIAS = re.compile(r"^import (?P<module>[\w.]+) as (?P<alias>\w+)", re.MULTILINE)
RULES = re.compile(r"class _Base(?P<name>\w+):(?P<text>.*?)return http_options", re.DOTALL)
RULE = re.compile(r"\{\s*(?P<text>\"method\".*?)\},\n", re.DOTALL)
PAIR = re.compile(r'"(\w+)": "([^"]*)"')


@dataclass(frozen=True)
class Rpc:
    """request, response: protobuf classes. rules: [{"method", "uri", "body"}], as google.api.http has them."""

    path: str
    request: type
    response: type
    rules: tuple[Mapping[str, str], ...]


def find(path: str) -> Rpc | None:
    """The method at "/google.cloud.aiplatform.v1.ModelService/GetModel"; None if the package does not have it."""
    service, _, _ = path.lstrip("/").rpartition("/")
    name = service.rpartition(".")[2]
    # Operations, locations and policies are mixed into every service's transport.
    source = "model" if service in ("google.longrunning.Operations",) else _snake(name).removesuffix("_service")
    return _service(source).get(path)


@cache
def _service(name: str) -> Mapping[str, Rpc]:
    transports = folder() / "services" / f"{name}_service" / "transports"
    if not transports.is_dir():
        return {}
    source = (transports / "grpc.py").read_text()
    rules = _rules((transports / "rest_base.py").read_text())
    modules = {found["alias"] or found["name"]: _module(found) for found in IMPORT.finditer(source)}
    modules |= {found["alias"]: found["module"] for found in ALIAS.finditer(source)}
    made = {}
    for stub in STUB.finditer(source):
        method = stub["path"].rpartition("/")[2]
        if method in rules:
            made[stub["path"]] = Rpc(
                stub["path"], _class(modules, stub["request"]), _class(modules, stub["response"]), rules[method]
            )
    return made


def _rules(source: str) -> Mapping[str, tuple[Mapping[str, str], ...]]:
    found = {}
    for block in RULES.finditer(source):
        rules = [dict(PAIR.findall(rule["text"])) for rule in RULE.finditer(block["text"])]
        found[block["name"]] = tuple(rule for rule in rules if rule["uri"].startswith("/v1/"))
    return found


def _module(found: re.Match[str]) -> str:
    return f"{found['package']}.{found['name']}"


def _class(modules: Mapping[str, str], reference: str) -> type:
    """The protobuf class behind "model_service.GetModelRequest" (proto-plus wraps one) or "empty_pb2.Empty"."""
    alias, _, name = reference.rpartition(".")
    found: Any = getattr(load(modules[alias]), name)
    return found.pb(found()).__class__ if modules[alias].startswith(PACKAGE) else found


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
