"""Google's own description of its APIs: the discovery documents that google-api-python-client ships.

A request is matched to one of their methods by its verb and path, and checked against that method's schemas.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

VERSIONS = {
    "storage": ("v1",),
    "iam": ("v1",),
    "iamcredentials": ("v1",),
    "cloudresourcemanager": ("v1", "v3"),
    "serviceusage": ("v1", "v1beta1"),
    "artifactregistry": ("v1",),
    "billingbudgets": ("v1",),
    "monitoring": ("v3",),
    "aiplatform": ("v1",),
}
VERB = re.compile(r":\w+$")


@dataclass(frozen=True)
class Method:
    """service, name: the method's id split at its first dot. request: the body's schema, {} for none. parameters: of
    the path and the query, the API's common ones included."""

    service: str
    name: str
    verb: str
    request: Mapping[str, Any]
    parameters: Mapping[str, Any]
    document: "Document" = field(repr=False)


@dataclass(frozen=True)
class Document:
    schemas: Mapping[str, Any]
    # HTTP verb -> [(pattern, method)], the most literal one first
    routes: Mapping[str, list[tuple[re.Pattern[str], Method]]]

    def resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """A schema with its reference followed."""
        return self.schemas[schema["$ref"]] if "$ref" in schema else schema


def find(service: str, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
    """The method that answers this path (percent-encoded), and the path's parameters decoded."""
    for version in VERSIONS[service]:
        for pattern, method in document(service, version).routes.get(verb, ()):
            if matched := pattern.fullmatch(path):
                return method, {name: unquote(value) for name, value in matched.groupdict().items()}
    return None


def method(service: str, name: str) -> Method:
    """A method by its name. Raises KeyError."""
    for version in VERSIONS[service]:
        for routes in document(service, version).routes.values():
            for _, one in routes:
                if one.name == name:
                    return one
    raise KeyError(f"{service}.{name}")


@cache
def document(service: str, version: str) -> Document:
    source = files("googleapiclient.discovery_cache") / "documents" / f"{service}.{version}.json"
    raw = json.loads(source.read_bytes())
    routes: dict[str, list[tuple[re.Pattern[str], Method]]] = {}
    found = Document(raw["schemas"], routes)
    base = "" if service != "storage" else raw["servicePath"]
    for spec in _methods(raw):
        made = _method(service, spec, raw, found)
        for path in (f"{base}{spec.get('flatPath', spec['path'])}", *_media(spec)):
            routes.setdefault(made.verb, []).append((_pattern(path), made))
    for listed in routes.values():
        listed.sort(key=lambda route: (route[0].pattern.count("(?P<"), not VERB.search(route[0].pattern)))
    return found


def _method(service: str, spec: Mapping[str, Any], raw: Mapping[str, Any], found: Document) -> Method:
    parameters = {**raw["parameters"], **spec.get("parameters", {})}
    name = spec["id"].partition(".")[2]
    return Method(service, name, spec["httpMethod"], spec.get("request", {}), parameters, found)


def _methods(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from node.get("methods", {}).values()
    for below in node.get("resources", {}).values():
        yield from _methods(below)


def _media(spec: Mapping[str, Any]) -> Iterator[str]:
    """The further addresses of a method that takes or gives content."""
    for protocol in spec.get("mediaUpload", {}).get("protocols", {}).values():
        yield protocol["path"].lstrip("/")
    if spec.get("supportsMediaDownload") and spec.get("useMediaDownloadService"):
        yield f"download/storage/v1/{spec['path']}"


def _pattern(path: str) -> re.Pattern[str]:
    """A flat path as a pattern: each {name} is one segment, up to the next slash or verb."""
    parts = re.split(r"\{\+?(\w+)\}", path)
    made = [re.escape(part) if index % 2 == 0 else f"(?P<{part}>[^/:]+)" for index, part in enumerate(parts)]
    if "{" in path and not VERB.search(path):
        made = [part.replace("[^/:]+", "[^/]+") for part in made]
    return re.compile("/" + "".join(made))
