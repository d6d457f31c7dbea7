"""Creates that a killed run left unfinished, settled by what the user knows of them: `refresh`'s flags for it."""

import dataclasses

from trifold.engine import checkpoint
from trifold.engine.checkpoint import Operation, Snapshot
from trifold.engine.stack import Stack
from trifold.errors import UserError


def settle_creates(stack: Stack, imports: list[str], *, clear: bool) -> None:
    """Give pending creates their ids ([URN, ID, ...]), so that the run reads them; forget the rest if `clear`."""
    if len(imports) % 2:
        raise UserError("each URN must be followed by an ID: found an odd number of entries")
    ids = dict(zip(imports[::2], imports[1::2], strict=True))
    with stack.locked(preview=False):
        found = stack.load()
        unknown = ids.keys() - {one.resource.urn for one in found.pending if one.kind == "creating"}
        if unknown:
            raise UserError("no create of this resource is pending", where=", ".join(sorted(unknown)))
        kept = [_with_id(one, ids) for one in found.pending if _stays(one, ids, clear)]
        stack.files.save(checkpoint.dump(stack.files.full_name, Snapshot(found.resources, kept), stack.secrets))


def _stays(operation: Operation, ids: dict[str, str], clear: bool) -> bool:
    return operation.kind != "creating" or operation.resource.urn in ids or not clear


def _with_id(operation: Operation, ids: dict[str, str]) -> Operation:
    urn = operation.resource.urn
    if urn not in ids:
        return operation
    return dataclasses.replace(operation, resource=dataclasses.replace(operation.resource, id=ids[urn]))
