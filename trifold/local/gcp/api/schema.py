"""Holds a request against Google's discovery document and against what this local cloud declares.

Three questions, in this order: does it carry anything that the document does not know, or a value of another type
(Google's own 400); is every given field one that we declare as acting or stored (else 501 with its name).
Output-only fields are left out, as Google leaves them out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trifold.local.gcp.api.discovery import Document, Method
from trifold.local.gcp.api.errors import GoogleError, invalid, refused

# Parameters of every call that say how to answer, or nothing here (quotaUser).
COMMON = {
    "alt",
    "$alt",
    "prettyPrint",
    "key",
    "quotaUser",
    "userIp",
    "uploadType",
    "fields",
    "userProject",
    "$prettyPrint",
    "upload_id",
    "projection",
}
PREFIX = "Invalid JSON payload received. "
SCALARS = {"string": str, "integer": int, "number": (int, float), "boolean": bool}


def check_query(method: Method, query: Mapping[str, str]) -> dict[str, str]:
    """The query with the names the document uses ("model_id" is "modelId")."""
    known = {name for name, spec in method.parameters.items() if spec.get("location") != "path"}
    made = {}
    for name, value in query.items():
        proper = name if name in known or name in COMMON else camel(name)
        if proper not in known and proper not in COMMON:
            text = f"{PREFIX}Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' could not be found"
            raise invalid(f"{text} in request message.", ("", f"{text} in request message."))
        made[proper] = value
    return made


def check_body(method: Method, body: Any, read_only: Iterable[str] = ()) -> Any:
    """The body with lowerCamelCase names and without its output-only fields. Raises 400 as Google words it, all
    violations at once. read_only: further output-only paths, where the document does not say so."""
    if not method.request:
        if body:
            raise invalid(f"{PREFIX}Unknown name: this method takes no body.")
        return {}
    reader = _Reader(method.document, frozenset(read_only))
    made = reader.read(method.request, body if body is not None else {}, "", "")
    if reader.violations:
        raise invalid("\n".join(text for _, text in reader.violations), *reader.violations)
    return made


def check_declared(name: str, query: Mapping[str, str], body: Any, accepted: Iterable[str]) -> None:
    """Raises 501 for the first given field that is not declared. accepted: "model.labels", "updateMask"."""
    allowed = frozenset(accepted)
    given = [field for field in query if field not in COMMON and field not in allowed]
    for path in (*given, *undeclared(body, allowed)):
        raise refused(f"the field {path} of {name}")


def undeclared(value: Any, allowed: frozenset[str], path: str = "") -> Iterator[str]:
    """The paths of what is given and not declared: what equals a field's default (false, 0, "", empty) counts as not
    given; a declared field covers all below it."""
    if path in allowed:
        return
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from undeclared(item, allowed, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for item in value:
            yield from undeclared(item, allowed, f"{path}[]")
    elif path and value:
        yield path


class _Reader:
    """One pass over a body; gathers violations as (field, description)."""

    def __init__(self, document: Document, read_only: frozenset[str]) -> None:
        self.violations: list[tuple[str, str]] = []
        self._document, self._read_only = document, read_only

    def read(self, schema: Mapping[str, Any], value: Any, path: str, shown: str) -> Any:
        schema = self._document.resolve(schema)
        kind = schema.get("type", "any")
        if value is None or kind == "any":
            return value
        if kind == "object":
            return self._object(schema, value, path, shown)
        if kind == "array":
            return self._array(schema, value, path, shown)
        return self._scalar(schema, kind, value, shown)

    def _object(self, schema: Mapping[str, Any], value: Any, path: str, shown: str) -> Any:
        if not isinstance(value, Mapping):
            return self._wrong("an object", value, shown)
        if "additionalProperties" in schema:
            below = schema["additionalProperties"]
            return {key: self.read(below, item, f"{path}.{key}", f"{shown}[{key}]") for key, item in value.items()}
        known, made = schema.get("properties", {}), {}
        for name, item in value.items():
            proper = name if name in known else camel(name)
            here = f"{path}.{proper}" if path else proper
            if proper not in known:
                where = f" at '{shown}'" if shown else ""
                self._say(shown, f'{PREFIX}Unknown name "{name}"{where}: Cannot find field.')
            elif not known[proper].get("readOnly") and here not in self._read_only:
                made[proper] = self.read(
                    known[proper], item, here, f"{shown}.{snake(proper)}" if shown else snake(proper)
                )
        return made

    def _array(self, schema: Mapping[str, Any], value: Any, path: str, shown: str) -> Any:
        if not isinstance(value, list):
            return self._wrong("a list", value, shown)
        return [self.read(schema["items"], item, f"{path}[]", f"{shown}[{index}]") for index, item in enumerate(value)]

    def _scalar(self, schema: Mapping[str, Any], kind: str, value: Any, shown: str) -> Any:
        options = schema.get("enum")
        if options and isinstance(value, int) and not isinstance(value, bool):
            # REST clients may send an enum's number; the document lists the names in the order of the numbers.
            value = options[value] if 0 <= value < len(options) else value
        if options and value not in options:
            return self._wrong(f"TYPE_ENUM), {quoted(value)}", value, shown, whole=True)
        if fits(schema, kind, value):
            return int(value) if kind == "integer" else value
        return self._wrong(f"TYPE_{kind.upper()}), {quoted(value)}", value, shown, whole=True)

    def _wrong(self, wanted: str, value: Any, shown: str, whole: bool = False) -> Any:
        tail = f"({wanted}" if whole else f"(it must be {wanted}), {quoted(value)}"
        self._say(shown, f"Invalid value at '{shown}' {tail}")
        return value

    def _say(self, field: str, text: str) -> None:
        self.violations.append((field, text))


def fits(schema: Mapping[str, Any], kind: str, value: Any) -> bool:
    """Whether a scalar is of the schema's type; 64-bit numbers are text in JSON, and either is taken."""
    if kind == "boolean" or isinstance(value, bool):
        return isinstance(value, bool) and kind == "boolean"
    if kind == "string" and "int" in schema.get("format", ""):
        return isinstance(value, int) or (isinstance(value, str) and bool(re.fullmatch(r"-?\d+", value)))
    if kind == "integer" and isinstance(value, str):
        return bool(re.fullmatch(r"-?\d+", value))
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, SCALARS.get(kind, object))  # type: ignore[arg-type]


def quoted(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found.group(1).upper(), name)


def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"_{found.group(0).lower()}", name)


def masked(body: Any, mask: str) -> Any:
    """A body without what its update mask does not name: clients send the whole resource, Google looks no further."""
    named = {camel(path.strip()).split(".", 1)[0] for path in mask.split(",")} | {"name", "etag"}
    return {name: value for name, value in body.items() if name in named}


def mask_paths(mask: str, allowed: Iterable[str]) -> list[str]:
    """An update mask's paths in lowerCamelCase; 400 for one that cannot be updated, as Google words it."""
    paths = [camel(path.strip()) for path in mask.split(",") if path.strip()]
    wrong = [path for path in paths if path.split(".", 1)[0] not in allowed]
    if wrong:
        raise GoogleError("INVALID_ARGUMENT", f"Field(s) {', '.join(map(snake, wrong))} can not be updated.")
    return paths
