"""`--run-program`: a refresh or a destroy that runs the program too, for its providers' configuration and its hooks.

Such a run creates and changes nothing that a provider manages. Components and providers are taken up as in an update.
"""

from typing import TYPE_CHECKING

from trifold.engine.graph import Graph
from trifold.engine.looks import Refresh
from trifold.engine.rebase import rebase
from trifold.engine.requests import Answer, Register
from trifold.engine.state import Resource
from trifold.engine.steps import Delete, Same, Step

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment
    from trifold.engine.targets import Deletable


def refuse_hooks(run: "Deployment") -> bool:
    """Whether a destroy without the program is refused, and that told: the hooks of deletes are in the program."""
    found = False
    for one in run.base.resources:
        names = [*one.hooks.get("BeforeDelete", []), *one.hooks.get("AfterDelete", [])]
        if names:
            found = True
            run.error(
                one.urn, f"the program is not running, and has the hooks of this resource's delete: {', '.join(names)}"
            )
    if found:
        run.error("", "to destroy what has hooks for deletes, give --run-program")
    return found


def take_up(run: "Deployment", request: Register, old: Resource | None, new: Resource) -> list[Step] | None:
    """The steps for what the program registers; None if they are those of an update."""
    if not run.options.run_program or run.options.verb == "up":
        return None
    refresh = run.options.verb == "refresh"
    progress, managed = run.generator.progress, new.custom and not new.is_provider
    left_out = any(urn in progress.skipped_creates for urn in [*new.needs(), new.provider_urn])
    if left_out or (managed and old is None):
        if refresh and old is not None:
            return _as_found(request, old)
        if refresh:
            progress.sames.add(new.urn)
        progress.skipped_creates.add(new.urn)
        new.outputs = old.outputs if old is not None else new.outputs
        return [Same(new.copy(), new, request, skipped=True)]
    if refresh:
        return _as_found(request, old) if managed and old is not None else None
    progress.to_delete.append(new)
    if not managed or old is None:
        return None
    progress.sames.add(new.urn)
    new.inputs = old.inputs
    return [Same(old, new, request)]


def _as_found(request: Register, old: Resource) -> list[Step]:
    request.done(Answer(old))
    return []


def deletes(run: "Deployment", deletable: "Deletable") -> list[Step]:
    """The deletes of what the program registered, in a destroy."""
    progress = run.generator.progress
    going = [one for one in progress.to_delete if one in deletable]
    progress.deletes.update((one.urn, True) for one in going)
    return [Delete(one, None, others=progress.deletes) for one in going]


def graph(run: "Deployment") -> Graph:
    """What depends on what among all that may be deleted: what the program registered comes first."""
    progress = run.generator.progress
    if not progress.to_delete:
        return run.graph
    made = Graph([*progress.to_delete, *run.base.resources])
    for old, new in progress.refreshed.items():
        if new is not None:
            made.alias(new, old)
    return made


def refresh_rest(run: "Deployment") -> None:
    """Refresh what the program did not register."""
    progress = run.generator.progress
    targets, excludes = run.options.targets.copy(), run.options.excludes.copy()
    steps: dict[Resource, Refresh] = {}
    for one in run.base.resources:
        if one.view_of or progress.operated_on(one.urn):
            continue
        names = excludes if excludes.given else targets
        chosen = not names.given or (one.urn in names) != excludes.given
        grows = run.options.exclude_dependents if excludes.given else run.options.target_dependents
        if names.given and grows and chosen != excludes.given:
            for urn in one.needs():  # Pulumi's own way round: what the named one needs, not what needs it
                names.add(urn)
        if chosen:
            run.load_provider(one.provider)
            progress.refreshes.add(one.urn)
            steps[one] = Refresh(one, None)
    assert run.executor is not None
    run.executor.submit_all(list(steps.values()))
    rebase(run, steps)
