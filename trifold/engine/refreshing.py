"""Refreshes what state has before a run, or as all of it: each resource is read, and state becomes what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trifold.engine.answers import ProviderError
from trifold.engine.executor import Executor
from trifold.engine.looks import Refresh
from trifold.engine.rebase import rebase
from trifold.engine.state import Resource
from trifold.engine.steps import Step
from trifold.errors import UserError

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment


def refresh(run: Deployment) -> bool:
    """Refresh what state has, where that is asked for; False if a step failed."""
    only_marked = not run.options.refresh
    wanted = [one for one in _refreshable(run) if one.refresh_before_update or not only_marked]
    if not wanted and only_marked:
        return True
    try:
        for resource in wanted:
            run.load_provider(resource.provider)
    except (ProviderError, UserError) as error:
        run.error("", f"could not load provider: {error}")
        return False
    steps: list[Step] = [Refresh(one, None) for one in wanted]
    run.executor = executor = Executor(run, run.observer, run.options.parallel, ignore_errors=True)
    if run.interrupted.is_set():
        executor.stop()
    executor.submit_all(steps)
    executor.close()
    rebase(run, {step.old: step for step in steps if isinstance(step, Refresh) and step.old is not None})
    if executor.failure or run.interrupted.is_set():
        run.error("", "refresh failed" if executor.failure else "refresh canceled")
        return False
    return True


def _refreshable(run: Deployment) -> list[Resource]:
    """What the targets leave, in order."""
    targets, excludes = run.options.targets.copy(), run.options.excludes.copy()
    found = []
    for one in run.base.resources:
        if one.view_of:
            continue
        chosen = not targets.given or one.urn in targets
        if not chosen and run.options.target_dependents and any(urn in targets for urn in one.needs()):
            targets.add(one.urn)
            chosen = True
        if excludes.given and one.urn in excludes:
            chosen = False
        if excludes.given and run.options.exclude_dependents and any(urn in excludes for urn in one.needs()):
            excludes.add(one.urn)
            chosen = False
        if chosen:
            found.append(one)
    return found
