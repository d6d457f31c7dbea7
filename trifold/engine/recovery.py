"""Settles what an earlier run left unfinished: operations whose end is not on record.

A resource that was being created may exist or not. Its provider is asked for it by the inputs it was to be made with
(Read without an id, unless the id is known); if the provider finds it, it is taken into state as if its creation had
been recorded. If it says that there is none, it is forgotten. Where the provider cannot be asked, it stays where it is,
and the user is told what to do.

One that was being updated or deleted is read as by a refresh: the update may have been done, and it may be gone.

Only the kit's own providers are asked: another's answer to a Read without an id means nothing. There, Pulumi's way is
taken: a create stays listed until `refresh --clear-pending-creates`, the rest is forgotten, and the user is warned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trifold.engine.answers import PartialFailure, ProviderError
from trifold.engine.checkpoint import Operation, now
from trifold.engine.looks import Refresh
from trifold.engine.plugins import LOCAL_MARK
from trifold.engine.rebase import rebase
from trifold.engine.state import Resource
from trifold.engine.steps import StepFailed
from trifold.errors import UserError

# The kit's own provider, on real and local clouds alike.
OWN = "trifold"

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment


def settle_pending(run: Deployment) -> None:
    """Settle the unfinished operations in the run's base, before it begins."""
    if not run.base.pending:
        return
    left: list[Operation] = []
    looks: dict[Resource, Refresh] = {}
    unasked: list[Operation] = []
    telling: dict[str, bool] = {}
    for operation in run.base.pending:
        resource = operation.resource
        if not resource.custom or resource.is_provider or resource.external:
            continue  # nothing was made outside
        package = resource.type.partition(":")[0]
        if package not in telling:
            telling[package] = _tells(run, package)
        if not telling[package] and not (resource.id and operation.kind == "creating"):
            unasked.append(operation)
            continue
        try:
            if operation.kind == "creating":
                _settle(run, resource)
            elif operation.kind in ("updating", "deleting"):
                _look_again(run, operation, looks)
        except (ProviderError, UserError, StepFailed) as error:
            if operation.kind == "creating":
                left.append(operation)
            run.warn(resource.urn, _advice(operation.kind, str(error)))
    if unasked and run.options.verb != "refresh":
        run.warn("", _warning(unasked))
    asked = len(run.base.pending) > len(unasked)
    run.base.pending = left + [one for one in unasked if one.kind == "creating"]
    if asked:
        rebase(run, looks)


def _tells(run: Deployment, package: str) -> bool:
    """Whether the package's provider finds what it made without its id: the kit's own do, and say so by a mark."""
    if package == OWN:
        return True
    try:
        provider = run.registry.open(package)
    except (ProviderError, UserError):
        return False  # the run will say what is wrong with it
    try:
        return provider.version.partition("+")[2] == LOCAL_MARK
    finally:
        provider.close()


def _warning(operations: list[Operation]) -> str:
    """In Pulumi's words."""
    lines = "".join(f"  * {one.resource.urn}, interrupted while {one.kind}\n" for one in operations)
    return (
        f"Attempting to deploy or update resources with {len(operations)} pending operations from previous "
        f"deployment.\n{lines}These resources are in an unknown state because the engine was interrupted while waiting "
        "for changes to these resources to complete. Confirm with their provider whether the operations were done. "
        "`trifold refresh` looks what became of updates and deletes; a create stays listed until `trifold refresh "
        "--import-pending-creates URN --import-pending-creates ID` or `--clear-pending-creates`."
    )


def _provider(run: Deployment, resource: Resource) -> Any:
    if not run.load_provider(resource.provider):
        raise UserError(f"its provider {resource.provider} is not in state")
    return run.provider_of(resource)


def _look_again(run: Deployment, operation: Operation, looks: dict[Resource, Refresh]) -> None:
    """Find out what there is now of a resource that state has."""
    entry = _entry(run.base.resources, operation.resource)
    if entry is None or entry.pending_replacement:
        return
    _provider(run, entry)
    look = Refresh(entry, None)
    look.apply(run)
    looks[entry] = look
    if look.gone:
        run.info(entry.urn, f"an interrupted run was {operation.kind} it: it is gone")


def _entry(resources: list[Resource], begun: Resource) -> Resource | None:
    """State's entry of it. A run that renames it writes the operation under the old name, as Pulumi's does."""
    found = [one for one in resources if one.id == begun.id and one.type == begun.type]
    return next((one for one in found if one.urn == begun.urn), found[0] if found else None)


def _settle(run: Deployment, resource: Resource) -> None:
    provider = _provider(run, resource)
    try:
        found = provider.read(resource.urn, resource.id, resource.inputs, None, resource.timeouts.read)
        ident, outputs = found.id, found.outputs
    except PartialFailure as error:
        ident, outputs, resource.init_errors = error.id, error.outputs, error.reasons
    if not ident:
        run.info(resource.urn, "its creation was interrupted; its provider knows none, so it counts as not created")
        return
    if any(one.urn == resource.urn and one.id == ident for one in run.base.resources):
        return  # its record was saved, only the end of the operation was not
    held = next((one for one in run.base.resources if one.id == ident and one.type == resource.type), None)
    if held is not None and held.urn != resource.urn:  # two of one name, as where a child was moved without an alias
        raise UserError(f"what is found by its name is {ident}, which is {held.urn}")
    resource.id, resource.outputs = ident, outputs
    resource.created = resource.modified = now()
    _put(run, resource)
    run.info(resource.urn, f"an interrupted run had created it as {ident}: it is taken over")


def _put(run: Deployment, resource: Resource) -> None:
    """Into the base, before all that needs it; what it was to replace goes, or is to be deleted."""
    before: list[Resource] = []
    after: list[Resource] = []
    names, replaced = {resource.urn}, (resource.urn, *resource.aliases)
    for one in run.base.resources:
        if one.urn in replaced and not one.delete:
            if one.pending_replacement:
                continue
            one.delete = True
        if one.provider_urn in names or any(urn in names for urn in one.needs()):
            names.add(one.urn)
            after.append(one)
        else:
            before.append(one)
    run.base.resources = [*before, resource, *after]


def _advice(kind: str, why: str) -> str:
    if kind != "creating":
        return f"an interrupted run was {kind} it, and what became of it cannot be read ({why}); `trifold refresh` may"
    return (
        f"its creation was interrupted, and it is not known whether it exists ({why}). If it does, import it (the "
        "option `import_`) or delete it by hand; this run creates it anew. It stays listed until it can be told."
    )
