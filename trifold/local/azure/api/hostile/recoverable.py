"""Deleted vaults over Resource Manager: listed, shown, purged. A friendly cloud keeps none."""

from typing import TYPE_CHECKING

from trifold.local.azure.api.arm.ids import Target
from trifold.local.azure.api.hostile.deleted import Deleted
from trifold.local.azure.api.wire import Raw, Reply, json_reply

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

ONE = "microsoft.keyvault/locations/deletedvaults"


def answer(azure: "Azure", raw: Raw, target: Target) -> Reply | None:
    """The answer where the path is one of these; None for all others."""
    held = azure.rules.deleted if azure.rules else Deleted()
    if raw.method == "GET" and target.collection.lower() == "microsoft.keyvault/deletedvaults":
        return json_reply(200, {"value": list(held.shown())})
    if target.id is None or target.id.type.lower() != ONE:
        return None
    if raw.method == "POST" and target.tail.lower() == "purge":
        held.purge_vault(target.id.name)
        return Reply(200)
    return json_reply(200, held.shown_vault(target.id.name)) if raw.method == "GET" and not target.tail else None
