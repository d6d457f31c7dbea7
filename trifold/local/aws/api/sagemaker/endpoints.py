"""Endpoints and their states: Creating, InService, Updating, Failed, Deleting; what runs is a Fleet."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trifold.local.aws.api.errors import validation
from trifold.local.aws.api.hostile import quota
from trifold.local.aws.api.sagemaker import words
from trifold.local.aws.api.sagemaker.archive import LaunchFailed
from trifold.local.aws.api.sagemaker.fleet import Fleet, Variant
from trifold.local.aws.api.sagemaker.instance import Tools
from trifold.local.aws.api.sagemaker.listing import listed
from trifold.local.aws.api.sagemaker.records import EndpointConfig, Model, Store, arn, now
from trifold.local.aws.api.sagemaker.tags import Tags
from trifold.local.aws.api.wire import Call

CREATING, IN_SERVICE, UPDATING, FAILED, DELETING = "Creating", "InService", "Updating", "Failed", "Deleting"
SERVES = (IN_SERVICE, UPDATING)
log = logging.getLogger("trifold.local.aws")


@dataclass
class Endpoint:
    """config: the name of the configuration that serves. pending: the one that is being deployed, or ""."""

    name: str
    config: str
    created: datetime = field(default_factory=now)
    modified: datetime = field(default_factory=now)
    status: str = CREATING
    reason: str = ""
    pending: str = ""
    fleet: Fleet | None = None
    work: asyncio.Task[None] | None = None

    def settle(self, status: str, reason: str = "") -> None:
        self.status, self.reason, self.pending, self.modified = status, reason[: words.REASON_LIMIT], "", now()

    @property
    def arn(self) -> str:
        return arn("endpoint", self.name)


class Endpoints:
    def __init__(
        self,
        tools: Tools,
        store: Store[Endpoint],
        configs: Store[EndpointConfig],
        models: Store[Model],
        tags: Tags,
    ) -> None:
        self._tools, self._store, self._configs, self._models, self._tags = tools, store, configs, models, tags

    async def create(self, call: Call) -> Mapping[str, Any]:
        given = call.parameters
        config = self._configs.get(given["EndpointConfigName"])
        quota.check_quota(self._tools.context.hostile, self._running(), config.variants)
        endpoint = Endpoint(given["EndpointName"], config.name, pending=config.name)
        fleet = self._fleet(endpoint, config)
        identifier = self._store.add(endpoint)
        self._tags.put(identifier, given.get("Tags", []))
        self._begin(endpoint, CREATING, lambda: self._deploy(call.name, endpoint, fleet, config.name), FAILED)
        return {"EndpointArn": identifier}

    async def update(self, call: Call) -> Mapping[str, Any]:
        given = call.parameters
        endpoint = self._ready(given["EndpointName"])
        config = self._configs.get(given["EndpointConfigName"])
        quota.check_quota(self._tools.context.hostile, self._running(), config.variants)
        fleet = self._fleet(endpoint, config)
        if given.get("RetainAllVariantProperties"):
            excluded = [one["VariantPropertyType"] for one in given.get("ExcludeRetainedVariantProperties", [])]
            _retain(endpoint, fleet, excluded)
        endpoint.pending = config.name
        self._begin(endpoint, UPDATING, lambda: self._deploy(call.name, endpoint, fleet, config.name), IN_SERVICE)
        return {"EndpointArn": endpoint.arn}

    async def update_weights(self, call: Call) -> Mapping[str, Any]:
        endpoint = self._ready(call.parameters["EndpointName"])
        wanted = {one["VariantName"]: one for one in call.parameters["DesiredWeightsAndCapacities"]}
        for name, one in wanted.items():
            if endpoint.fleet is None or name not in endpoint.fleet.variants:
                raise validation(f'Could not find variant "{name}" on endpoint "{endpoint.arn}".')
            if one.get("DesiredInstanceCount", 1) < 1:
                raise validation("DesiredInstanceCount must be at least 1 for an instance-based variant.")
        self._begin(endpoint, UPDATING, lambda: _rebalance(endpoint, wanted), IN_SERVICE)
        return {"EndpointArn": endpoint.arn}

    async def delete(self, call: Call) -> Mapping[str, Any]:
        endpoint = self._store.get(call.parameters["EndpointName"])
        if endpoint.status not in (IN_SERVICE, FAILED):
            raise validation(words.in_progress(endpoint.arn))
        endpoint.status = DELETING
        endpoint.work = asyncio.create_task(self._delete(endpoint))
        return {}

    async def _delete(self, endpoint: Endpoint) -> None:
        if endpoint.fleet:
            await endpoint.fleet.stop()
        self._store.remove(endpoint.name)
        self._tags.drop(endpoint.arn)

    async def describe(self, call: Call) -> Mapping[str, Any]:
        endpoint = self._store.get(call.parameters["EndpointName"])
        shown: dict[str, Any] = {
            "EndpointName": endpoint.name,
            "EndpointArn": endpoint.arn,
            "EndpointConfigName": endpoint.config,
            "EndpointStatus": endpoint.status,
            "CreationTime": endpoint.created,
            "LastModifiedTime": endpoint.modified,
        }
        if endpoint.fleet:
            shown["ProductionVariants"] = [one.summary() for one in endpoint.fleet.variants.values()]
        if endpoint.reason:
            shown["FailureReason"] = endpoint.reason
        if endpoint.pending:
            shown["PendingDeploymentSummary"] = {"EndpointConfigName": endpoint.pending}
        return shown

    async def page(self, call: Call) -> Mapping[str, Any]:
        status = call.parameters.get("StatusEquals")
        found = [one for one in self._store.all() if status in (None, one.status)]
        return listed(found, call.parameters, "Endpoints", _summary)

    async def close(self) -> None:
        """Stop all at once: the account goes away."""
        for endpoint in self._store.all():
            if endpoint.work and not endpoint.work.done():
                endpoint.work.cancel()
                with suppress(asyncio.CancelledError):
                    await endpoint.work
        fleets = (endpoint.fleet for endpoint in self._store.all() if endpoint.fleet)
        await asyncio.gather(*(fleet.stop(drain=0) for fleet in fleets))

    def _ready(self, name: str) -> Endpoint:
        endpoint = self._store.get(name)
        if endpoint.status == FAILED:
            raise validation(f'Endpoint "{endpoint.arn}" has status Failed; it can only be deleted.')
        if endpoint.status != IN_SERVICE:
            raise validation(words.in_progress(endpoint.arn))
        return endpoint

    def _fleet(self, endpoint: Endpoint, config: EndpointConfig) -> Fleet:
        variants = [
            Variant(one, self._models.get(one["ModelName"]), one["InitialVariantWeight"], one["InitialInstanceCount"])
            for one in config.variants
        ]
        return Fleet(self._tools, endpoint.name, variants)

    def _begin(self, endpoint: Endpoint, status: str, work: Callable[[], Awaitable[None]], on_failure: str) -> None:
        """Work on in the background; a failure leaves the endpoint in `on_failure` with the reason."""

        async def run() -> None:
            try:
                await work()
                endpoint.settle(IN_SERVICE)
            except LaunchFailed as failure:
                endpoint.settle(on_failure, str(failure))
            except Exception:
                log.exception("endpoint %s", endpoint.name)
                endpoint.settle(on_failure, words.INTERNAL)

        endpoint.status, endpoint.modified = status, now()
        endpoint.work = asyncio.create_task(run())

    def _running(self) -> list[Mapping[str, Any]]:
        """The variants of all endpoints, as their configurations have them."""
        configs = (self._configs.find(endpoint.config) for endpoint in self._store.all() if endpoint.status != FAILED)
        return [variant for config in configs if config for variant in config.variants]

    async def _deploy(self, operation: str, endpoint: Endpoint, fleet: Fleet, config: str) -> None:
        """Bring the new fleet up, move the traffic at once, let the old fleet finish what it has."""
        quota.check_capacity(self._tools.context.hostile, operation)
        await fleet.launch()
        old, endpoint.fleet, endpoint.config = endpoint.fleet, fleet, config
        if old:
            await old.stop()


async def _rebalance(endpoint: Endpoint, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    assert endpoint.fleet is not None
    counts = {name: one["DesiredInstanceCount"] for name, one in wanted.items() if "DesiredInstanceCount" in one}
    await endpoint.fleet.scale(counts)
    for name, one in wanted.items():
        variant = endpoint.fleet.variants[name]
        variant.weight = one.get("DesiredWeight", variant.weight)


def _retain(endpoint: Endpoint, fleet: Fleet, excluded: list[str]) -> None:
    """Variants that stay keep their weight and number of instances."""
    for name, old in (endpoint.fleet.variants if endpoint.fleet else {}).items():
        kept = fleet.variants.get(name)
        if kept and "DesiredWeight" not in excluded:
            kept.weight = old.weight
        if kept and "DesiredInstanceCount" not in excluded:
            kept.count = old.count


def _summary(endpoint: Endpoint) -> Mapping[str, Any]:
    return {
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "CreationTime": endpoint.created,
        "LastModifiedTime": endpoint.modified,
        "EndpointStatus": endpoint.status,
    }
