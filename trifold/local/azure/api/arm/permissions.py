"""What a role allows: actions with wildcards, less what it excepts, apart for the control plane and for data.

https://learn.microsoft.com/azure/role-based-access-control/role-definitions: a `*` stands for any text, "/" in it too;
case does not count; what is excepted by one role another may still allow.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Permissions:
    """One entry of a role definition's `permissions`."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()

    def allow(self, action: str, data: bool = False) -> bool:
        """Whether an operation ("Microsoft.Storage/storageAccounts/write") is among them. data: on the data plane."""
        given, excepted = (
            (self.data_actions, self.not_data_actions) if data else (self.actions, self.not_actions)
        )  # fmt: skip
        return _any(given, action) and not _any(excepted, action)

    def shown(self) -> dict[str, Any]:
        return {
            "actions": list(self.actions),
            "notActions": list(self.not_actions),
            "dataActions": list(self.data_actions),
            "notDataActions": list(self.not_data_actions),
        }


@dataclass(frozen=True)
class Role:
    """A role definition: its name, and what it allows."""

    name: str
    permissions: Permissions


def read(shown: Mapping[str, Any]) -> Permissions:
    """An entry as a request spells it; what is left out is none."""
    names = ("actions", "notActions", "dataActions", "notDataActions")
    return Permissions(*(tuple(shown.get(name) or ()) for name in names))


def _any(patterns: Iterable[str], action: str) -> bool:
    return any(_pattern(one).fullmatch(action) for one in patterns)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split("*")), re.IGNORECASE)
