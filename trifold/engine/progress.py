"""What a run has decided so far: which URN got which operation, and which names stand for which."""

from dataclasses import dataclass, field

from trifold.engine.state import Resource


@dataclass
class Progress:
    """URNs by operation. aliased: old URN -> new one; aliases: new URN -> the old one it was found under."""

    urns: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    deletes: dict[str, bool] = field(default_factory=dict)
    replaces: set[str] = field(default_factory=set)
    updates: set[str] = field(default_factory=set)
    creates: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    sames: set[str] = field(default_factory=set)
    refreshes: set[str] = field(default_factory=set)
    skipped_creates: set[str] = field(default_factory=set)
    pending_deletes: set[Resource] = field(default_factory=set)
    providers: dict[str, Resource] = field(default_factory=dict)
    dependent_keys: dict[str, list[str]] = field(default_factory=dict)
    aliased: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    refreshed: dict[Resource, Resource | None] = field(default_factory=dict)
    to_delete: list[Resource] = field(default_factory=list)
    failed: bool = False

    def operated_on(self, urn: str) -> bool:
        """Whether the resource is dealt with, under whichever name. Deletes do not count: a URN may have several."""
        urn = self.aliased.get(urn, urn)
        return any(urn in group for group in (self.sames, self.updates, self.replaces, self.reads, self.refreshes))

    def has_step(self, urn: str) -> bool:
        """Whether any step was made for the URN."""
        groups = (self.reads, self.creates, self.sames, self.updates, self.deletes, self.replaces)
        return any(urn in group for group in groups)

    def seen(self) -> set[str]:
        """All URNs that have steps, which nothing that comes later can need to come before."""
        return self.reads | self.creates | self.sames | self.updates | set(self.deletes) | self.replaces
