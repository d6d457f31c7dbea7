"""What goes at the end of a run: old resources that nobody asked for, and in which order."""

from typing import TYPE_CHECKING

from trifold.engine import with_program
from trifold.engine.executor import Executor
from trifold.engine.graph import Graph
from trifold.engine.state import Resource
from trifold.engine.steps import Delete, ForgetReplaced, Same, Step

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment


def delete_rest(run: "Deployment", executor: Executor) -> None:
    """Delete what nobody asked for, what needs others before those; what needs one that failed stays."""
    kept, going = steps_at_end(run)
    run.going = going
    if kept:
        executor.submit(kept).result()
    doomed: set[Resource] = set()
    graph = with_program.graph(run)
    for steps in in_rounds(graph, going):
        for failed in executor.failed_steps:
            for resource in (failed.resource, failed.old):
                if resource is not None and resource in graph:
                    doomed |= graph.transitive_dependencies_of(resource)
        executor.submit_all([step for step in steps if step.resource not in doomed])


def steps_at_end(run: "Deployment") -> tuple[list[Step], list[Step]]:
    """(steps for what stays untouched, steps for what goes), in no order."""
    from trifold.engine.generator import Bail

    progress, deletable = run.generator.progress, run.generator.targets.deletable()
    kept: list[Step] = []
    going: list[Step] = []
    for found in run.base.resources:
        if found not in deletable:
            if not progress.operated_on(found.urn):
                new = found.copy()
                new.id = ""
                kept.append(Same(found, new, None, untargeted=True))
            continue
        resource = progress.refreshed.get(found) or found
        step = _step_for(run, resource)
        if step is not None:
            going.append(step)
            run.load_provider(resource.provider)
    going += with_program.deletes(run, deletable)
    untargeted = [step.urn for step in going if run.options.targets.given and step.urn not in run.options.targets]
    if untargeted and not run.options.target_dependents:
        for urn in untargeted:
            run.error(urn, f"Resource '{urn}' will be destroyed but was not specified in --target list.")
        progress.failed = True
        if not run.preview:
            raise Bail("")
    return kept, going


def _step_for(run: "Deployment", resource: Resource) -> Step | None:
    progress = run.generator.progress
    if resource.delete:
        if resource in progress.pending_deletes:
            return None
        progress.deletes[resource.urn] = True
        return Delete(resource, None, replacing=True, others=progress.deletes)
    if progress.operated_on(resource.urn):
        return None
    progress.deletes[resource.urn] = True
    if resource.pending_replacement:
        return ForgetReplaced(resource, None)
    return Delete(resource, None, others=progress.deletes)


def in_rounds(graph: Graph, steps: list[Step]) -> list[list[Step]]:
    """The steps in rounds: those of one round may run side by side, each round when the one before is through.

    A resource goes in a later round than all that needs it.
    """
    by_resource = {step.resource: step for step in steps}
    depth: dict[Resource, int] = {}
    # State lists what a resource needs before it, so each needed one's depth is known when it is asked for.
    for resource in sorted(by_resource, key=lambda one: graph._index[one]):
        needed = graph.dependencies_of(resource) & by_resource.keys()
        depth[resource] = max((depth.get(one, 0) for one in needed if one in depth), default=-1) + 1
    rounds: list[list[Step]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for resource, level in depth.items():
        rounds[level].append(by_resource[resource])
    return rounds[::-1]
