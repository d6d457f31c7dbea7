"""Endpoint: a packaged model served over HTTPS by the cloud's own managed service, in named variants with weights.

Each cloud implements, in infra/<cloud>/endpoint.py:

    class Endpoint(EndpointComponent):                                  # type "trifold:<cloud>:Endpoint"
        def __init__(self, name: str, spec: EndpointSpec, *, foundation: Foundation, storage: Storage,
                     opts: ResourceOptions | None = None)

It uploads each package's archive to `spec.object_key(package)` in the store, registers a model a package, and an
endpoint with one variant (SageMaker), deployment (Azure ML) or deployed model (Vertex AI) each of `spec.variants`.
Immutable, versioned things carry `spec.version(package)` in their logical and physical names: a new package or image is
a new resource beside the old one. Role grants come before the model that needs them. Request logging is off.
What Azure's workspace needs beside the store (key vault, Application Insights) is made here too: it is the endpoint's.
Children as in infra/capabilities/foundation.py.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pulumi import Input, Output

from infra import keeping
from infra.component import Component
from infra.naming import Names
from infra.package import PackageRef

PINNED = re.compile(r"[a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Variant:
    """One version behind an endpoint.

    name: 1 to 20 lower-case letters and digits, beginning with a letter. weight: its share of the requests; the
    weights of an endpoint add up to 100. size: the cloud's instance type. count: instances at the start;
    minimum and maximum: autoscaling bounds, no autoscaling where they are equal.
    """

    name: str
    package: PackageRef
    weight: int
    size: str
    count: int = 1
    minimum: int = 1
    maximum: int = 1

    @property
    def autoscaled(self) -> bool:
        """Whether the number of instances follows the load."""
        return self.maximum > self.minimum


@dataclass(frozen=True)
class Probe:
    """How long a server may take. Seconds, except failures. start: from process start (model download included) to the
    first healthy answer; period, timeout, failures: of the probe while it serves."""

    start: int = 600
    period: int = 10
    timeout: int = 5
    failures: int = 3


@dataclass(frozen=True)
class EndpointSpec:
    """What an endpoint is to be.

    names: makes explicit names (`names("endpoint")`). image: a reference pinned by digest, below the foundation's
    registry (`trifold-serving@sha256:...`) or a full one. request_timeout: seconds. concurrency: requests one
    instance may work on at a time. tags: project, stack, capability; see `tags_for`.
    environment: what else the server gets. kept: the stack's stores that a destroy leaves; Azure's workspace is one.
    ephemeral: nothing of it is wanted back, so that names which the cloud would hold after a destroy are freed.
    """

    names: Names
    image: str
    variants: tuple[Variant, ...]
    tags: Mapping[str, str]
    request_timeout: int = 60
    concurrency: int = 32
    probe: Probe = Probe()
    environment: Mapping[str, str] = field(default_factory=dict)
    kept: Collection[str] = keeping.ALL
    ephemeral: bool = False

    @property
    def packages(self) -> tuple[PackageRef, ...]:
        """The packages behind the endpoint, each once, in the order of the variants."""
        return tuple({variant.package.digest: variant.package for variant in self.variants}.values())

    @property
    def weights(self) -> dict[str, int]:
        """The share of each variant by name."""
        return {variant.name: variant.weight for variant in self.variants}

    def version(self, package: PackageRef) -> str:
        """12 hex digits that stand for a package served by this image: the version of what is immutable."""
        return f"{package.digest[:6]}{_digest_of(self.image)[:6]}"

    def tags_for(self, package: PackageRef) -> dict[str, str]:
        """The tags of a model or deployment: those of the endpoint, and the package's digest."""
        return {**self.tags, "package": package.tag}

    def object_key(self, package: PackageRef) -> str:
        """Where the package's archive lies in the store. A folder of its own: Vertex AI names a model by its folder."""
        return f"packages/{package.name}/{package.digest}/model.tar.gz"


class EndpointComponent(Component):
    """What every endpoint promises.

    id: the vendor's full identifier (endpoint ARN; ARM id; projects/P/locations/L/endpoints/E). url: where requests go
    (the path alone, where a private network has an address of its own for it). archive: the address of the first
    variant's package. image: the full reference. variants: their names.
    """

    PROMISED = ("name", "id", "url", "archive", "image", "variants")

    name: Output[str]
    id: Output[str]
    url: Output[str]
    archive: Output[str]
    image: Output[str]
    variants: tuple[str, ...]


def image_reference(registry: Input[str], image: str) -> Output[str]:
    """The full reference of an image: as it is where its first part is a host, else below the registry."""
    host, slash, _ = image.partition("/")
    if slash and ("." in host or ":" in host):
        return Output.from_input(image)
    return Output.concat(registry, "/", image)


def _digest_of(image: str) -> str:
    """The digest an image is pinned by; of one that is not (refused by the settings), a digest of its name."""
    found = image.rpartition("@sha256:")[2] if PINNED.fullmatch(image) else ""
    return found or hashlib.sha256(image.encode()).hexdigest()
