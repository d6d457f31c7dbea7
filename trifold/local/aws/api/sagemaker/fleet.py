"""The instances behind an endpoint, by variant: brought up together, weighed, scaled, taken down."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trifold.local.aws.api.sagemaker.instance import DRAIN_LIMIT, Instance, Tools
from trifold.local.aws.api.sagemaker.records import Model, now


@dataclass
class Variant:
    """One production variant. given: its part of the endpoint configuration."""

    given: Mapping[str, Any]
    model: Model
    weight: float
    count: int
    instances: list[Instance] = field(default_factory=list)
    resolved: datetime = field(default_factory=now)

    @property
    def name(self) -> str:
        return str(self.given["VariantName"])

    @property
    def serving(self) -> list[Instance]:
        return [instance for instance in self.instances if instance.healthy]

    def least_busy(self) -> Instance | None:
        return min(self.serving, key=lambda one: one.in_flight, default=None)

    def summary(self) -> dict[str, Any]:
        """As DescribeEndpoint shows it."""
        image = self.model.container["Image"]
        shown: dict[str, Any] = {
            "VariantName": self.name,
            "DeployedImages": [{"SpecifiedImage": image, "ResolvedImage": image, "ResolutionTime": self.resolved}],
            "CurrentWeight": self.weight,
            "DesiredWeight": self.weight,
            "CurrentInstanceCount": len(self.serving),
            "DesiredInstanceCount": self.count,
        }
        trouble = next((one.trouble for one in self.instances if not one.healthy and one.trouble), "")
        if trouble:
            shown["VariantStatus"] = [{"Status": "Creating", "StatusMessage": trouble, "StartTime": now()}]
        return shown


class Fleet:
    """All variants of one deployed endpoint configuration."""

    def __init__(self, tools: Tools, endpoint: str, variants: list[Variant]) -> None:
        self._tools, self._endpoint = tools, endpoint
        self.variants = {variant.name: variant for variant in variants}

    async def launch(self) -> None:
        """Every instance in service, or LaunchFailed with the first reason; `stop` is the caller's to call."""
        await self._grow([(variant, variant.count) for variant in self.variants.values()])

    async def stop(self, drain: float = DRAIN_LIMIT) -> None:
        """End all instances, each after the requests it has."""
        every = [instance for variant in self.variants.values() for instance in variant.instances]
        await asyncio.gather(*(instance.stop(drain) for instance in every))
        for variant in self.variants.values():
            variant.instances = []

    async def scale(self, counts: Mapping[str, int]) -> None:
        """Bring each named variant to a number of instances; raises LaunchFailed with the old number still serving."""
        more = [(one, counts[one.name] - len(one.instances)) for one in self.variants.values() if one.name in counts]
        await self._grow(more)
        for variant, number in more:
            variant.count = counts[variant.name]
            if number < 0:
                leaving, variant.instances = variant.instances[number:], variant.instances[:number]
                await asyncio.gather(*(instance.stop(DRAIN_LIMIT) for instance in leaving))

    async def _grow(self, wanted: list[tuple[Variant, int]]) -> None:
        fresh = [(variant, self._instance(variant)) for variant, number in wanted for _ in range(number)]
        launches = [asyncio.create_task(instance.launch()) for _, instance in fresh]
        try:
            await asyncio.gather(*launches)
        except BaseException:
            for launch in launches:
                launch.cancel()
            await asyncio.gather(*launches, return_exceptions=True)
            await asyncio.gather(*(instance.stop() for _, instance in fresh))
            raise
        for variant, instance in fresh:
            variant.instances.append(instance)

    def _instance(self, variant: Variant) -> Instance:
        return Instance(self._tools, self._endpoint, variant.given, variant.model)

    def choose(self) -> Variant:
        """A variant by the weights; all weights zero share alike, as SageMaker has it."""
        variants = list(self.variants.values())
        weights = [variant.weight for variant in variants]
        return random.choices(variants, weights if any(weights) else None)[0]
