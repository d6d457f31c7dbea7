"""The clouds by name: the same files in each folder, so the same components."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.capabilities.foundation import Account


@dataclass(frozen=True)
class Cloud:
    """One cloud's account check and components; see infra/capabilities/ for what each takes and gives."""

    verify: Callable[..., Account]
    Foundation: Callable[..., Any]
    Storage: Callable[..., Any]
    Endpoint: Callable[..., Any]
    Budget: Callable[..., Any]
    Access: Callable[..., Any]


def load(cloud: str) -> Cloud:
    """The components of a cloud (a key of infra.offers.OFFERS); its SDK is imported here, and no other cloud's."""
    account, foundation, storage, endpoint, budget, access = (
        importlib.import_module(f"infra.{cloud}.{name}")
        for name in ("account", "foundation", "storage", "endpoint", "budget", "access")
    )
    return Cloud(
        account.verify, foundation.Foundation, storage.Storage, endpoint.Endpoint, budget.Budget, access.Access
    )
