"""After a refresh: what state has is what was found; names of what is gone are taken out of what needed it."""

from typing import TYPE_CHECKING

from trifold.engine.state import Resource

if TYPE_CHECKING:
    # Not at run time: who only reads a state does without Pulumi's gRPC classes, whose google.rpc.Status keeps Google's
    # SDKs from being imported in the same process.
    from trifold.engine.deployment import Deployment
    from trifold.engine.looks import Refresh


def rebase(run: "Deployment", steps: "dict[Resource, Refresh]") -> None:
    """Replace the run's base by what the refresh steps found."""
    resources: list[Resource] = []
    there: set[str] = set()
    for old in run.base.resources:
        new = steps[old].after if old in steps else old
        if new is None:
            continue
        _forget(new, there)
        resources.append(new)
        there.add(new.urn)
    _adopt_orphans(resources, there)
    run.base.resources = resources
    run.rebuild()
    run.base.pending = [one for one in run.base.pending if one.kind == "creating"]
    if run.recorder is not None:
        run.recorder.rebase()


def without_dangling(resources: list[Resource]) -> list[Resource]:
    """The resources; those that name what is not before them are copies that do not."""
    there: set[str] = set()
    parents: dict[str, str] = {}
    found = []
    for one in resources:
        if any(urn not in there for urn in one.needs()):
            one = one.copy()
            _forget(one, there)
            if one.parent not in there:
                one.parent = parents.get(one.parent, "")
        parents[one.urn] = one.parent
        there.add(one.urn)
        found.append(one)
    return found


def _forget(resource: Resource, there: set[str]) -> None:
    """Take out of a resource's needs what no more comes before it; properties without needs lose their entry."""
    resource.dependencies = [urn for urn in resource.dependencies if urn in there]
    left = {key: [urn for urn in needed if urn in there] for key, needed in resource.property_dependencies.items()}
    resource.property_dependencies = {key: needed for key, needed in left.items() if needed}
    if resource.deleted_with not in there:
        resource.deleted_with = ""
    resource.replace_with = [urn for urn in resource.replace_with if urn in there]


def _adopt_orphans(resources: list[Resource], there: set[str]) -> None:
    """A resource whose parent is gone gets its parent's parent."""
    parents: dict[str, str] = {}
    for resource in resources:
        if resource.parent and resource.parent not in there:
            resource.parent = parents.get(resource.parent, "")
        parents[resource.urn] = resource.parent
