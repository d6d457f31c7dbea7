"""Changes of a stack's state by hand: resources forgotten or unprotected, the stack renamed. No provider is asked."""

import dataclasses
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trifold.engine import checkpoint
from trifold.engine import urn as urns
from trifold.engine.backend import StackFiles, write
from trifold.engine.checkpoint import Snapshot
from trifold.engine.graph import Graph
from trifold.engine.stack import Stack
from trifold.engine.state import Resource
from trifold.errors import UserError


def forget(stack: Stack, chosen: Collection[str], *, dependents: bool = False, force: bool = False) -> list[str]:
    """Take resources out of the state; the URNs taken. UserError for one that is needed, or protected."""
    with _edited(stack) as snapshot:
        graph = Graph(snapshot.resources)
        going = set(_known(snapshot, chosen))
        for resource in list(going):
            needing = set(graph.depending_on(resource, children=True)) - going
            if needing and not dependents:
                names = ", ".join(sorted(one.urn for one in needing))
                raise UserError(
                    f"{resource.urn} can't be safely deleted because it is needed", names, "--target-dependents"
                )
            going |= needing
        protected = [one.urn for one in going if one.protect]
        if protected and not force:
            raise UserError("the resource is protected", ", ".join(protected), "--force forgets it all the same")
        snapshot.resources = [one for one in snapshot.resources if one not in going]
        return sorted(one.urn for one in going)


def protect(stack: Stack, chosen: Collection[str] | None, protected: bool) -> int:
    """Set or clear the protection of resources, of all if None; how many were changed."""
    with _edited(stack) as snapshot:
        found = snapshot.resources if chosen is None else _known(snapshot, chosen)
        changed = [one for one in found if one.protect != protected]
        for one in changed:
            one.protect = protected
        return len(changed)


def rename(stack: Stack, name: str) -> None:
    """Give the stack another name: in its files' names, its URNs and its history. UserError if that one exists."""
    new = stack.files.backend.stack(stack.files.project, name)
    if new.exists():
        raise UserError(f"a stack named '{name}' already exists")

    def changed(text: str) -> str:
        return _with_stack(text, stack.name, name)

    with stack.locked(preview=False):
        found = stack.load()
        resources = [_renamed(one, changed) for one in found.resources]
        pending = [dataclasses.replace(one, resource=_renamed(one.resource, changed)) for one in found.pending]
        text = checkpoint.dump(new.full_name, Snapshot(resources, pending), stack.secrets)
        write(new.checkpoint, text.encode())
        remove_checkpoint(stack.files)
        _move_history(stack.files, new)
    file = stack.file_config.file
    if file.exists():
        file.replace(file.with_name(f"Pulumi.{name}.yaml"))


def remove_checkpoint(files: StackFiles) -> None:
    """Take a stack's checkpoint away; the last one stays as `.bak`, as Pulumi leaves it."""
    if files.checkpoint.exists():
        files.checkpoint.replace(f"{files.checkpoint}.bak")
    for file in (Path(f"{files.checkpoint}.attrs"), files.journal):
        file.unlink(missing_ok=True)


@contextmanager
def _edited(stack: Stack) -> Iterator[Snapshot]:
    """The state, locked, and saved at the end."""
    with stack.locked(preview=False):
        snapshot = stack.load()
        yield snapshot
        stack.files.save(checkpoint.dump(stack.files.full_name, snapshot, stack.secrets))


def _known(snapshot: Snapshot, chosen: Collection[str]) -> list[Resource]:
    found = [one for one in snapshot.resources if one.urn in chosen]
    missing = set(chosen) - {one.urn for one in found}
    if missing:
        raise UserError(f"No such resource {', '.join(sorted(missing))} exists in the current state")
    return found


def _with_stack(text: str, old: str, new: str) -> str:
    """A URN, or a reference to a provider, with the stack's new name; the stack's own resource is called by it too."""
    begin = f"{urns.PREFIX}{old}::"
    if not text.startswith(begin):
        return text
    rest = text.removeprefix(begin)
    project = rest.partition("::")[0]
    if rest == f"{project}::{urns.ROOT_TYPE}::{project}-{old}":
        rest = f"{project}::{urns.ROOT_TYPE}::{project}-{new}"
    return f"{urns.PREFIX}{new}::{rest}"


def _renamed(one: Resource, changed: Callable[[str], str]) -> Resource:
    lists: dict[str, Any] = {
        name: [changed(urn) for urn in getattr(one, name)] for name in ("dependencies", "replace_with")
    }
    texts: dict[str, Any] = {
        name: changed(getattr(one, name)) for name in ("urn", "parent", "provider", "deleted_with", "view_of")
    }
    needs = {key: [changed(urn) for urn in found] for key, found in one.property_dependencies.items()}
    return dataclasses.replace(one, **lists, **texts, property_dependencies=needs)


def _move_history(old: StackFiles, new: StackFiles) -> None:
    place, target = (files.backend.root / "history" / files.project / files.name for files in (old, new))
    if place.exists():
        target.mkdir(parents=True, exist_ok=True)
        for file in sorted(place.iterdir()):
            file.replace(target / file.name.replace(f"{old.name}-", f"{new.name}-", 1))
