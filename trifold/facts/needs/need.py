"""One row of the table of needs, and the words for what calls for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from string import Formatter

# What a stack's settings can turn on, and which of them do: what calls for a need, or makes it needless.
FEATURES: Mapping[str, str] = {
    "scaling": "`trifold:maximum` above `trifold:minimum`",
    "ephemeral": "`trifold:ephemeral: true`",
    "budget": "`trifold:budgetEmail` or `trifold:billingAccount`",
    "budget.email": "`trifold:budgetEmail`",
    "network": "`trifold:network`",
    "network.make": "`trifold:network`, with the private endpoints that the stack makes",
    "network.zones": "`trifold:network`, with the DNS zones that the stack makes",
    "key": "`trifold:key`",
    "role.boundary": "`trifold:role` with a `permissionsBoundary`",
    **{
        f"existing.{part}": f"`trifold:existing.{part}`"
        for part in ("home", "registry", "store", "identity", "workspace", "vault", "logs")
    },
    "existing.container": "`trifold:existing.store` that names a container",
}


@dataclass(frozen=True)
class Need:
    """actions: in the vendor's words. on: what they are asked of, with {name} for the stack's places ("*" where the
    vendor takes nothing else, or the stack's own home is meant). role: the vendor's own role that grants them, where
    the mending command names one. when: the feature that calls for it, "" for every stack; unless: those that make it
    needless. untried: why no test takes it away on a local cloud, "" where one does."""

    actions: tuple[str, ...]
    on: str = "*"
    role: str = ""
    when: str = ""
    unless: tuple[str, ...] = ()
    untried: str = ""

    def targets(self, places: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """What it is asked of by a stack with these places; of a place that a stack does not have, nothing."""
        names = [name for _, name, _, _ in Formatter().parse(self.on) if name]
        filled = product(*(places[name] for name in names))
        return tuple(self.on.format(**dict(zip(names, one, strict=True))) for one in filled)
