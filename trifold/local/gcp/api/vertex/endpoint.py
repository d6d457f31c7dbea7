"""One endpoint: its deployed models, and which of them a request goes to."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trifold.local.gcp.api.errors import GoogleError, invalid, not_found
from trifold.local.gcp.api.vertex.deployment import Deployment
from trifold.local.gcp.api.vertex.names import PARENT, new_id, now
from trifold.local.gcp.cloud import LOCATION, NUMBER

# Stands for the model that is being deployed, in DeployModel's traffic split.
NEW = "0"


@dataclass
class Endpoint:
    """deployments: those that serve, by id; starting, stopping: those on the way in and out. split: percent by id."""

    ident: str
    meta: dict[str, Any]
    deployments: dict[str, Deployment] = field(default_factory=dict)
    starting: dict[str, Deployment] = field(default_factory=dict)
    stopping: dict[str, Deployment] = field(default_factory=dict)
    split: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{PARENT}/endpoints/{self.ident}"

    @property
    def dedicated(self) -> str:
        """The host name of its own, "" for an endpoint that shares the region's."""
        own = bool(self.meta.get("dedicatedEndpointEnabled"))
        return f"{self.ident}.{LOCATION}-{NUMBER}.prediction.vertexai.goog" if own else ""

    def all_deployments(self) -> Iterator[Deployment]:
        yield from (*self.deployments.values(), *self.starting.values(), *self.stopping.values())

    def has(self, ident: str) -> bool:
        return any(one.ident == ident for one in self.all_deployments())

    def deployment(self, ident: str) -> Deployment:
        """One that serves. Raises NOT_FOUND."""
        if ident not in self.deployments:
            raise not_found(f"The DeployedModel does not exist: {ident} at {self.name}")
        return self.deployments[ident]

    def set_split(self, split: Mapping[str, int]) -> None:
        self.split = dict(split)
        self.touch()

    def touch(self) -> None:
        self.meta["updateTime"], self.meta["etag"] = now(), f"AMEw9y{new_id(12)}"

    def choose(self) -> Deployment:
        """The deployed model for one request, by the traffic split. Raises FAILED_PRECONDITION where there is none."""
        if not self.split:
            # GoogleCloudPlatform/explainable_ai_sdk#3
            raise GoogleError("FAILED_PRECONDITION", f"Endpoint {self.name} doesn't have traffic_split.")
        idents, shares = zip(*self.split.items(), strict=True)
        return self.deployments[random.choices(idents, shares)[0]]

    def view(self) -> dict[str, Any]:
        deployed = [one.view() for one in self.deployments.values()]
        return {
            **self.meta,
            "name": self.name,
            **({"deployedModels": deployed} if deployed else {}),
            **({"trafficSplit": dict(self.split)} if self.split else {}),
            **({"dedicatedEndpointDns": self.dedicated} if self.dedicated else {}),
        }


def check_split(split: Mapping[str, int], known: set[str]) -> None:
    """Raises INVALID_ARGUMENT unless every share is of a deployed model and they add up to 100; empty is allowed."""
    unknown = sorted(set(split) - known)
    if unknown:
        # GoogleCloudPlatform/java-docs-samples#8475
        raise invalid(f"The following DeployedModel ID(s) [{', '.join(unknown)}] do not exist.")
    if split and (sum(split.values()) != 100 or min(split.values()) < 0):
        raise invalid(f"The sum of traffic split percentages must be 100, it is {sum(split.values())}.")
