"""What a stack costs by the price facts, before anything is made: pure, from settings to lines.

A price is used for its own region only. What has none is unknown, never free; what nobody knows before it is used (how
much is stored, logged or asked) counts as nothing, and the total is then "at least". A month has 730 hours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from infra.capabilities.endpoint import Variant
from infra.errors import SettingsError
from infra.settings import Settings
from trifold.facts import Price, prices
from trifold.facts.bills import AT_LEAST, EXACT, HOURS, UNKNOWN, price_of


@dataclass(frozen=True)
class Part:
    """One thing a stack has beside its instances. service: in the price facts; a month: units of the price, or None
    where it depends on use."""

    what: str
    service: str
    month: float | None = None


# The price of an instance: the service in the facts, whose meter names the size.
INSTANCES = {
    "aws": "sagemaker.realtime.instance",
    "azure": "aml.online_endpoint.vm",
    "gcp": "vertex.prediction.node",
}
PARTS: Mapping[str, tuple[Part, ...]] = {
    "aws": (
        Part("registry: images", "ecr.storage"),
        Part("store: objects and old versions", "s3.standard.storage"),
        Part("endpoint: disks of the instances", "sagemaker.endpoint.storage"),
        Part("endpoint: data in and out", "sagemaker.endpoint.data"),
        Part("logs: ingested", "cloudwatch.logs.ingest"),
        Part("logs: kept", "cloudwatch.logs.storage"),
    ),
    "azure": (
        Part("registry: Basic", "acr.basic", HOURS / 24),
        Part("store: objects and old versions", "blob.hot.lrs.storage"),
        Part("workspace: Azure ML", "aml.workspace"),
        Part("key vault: operations", "keyvault.operations"),
        Part("logs: ingested", "log_analytics.ingest"),
    ),
    "gcp": (
        Part("registry: images", "artifact_registry.storage"),
        Part("store: objects and old versions", "gcs.standard.storage"),
        Part("logs: ingested", "logging.ingest"),
    ),
}


@dataclass(frozen=True)
class Line:
    """One line of an estimate. price: the fact, or None where there is none for this region. month: how many of its
    units a month, None where that depends on use; most: the same with autoscaling at its maximum."""

    what: str
    service: str
    price: Price | None
    month: float | None
    most: float | None = None

    @property
    def certainty(self) -> str:
        """exact, at least, or unknown."""
        if self.price is None:
            return UNKNOWN
        return EXACT if self.month is not None and self.most == self.month else AT_LEAST

    @property
    def monthly(self) -> float | None:
        """US dollars a month; None if unknown."""
        return None if self.price is None else self.price.price_usd * (self.month or 0)

    @property
    def hourly(self) -> float | None:
        """US dollars an hour; None if unknown."""
        return None if self.monthly is None else self.monthly / HOURS

    @property
    def monthly_most(self) -> float:
        """US dollars a month with autoscaling at its maximum, as far as they are known."""
        return 0.0 if self.price is None else self.price.price_usd * (self.most or self.month or 0)


@dataclass(frozen=True)
class Estimate:
    """What one stack costs. monthly, hourly: of all lines that are known; monthly_most: with autoscaling at its
    maximum."""

    stack: str
    cloud: str
    region: str
    budget: float
    lines: tuple[Line, ...]

    @property
    def monthly(self) -> float:
        return sum(line.monthly or 0 for line in self.lines)

    @property
    def hourly(self) -> float:
        return self.monthly / HOURS

    @property
    def monthly_most(self) -> float:
        return sum(line.monthly_most for line in self.lines)

    @property
    def certainty(self) -> str:
        """exact, or "at least" as soon as one line is not."""
        return EXACT if all(line.certainty == EXACT for line in self.lines) else AT_LEAST

    @property
    def over_budget(self) -> bool:
        """Whether what is known is more than the budget, in whole cents."""
        return round(self.monthly, 2) > self.budget

    @property
    def unknown(self) -> tuple[str, ...]:
        """The lines that have no price."""
        return tuple(line.what for line in self.lines if line.certainty == UNKNOWN)

    def dearest(self, number: int) -> tuple[Line, ...]:
        """The lines that cost most."""
        return tuple(sorted(self.lines, key=lambda line: line.monthly or 0, reverse=True)[:number])


def estimate(stack: Settings, known: Iterable[Price] | None = None) -> Estimate:
    """The lines of a stack. known: the price facts."""
    found = prices() if known is None else tuple(known)
    here = [one for one in found if one.cloud == stack.cloud and one.region in (stack.region, "global")]
    instances = tuple(_instances(stack.cloud, stack.region, variant, here) for variant in stack.variants)
    parts = tuple(
        Line(part.what, part.service, price_of(part.service, stack.region, known=here), part.month, part.month)
        for part in PARTS[stack.cloud]
    )
    return Estimate(stack.stack, stack.cloud, stack.region, stack.budget, (*instances, *parts))


def check(stack: Settings) -> Estimate:
    """The estimate of a stack that keeps to its budget.

    Raises SettingsError with the three dearest lines if it does not: before anything is registered, so that it holds
    under any engine.
    """
    found = estimate(stack)
    if found.over_budget:
        dearest = "".join(f"\n  - {line.what}: {amount(line)} a month" for line in found.dearest(3))
        raise SettingsError(
            f"the stack costs {spoken(found)}, more than its budget of {money(stack.budget)}; nothing was changed. The "
            f"dearest lines:{dearest}",
            where=f"Pulumi.{stack.stack}.yaml (stack {stack.stack}): trifold:budget",
            next="take fewer or smaller instances (trifold:count, trifold:minimum, trifold:size), or allow more: "
            f"pulumi config set trifold:budget DOLLARS; every line: trifold cost -s {stack.stack}",
        )
    return found


def spoken(found: Estimate) -> str:
    """An estimate in a few words."""
    certain = "" if found.certainty == EXACT else f"{found.certainty} "
    scaled = (
        f", {money(found.monthly_most)} with autoscaling at its maximum" if found.monthly_most > found.monthly else ""
    )
    return f"{certain}{money(found.monthly)} a month of {HOURS} hours ({found.hourly:.4f} an hour){scaled}"


def amount(line: Line) -> str:
    """A line's US dollars a month, as sure as they are."""
    certain = f"{AT_LEAST} " if line.certainty == AT_LEAST else ""
    return UNKNOWN if line.monthly is None else f"{certain}{money(line.monthly)}"


def money(dollars: float) -> str:
    """US dollars as text."""
    return f"US${dollars:,.2f}"


def _instances(cloud: str, region: str, variant: Variant, known: Iterable[Price]) -> Line:
    service = INSTANCES[cloud]
    least, most = (variant.minimum, variant.maximum) if variant.autoscaled else (variant.count, variant.count)
    number = f"{least} to {most}" if variant.autoscaled else f"{least}"
    price = price_of(service, region, variant.size, known)
    return Line(f"endpoint: {number} x {variant.size} ({variant.name})", service, price, least * HOURS, most * HOURS)
