"""What depends on what among the resources of a state, whose list has each after all that it needs."""

from collections.abc import Collection, Sequence

from trifold.engine.state import Resource


class Graph:
    """The dependencies of a list of resources; a refreshed resource may stand in for the one it was."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        self.resources = list(resources)
        self._index = {resource: index for index, resource in enumerate(resources)}
        self._by_urn: dict[str, list[int]] = {}
        self._children: dict[str, list[int]] = {}
        last: dict[str, int] = {}
        for index, resource in enumerate(resources):
            self._by_urn.setdefault(resource.urn, []).append(index)
            last[resource.urn] = index
            parent = resource.parent
            while parent:
                self._children.setdefault(parent, []).append(index)
                parent = resources[last[parent]].parent if parent in last else ""

    def __contains__(self, resource: Resource) -> bool:
        return resource in self._index

    def alias(self, new: Resource, old: Resource) -> None:
        self._index[new] = self._index[old]

    def depending_on(
        self, resource: Resource, ignore: Collection[str] = (), *, children: bool = False
    ) -> list[Resource]:
        """All that needs the resource, directly or not, in order; `children`: those it is the parent of too."""
        found: list[Resource] = []
        urns = {resource.urn}
        for candidate in self.resources[self._index[resource] + 1 :]:
            if candidate.urn in ignore:
                continue
            if candidate.provider_urn in urns or any(urn in urns for urn in candidate.needs(parent=children)):
                found.append(candidate)
                urns.add(candidate.urn)
        return found

    def dependencies_of(self, resource: Resource) -> set[Resource]:
        """What the resource needs directly: also its parent, and what is inside components that it needs."""
        at, found = self._index[resource], set()
        wanted = set(resource.needs(parent=False)) | {resource.provider_urn}
        for urn in wanted:
            for index in self._before(urn, at):
                found.add(self.resources[index])
                if not self.resources[index].custom:
                    found |= {self.resources[child] for child in self._children.get(urn, ()) if child < at}
        found |= {self.resources[index] for index in self._before(resource.parent, at)}
        return found

    def _before(self, urn: str, at: int) -> list[int]:
        return [index for index in self._by_urn.get(urn, ()) if index < at]

    def transitive_dependencies_of(self, resource: Resource) -> set[Resource]:
        """All that the resource needs. Of a URN's generations, what is to be deleted needs the one to be deleted.

        Of a provider's it needs also the one that its reference tells: one to be deleted, where a run ended before it
        came to what used it. Pulumi leaves that out, and saves a state that it refuses to read.
        """
        generations = {(one.urn, one.delete): one for one in self.resources}
        providers = {f"{one.urn}::{one.id}": one for one in self.resources if one.is_provider}
        found: set[Resource] = set()
        todo = [resource]
        while todo:
            one = todo.pop()
            needs = [providers.get(one.provider)]
            for urn in {*one.needs(), one.provider_urn}:
                needs.append(generations.get((urn, one.delete)) or generations.get((urn, not one.delete)))
            for needed in needs:
                if needed is not None and needed not in found:
                    found.add(needed)
                    todo.append(needed)
        return found - {resource}
