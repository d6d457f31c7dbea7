"""Finds the old state of a resource, under its own name or another that it had."""

from collections.abc import Iterator
from typing import Protocol

from trifold.engine import urn as urns
from trifold.engine.progress import Progress
from trifold.engine.state import Alias, Resource


class Run(Protocol):
    """What is needed of the run."""

    stack: str
    project_name: str
    olds: dict[str, Resource]

    def error(self, urn: str, text: str) -> None: ...
    def alias_provider(self, urn: str, old: str) -> None: ...


def find_old(
    run: Run, progress: Progress, urn: str, type: str, name: str, parent: str, aliases: list[Alias]
) -> tuple[Resource | None, bool]:
    """The old state, and whether the name is free: two resources may not claim one old state."""
    free = True
    if urn in progress.aliased:
        free = False
        run.error(
            urn,
            f"Duplicate resource alias '{urn}' applied to resource that was registered as '{progress.aliased[urn]}'",
        )
    for candidate in [urn, *dict.fromkeys(_candidates(run, progress, type, name, parent, aliases))]:
        old = run.olds.get(candidate)
        if old is None:
            continue
        if candidate != urn:
            claimed = urn if candidate in progress.urns else progress.aliased.get(candidate)
            if claimed:
                free = False
                run.error(
                    urn, f"Duplicate resource alias '{candidate}' applied to resource '{urn}': '{claimed}' has it"
                )
            progress.aliased[candidate] = urn
            progress.aliases[urn] = candidate
            run.alias_provider(urn, candidate)
        return old, free
    return None, free


def _candidates(run: Run, progress: Progress, type: str, name: str, parent: str, aliases: list[Alias]) -> Iterator[str]:
    own = [_urn_of(run, progress, type, name, parent, alias) for alias in aliases]
    yield from own
    old_parent = progress.aliases.get(parent)
    if old_parent:
        parent_name = urns.name(parent)
        yield _inherited(run, type, name, parent_name, old_parent)
        for urn in own:
            yield _inherited(run, urns.type_of(urn), urns.name(urn), parent_name, old_parent)


def _urn_of(run: Run, progress: Progress, type: str, name: str, parent: str, alias: Alias) -> str:
    if alias.urn:
        return alias.urn
    outer = parent
    if alias.parent:
        outer = progress.aliases.get(alias.parent, alias.parent)
    if alias.no_parent or urns.is_root(outer):
        outer = ""
    return urns.make(
        alias.stack or run.stack, alias.project or run.project_name, outer, alias.type or type, alias.name or name
    )


def _inherited(run: Run, type: str, name: str, parent_name: str, old_parent: str) -> str:
    """A child's old name, its parent having been `old_parent`: by custom a child's name begins with its parent's."""
    if name.startswith(parent_name):
        name = urns.name(old_parent) + name.removeprefix(parent_name)
    return urns.make(run.stack, run.project_name, old_parent, type, name)
