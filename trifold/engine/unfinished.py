"""Tells what a run left: operations whose end nobody knows, and what was asked for and not begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trifold.engine import urn as urns
from trifold.engine.requests import Read, Register

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment

NAMED: Final = 5


def tell_what_is_left(run: Deployment) -> None:
    """Tell the user, at the end of a run that was interrupted or lost an answer."""
    if run.recorder is None:
        return
    opened = {one.resource.urn: one.kind for one in run.recorder.open_operations()}
    command = f"trifold {run.options.verb} -s {run.stack}"
    for urn, kind in opened.items():
        run.info(urn, f"{kind} it began, and its end is not known; `{command}` asks the provider what became of it")
    if run.interrupted.is_set():
        names = [name for name in _not_begun(run) if name not in {urns.name(urn) for urn in opened}]
        what = f"not done: {_listed(names)}. " if names else ""
        run.info("", f"{what}What was done is in the state; to go on: {command}")


def _not_begun(run: Deployment) -> list[str]:
    """The names of what was asked for, or was to be deleted, and was not come to."""
    assert run.recorder is not None
    there = set(run.recorder.kept())
    asked = [one.goal.name for one in run.inbox.unanswered if isinstance(one, Register)]
    looked_at = [one.name for one in run.inbox.unanswered if isinstance(one, Read)]
    kept = [one for one in run.going if one.old in there and not one.resource.is_provider and not urns.is_root(one.urn)]
    return [*asked, *looked_at, *(urns.name(one.urn) for one in kept)]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
