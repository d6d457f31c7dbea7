"""What is to be run, read from the stack's file and its price: and why it is not, before anything costs money."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conformance.up import TRIFOLD
from trifold.errors import UserError
from trifold.facts.bills import HOURS as MONTH

# The suite asks the endpoint for this package's sample.
PACKAGE = "flights"
HOURS = 3.0


@dataclass(frozen=True)
class Wish:
    """What the user asks for. max_usd: the most that the run may cost by the price list, US dollars; hours: after so
    many the tests are stopped and the stack is taken down; allow_unknown: also where a line has no price."""

    cloud: str
    max_usd: float
    stack: str = ""
    hours: float = HOURS
    allow_unknown: bool = False

    @property
    def name(self) -> str:
        return self.stack or f"live-{self.cloud}"


@dataclass(frozen=True)
class Place:
    """Where it happens. folder: of Pulumi.yaml; records: where pages go; kept: marks and logs; engine: the command that
    `up` is an argument of; environment: of all commands. patience: seconds in which a deleted thing may still be
    listed. rehearse: whether the tests run on the local cloud first."""

    folder: Path
    records: Path
    kept: Path
    engine: Sequence[str]
    environment: Mapping[str, str]
    patience: float = 300.0
    rehearse: bool = True

    @property
    def pulumi(self) -> bool:
        """Whether the engine is Pulumi's own; the other one makes a stack by itself."""
        return Path(self.engine[0]).name == "pulumi"

    def asked(self, *arguments: str) -> subprocess.CompletedProcess:
        """A short command of the kit's, and how it ended."""
        return self.called([*TRIFOLD, *arguments])

    def called(self, command: Sequence[str]) -> subprocess.CompletedProcess:
        where = dict(self.environment)
        return subprocess.run(command, cwd=self.folder, env=where, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Plan:
    """One run. hourly: US dollars, with autoscaling at its maximum; unknown: what has no price; configuration: the
    stack's, by full key."""

    wish: Wish
    account: str
    region: str
    hourly: float
    unknown: tuple[str, ...]
    configuration: Mapping[str, Any]

    @property
    def dollars(self) -> float:
        """The most that the run costs by the price list, as far as that tells."""
        return self.hourly * self.wish.hours


def plan(wish: Wish, place: Place) -> Plan:
    """The plan of a wish. UserError where the stack's file is not there, or wrong."""
    from trifold.cli.doctor import configuration_of

    _, configuration, _ = configuration_of(wish.name, str(place.folder))
    price = _price(wish, place)
    return Plan(
        wish,
        account=str(configuration.get("trifold:account", "")),
        region=price["region"],
        hourly=price["monthly_most"] / MONTH,
        unknown=tuple(price["unknown"]),
        configuration=configuration,
    )


def _price(wish: Wish, place: Place) -> Any:
    done = place.asked("cost", "-s", wish.name, "--json")
    if not done.stdout:
        raise UserError(done.stderr.strip().removeprefix("error: "))
    (found,) = json.loads(done.stdout)
    return found


Refusal = Callable[[Plan, Place], Iterator[UserError]]


def wrong_file(plan: Plan, place: Place) -> Iterator[UserError]:
    """A stack that the suite can't be run on, wherever it is."""
    wish, given = plan.wish, plan.configuration
    where = f"Pulumi.{wish.name}.yaml"
    if given.get("trifold:cloud") != wish.cloud:
        yield UserError(f"the stack '{wish.name}' is on {given.get('trifold:cloud')}, not on {wish.cloud}", where,
                        f"make live CLOUD={wish.cloud} MAX_USD={wish.max_usd:g} STACK=NAME")  # fmt: skip
    if str(given.get("trifold:ephemeral", "")).lower() != "true":
        yield UserError("the run takes the stack down and up again, so it must be one to throw away", where,
                        f"pulumi config set -s {wish.name} trifold:ephemeral true")  # fmt: skip
    if given.get("trifold:package") != PACKAGE or "trifold:variants" in given:
        yield UserError(f"the suite asks one variant of the package '{PACKAGE}'", where,
                        f"pulumi config set -s {wish.name} trifold:package {PACKAGE}")  # fmt: skip


def too_dear(plan: Plan, place: Place) -> Iterator[UserError]:
    """More than MAX_USD, or nobody knows."""
    wish = plan.wish
    if plan.unknown and not wish.allow_unknown:
        yield UserError(
            f"what the run costs is not known: no price in {plan.region} for {', '.join(plan.unknown)}",
            next=f"trifold cost -s {wish.name}; and if you know better: ALLOW_UNKNOWN=1",
        )
    if round(plan.dollars, 2) > wish.max_usd:
        yield UserError(
            f"{wish.hours:g} hours of the stack '{wish.name}' cost at least US${plan.dollars:.2f}, and MAX_USD is "
            f"{wish.max_usd:g}",
            next=f"make live CLOUD={wish.cloud} MAX_USD={plan.dollars:.0f}, or HOURS=n for a shorter run",
        )


def not_real(plan: Plan, place: Place) -> Iterator[UserError]:
    """A local cloud, or a shell that is in one; and what only a real account needs."""
    from trifold.cli.doctor import is_local

    wish = plan.wish
    if "TRIFOLD_LOCAL" in place.environment:
        yield UserError("this shell speaks to the local clouds", next='eval "$(.venv/bin/trifold local env --unset)"')
    if not plan.account or is_local(wish.cloud, plan.account):
        yield UserError(
            f"the stack '{wish.name}' is pinned to the local {wish.cloud} ({plan.account}), which shows nothing "
            "about a real account",
            f"Pulumi.{wish.name}.yaml: trifold:account",
            "docs/how-to/first-real-account.md; to run the suite on the local clouds: make test",
        )
    if "registry" not in (plan.configuration.get("trifold:existing") or {}):
        yield UserError(
            "the run takes the stack's own registry down, with the image in it, and brings it up again without",
            f"Pulumi.{wish.name}.yaml",
            "push the image to a registry of your own, and name it: trifold:existing: {registry: ID} "
            "(docs/how-to/first-real-account.md)",
        )


def check(plan: Plan, place: Place, refusals: Sequence[Refusal]) -> None:
    """Raises the first refusal."""
    for refusal in refusals:
        for error in refusal(plan, place):
            raise error
