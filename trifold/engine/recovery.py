"""Settles what a killed run left unfinished: creates whose answer is not on record.

Such a resource may exist or not. Its provider is asked for it by the inputs it was to be made with (Read without an
id); if the provider finds it, it is taken into state as if its creation had been recorded. If it says that there is
none, it is forgotten. Where the provider cannot be asked, it stays where it is, and the user is told what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trifold.engine.answers import PartialFailure, ProviderError
from trifold.engine.checkpoint import Operation, now
from trifold.engine.state import Resource
from trifold.errors import UserError

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment
    from trifold.engine.journal import Recorder


def settle_pending(run: Deployment, recorder: Recorder) -> None:
    """Settle the unfinished creates in the run's base, before it begins."""
    unfinished = [one for one in run.base.pending if one.kind == "creating"]
    if not unfinished:
        return
    left: list[Operation] = []
    for operation in unfinished:
        resource = operation.resource
        if not resource.custom or resource.is_provider:
            continue  # nothing was made outside
        try:
            _settle(run, resource)
        except (ProviderError, UserError) as error:
            left.append(operation)
            run.warn(resource.urn, _advice(str(error)))
    run.base.pending = left
    run.rebuild()
    recorder.rebase()


def _settle(run: Deployment, resource: Resource) -> None:
    if not run.load_provider(resource.provider):
        raise UserError(f"its provider {resource.provider} is not in state")
    provider = run.provider_of(resource)
    try:
        found = provider.read(resource.urn, "", resource.inputs, None, resource.timeouts.read)
        ident, outputs = found.id, found.outputs
    except PartialFailure as error:
        ident, outputs, resource.init_errors = error.id, error.outputs, error.reasons
    if not ident:
        run.info(resource.urn, "its creation was interrupted; its provider knows none, so it counts as not created")
        return
    if any(one.urn == resource.urn and one.id == ident for one in run.base.resources):
        return  # its record was saved, only the end of the operation was not
    resource.id, resource.outputs = ident, outputs
    resource.created = resource.modified = now()
    _put(run, resource)
    run.info(resource.urn, f"an interrupted run had created it as {ident}: it is taken over")


def _put(run: Deployment, resource: Resource) -> None:
    """Into the base; where it was to replace another, that one goes, or is to be deleted."""
    kept = []
    for one in run.base.resources:
        if one.urn == resource.urn and not one.delete:
            if one.pending_replacement:
                continue
            one.delete = True
        kept.append(one)
    run.base.resources = [*kept, resource]


def _advice(why: str) -> str:
    return (
        f"its creation was interrupted, and it is not known whether it exists ({why}). If it does, import it (the "
        "option `import_`) or delete it by hand; this run creates it anew. It stays listed until it can be told."
    )
