"""Whether an image is in its registry under its digest, and one that the cloud can run: by the registries' one protocol
(OCI distribution v2), which ECR, ACR and Artifact Registry all speak.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trifold.doctor.checks import ERROR, WARNING, Ask, Finding, Unknown

DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
OCI = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
ACCEPTED = ", ".join((DOCKER, DOCKER_LIST, OCI, OCI_INDEX))
PLATFORM = "linux/amd64"
# path below /v2/REPOSITORY/, headers -> status, content type, body
Get = Callable[[str, Mapping[str, str]], tuple[int, str, bytes]]


def judged(get: Get, ask: Ask, registry: str, only: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Findings about the stack's image. only: the manifest types that the cloud takes (all where none is given)."""
    digest = ask.image.rpartition("@")[2]
    status, type, body = get(f"manifests/{digest}", {"accept": ACCEPTED})
    push = f"trifold image push -s {ask.stack}"
    if status == 404:
        yield Finding("image", ERROR, f"the registry has no image {digest[:19]}…", registry, push)
        return
    if status != 200:
        raise Unknown(f"the registry answered {status}: {body[:200].decode(errors='replace')}")
    type, manifest = type.partition(";")[0], json.loads(body)
    if only and type not in only:
        yield Finding("image", ERROR, f"its manifest is {type}, and the service takes {' or '.join(only)} only",
                      registry, f"{push}  # pushes a Docker v2 manifest")  # fmt: skip
    found = sorted(set(_platforms(get, manifest)))
    if PLATFORM not in found:
        yield Finding("image", ERROR, f"it is built for {', '.join(found) or 'no platform'}, and {PLATFORM} is needed",
                      registry, push)  # fmt: skip


def _platforms(get: Get, manifest: Mapping[str, Any]) -> Iterator[str]:
    """os/architecture of an image, or of each in a list of images."""
    if "manifests" in manifest:
        for one in manifest["manifests"]:
            platform = one.get("platform", {})
            yield f"{platform.get('os')}/{platform.get('architecture')}"
        return
    status, _, body = get(f"blobs/{manifest['config']['digest']}", {})
    if status != 200:
        raise Unknown(f"the registry answered {status} for the image's configuration")
    config = json.loads(body)
    yield f"{config.get('os')}/{config.get('architecture')}"


def no_registry_yet(ask: Ask, registry: str) -> Finding:
    """Before a stack's first `up` this is as it must be."""
    mend = f"pulumi up -s {ask.stack} --target '**Foundation**' && trifold image push -s {ask.stack}"
    return Finding("image", WARNING, "the stack's registry is not made yet, so no image is there", registry, mend)


def getter(base: str, headers: Mapping[str, str]) -> Get:
    """Over HTTPS. base: https://HOST/v2/REPOSITORY/. A redirect to a store loses our credentials, as it must."""
    import requests

    def get(path: str, more: Mapping[str, str]) -> tuple[int, str, bytes]:
        try:
            answer = requests.get(f"{base}{path}", headers={**headers, **more}, timeout=30)
        except requests.RequestException as error:
            raise Unknown(f"the registry cannot be reached: {error}") from None
        return answer.status_code, answer.headers.get("content-type", ""), answer.content

    return get


def place(image: str, registry: str, repository: str) -> tuple[str, str]:
    """Host and repository of an image: its own where its first part is a host, else the stack's registry."""
    name = image.partition("@")[0]
    host, slash, rest = name.partition("/")
    if slash and ("." in host or ":" in host):
        return host, rest.partition(":")[0]
    return registry, f"{repository}{name}"
