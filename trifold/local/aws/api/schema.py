"""Holds a call against the vendor's service model and against what this local cloud declares.

Three questions, in this order: does the request carry anything that the model does not know; does every given value
satisfy the model's constraints; is every given field one that we declare as acting or stored.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from botocore.model import Shape
from botocore.serialize import create_serializer

from trifold.local.aws.api import checksum
from trifold.local.aws.api.errors import AwsError, refused
from trifold.local.aws.api.wire import Call

TRANSPORT_HEADERS = {
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-decoded-content-length",
    "x-amz-trailer",
    "x-amz-target",
    "x-amz-user-agent",
    "x-amzn-trace-id",
    "x-amzn-query-mode",
}
TRANSPORT_QUERY = {"Action", "Version", "x-id", "AWSAccessKeyId", "Signature", "Expires"}
VALIDATION_CODES = {
    "iam": "ValidationError",
    "sts": "ValidationError",
    "ecr": "InvalidParameterException",
    "budgets": "InvalidParameterException",
    "logs": "InvalidParameterException",
    "s3": "InvalidArgument",
    "sagemaker-runtime": "ValidationError",
}


def check(call: Call, accepted: Iterable[str]) -> None:
    """Raises AwsError for the first thing that does not belong. accepted: declared field paths ("Tags", "A.B[].C")."""
    checksum.verify(call)
    if unknown := sorted(unmodelled(call)):
        raise refused(f"'{unknown[0]}' in {call.name}: the service's model does not have it")
    if violations := list(_violations(call.operation.input_shape, call.parameters, "")):
        raise AwsError(VALIDATION_CODES.get(call.service, "ValidationException"), _summary(violations))
    allowed = tuple(accepted)
    for path in leaves(call.parameters, call.operation.input_shape):
        if not any(_covers(known, path) for known in allowed):
            raise refused(f"the parameter {path} of {call.name}")


def leaves(value: Any, shape: Shape | None, path: str = "") -> Iterator[str]:
    """The paths of all values that are given, lists as [] and maps as one value."""
    kind = shape.type_name if shape is not None else ""
    if kind == "structure" and value and isinstance(value, Mapping):
        for name, member in value.items():
            yield from leaves(member, shape.members.get(name), f"{path}.{name}" if path else name)  # type: ignore
    elif kind == "list" and value:
        for item in value:
            yield from leaves(item, shape.member, f"{path}[]")  # type: ignore[union-attr]
    elif path:
        yield path


def _covers(declared: str, path: str) -> bool:
    return path == declared or path.startswith((f"{declared}.", f"{declared}["))


def unmodelled(call: Call) -> set[str]:
    """Names in the request that the operation's model has no member for; what was parsed is serialized and compared."""
    if call.protocol == "json":
        return set(_unknown_json(json.loads(call.raw.body or b"{}"), call.operation.input_shape, ""))
    made = create_serializer(call.protocol, include_validation=False).serialize_to_request(
        call.parameters, call.operation
    )
    if call.protocol == "query":
        given = {name for name, _ in parse_qsl(call.raw.body.decode() + "&" + call.raw.query, keep_blank_values=True)}
        return given - set(made["body"]) - TRANSPORT_QUERY
    query = {name for name, _ in parse_qsl(call.raw.query, keep_blank_values=True)}
    modelled = {name for name, _ in parse_qsl(made["url_path"].partition("?")[2], keep_blank_values=True)}
    unknown = {name for name in query - set(made["query_string"]) - modelled - TRANSPORT_QUERY if not _signing(name)}
    headers = {name for name in call.raw.headers if name.startswith("x-amz") and not name.startswith("x-amz-meta-")}
    unknown |= headers - {name.lower() for name in made["headers"]} - TRANSPORT_HEADERS - checksum.headers(call)
    if call.protocol == "rest-xml" and _has_xml_body(call.operation.input_shape) and call.raw.body:
        unknown |= _xml_paths(call.raw.body) - _xml_paths(made["body"] or b"<none/>")
    return unknown


def _signing(name: str) -> bool:
    return name.lower().startswith("x-amz-")


def _has_xml_body(shape: Shape | None) -> bool:
    payload = shape.serialization.get("payload") if shape is not None else None
    return bool(payload) and shape.members[payload].type_name == "structure"  # type: ignore[union-attr]


def _xml_paths(document: bytes | str) -> set[str]:
    def walk(node: ElementTree.Element, path: str) -> Iterator[str]:
        for child in node:
            name = f"{path}.{child.tag.rpartition('}')[2]}" if path else child.tag.rpartition("}")[2]
            yield name
            yield from walk(child, name)

    return set(walk(ElementTree.fromstring(document), ""))


def _unknown_json(value: Any, shape: Shape | None, path: str) -> Iterator[str]:
    kind = shape.type_name if shape is not None else "structure"
    if kind == "structure" and isinstance(value, dict):
        members = shape.members if shape is not None else {}
        names = {member.serialization.get("name", name): member for name, member in members.items()}
        for name, item in value.items():
            where = f"{path}.{name}" if path else name
            if name not in names:
                yield where
            else:
                yield from _unknown_json(item, names[name], where)
    elif kind == "list" and isinstance(value, list):
        for item in value:
            yield from _unknown_json(item, shape.member, f"{path}[]")  # type: ignore[union-attr]


def _summary(violations: list[str]) -> str:
    noun = "error" if len(violations) == 1 else "errors"
    return f"{len(violations)} validation {noun} detected: " + "; ".join(violations)


def _violations(shape: Shape | None, value: Any, path: str) -> Iterator[str]:
    """The constraints of the model that a value breaks, each worded as AWS words it."""
    if shape is None:
        return
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name in shape.required_members:
            if value.get(name) is None:
                yield f"Value null at '{_member(path, name)}' failed to satisfy constraint: Member must not be null"
        for name, item in value.items():
            yield from _violations(shape.members.get(name), item, _member(path, name))
    elif shape.type_name == "list" and isinstance(value, list):
        yield from _length(shape, value, path)
        for index, item in enumerate(value, 1):
            yield from _violations(shape.member, item, f"{path}.{index}.member")
    elif shape.type_name == "map" and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _violations(shape.key, key, f"{path}.{key}")
            yield from _violations(shape.value, item, f"{path}.{key}.member")
    elif shape.type_name == "string" and isinstance(value, str):
        yield from _string(shape, value, path)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _number(shape, value, path)


def _member(path: str, name: str) -> str:
    lowered = name[:1].lower() + name[1:]
    return f"{path}.{lowered}" if path else lowered


def _broken(value: Any, path: str, rule: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: Member must {rule}"


def _length(shape: Shape, value: Any, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and len(value) < low:
        yield _broken(value, path, f"have length greater than or equal to {low}")
    if high is not None and len(value) > high:
        yield _broken(value, path, f"have length less than or equal to {high}")


def _string(shape: Shape, value: str, path: str) -> Iterator[str]:
    yield from _length(shape, value, path)
    if (allowed := shape.metadata.get("enum")) and value not in allowed:
        yield _broken(value, path, f"satisfy enum value set: [{', '.join(allowed)}]")
    pattern = shape.metadata.get("pattern")
    if pattern and (compiled := _compiled(pattern)) and not compiled.fullmatch(value):
        yield _broken(value, path, f"satisfy regular expression pattern: {pattern}")


def _number(shape: Shape, value: Any, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield _broken(value, path, f"have value greater than or equal to {low}")
    if high is not None and value > high:
        yield _broken(value, path, f"have value less than or equal to {high}")


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """A Java pattern as Python's; None for the few that only Java can read (possessive classes, \\p{...})."""
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return None
