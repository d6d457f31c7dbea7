"""What was found in an account, and what it is held against."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from trifold.doctor.checks import Ask
from trifold.facts.bills import Cost, monthly

# Days without a request after which an endpoint is idle.
IDLE_DAYS = 14


@dataclass(frozen=True)
class Thing:
    """One resource with the kit's tags. type: Pulumi's; id: as Pulumi's state has it, an ARN on AWS.

    instances: (size, count) of what runs in it. requests: in the last IDLE_DAYS days, None where that is not known or
    makes no sense. deleted: it is gone, and its name is still held. note: what else is to be said of it.
    """

    type: str
    id: str
    name: str
    region: str
    tags: Mapping[str, str] = field(default_factory=dict)
    instances: tuple[tuple[str, int], ...] = ()
    requests: float | None = None
    deleted: bool = False
    note: str = ""

    @property
    def stack(self) -> str:
        """The stack it says it belongs to."""
        return self.tags.get("stack", "")

    @property
    def project(self) -> str:
        return self.tags.get("project", "")

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.type, same(self.id)

    @property
    def kept(self) -> bool:
        """Whether a destroy left it on purpose."""
        return self.tags.get("on_destroy") == "keep"

    def expired(self, today: date) -> bool:
        """Whether the last day that its stack was wanted has passed."""
        try:
            return date.fromisoformat(self.tags.get("expires", "")) < today
        except ValueError:
            return False

    def cost(self) -> Cost:
        """What it costs a month."""
        if self.deleted:
            return Cost(0.0, "exact")
        costs = [monthly(self.type, self.region, size, count) for size, count in self.instances]
        if not costs:
            return monthly(self.type, self.region)
        known = [one.dollars for one in costs if one.dollars is not None]
        return Cost(sum(known), "at least") if known else costs[0]


@dataclass(frozen=True)
class Stack:
    """A stack that the backend knows. name: as tags spell it; holds: (type, id) of what its state has, ids as
    `same` makes them. busy: something is being done with it right now."""

    project: str
    name: str
    holds: frozenset[tuple[str, str]]
    busy: bool = False


@dataclass(frozen=True)
class Place:
    """Where to look. project: the tag's value. stacks: only these, all if none. name_of(stack, kind): the explicit name
    that the kit gives, for what carries no tags; "" where it gives none."""

    cloud: str
    account: str
    region: str
    project: str
    stacks: tuple[str, ...] = ()
    name_of: Callable[[str, str], str] = lambda stack, kind: ""

    def wants(self, tags: Mapping[str, str]) -> bool:
        """Whether something with these tags is looked for."""
        return tags.get("project") == self.project and (not self.stacks or tags.get("stack") in self.stacks)


class Sweeper(Protocol):
    """One cloud's file: `Cloud(place)`."""

    def account(self) -> str:
        """Who the credentials are of: account, subscription or project; raises Unknown or
        NoCredentials, as the doctor does."""

    def find(self) -> Iterable[Thing]:
        """All that carries the tags, in no order; raises as above."""

    def remove(self, thing: Thing, purge: bool) -> None:
        """Delete one, and what is in it; gone once this returns. purge: its name is to be free at once. Raises the
        SDK's own errors; something gone already is a success."""

    def order(self, thing: Thing) -> Any:
        """What sorts things so that what needs others goes before them."""


def asked_of(place: Place) -> Ask:
    """The place as the doctor's clients take it."""
    return Ask(place.cloud, place.project, "", place.account, place.region, "", {}, {}, {})


def same(id: str) -> str:
    """An id as it is compared: without case; on Google Cloud without the project, which is a number here and a name
    there, and without the version of a model."""
    text = re.sub(r"^projects/[^/]+/", "", id.lower())
    return text.partition("@")[0] if "models/" in text else text
