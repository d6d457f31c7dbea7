"""Policies of their own, for resources of one kind, and the three methods that each such kind has for them."""

from collections.abc import Callable
from typing import Any

from trifold.local.gcp.api import policies
from trifold.local.gcp.api.wire import Call


class OwnPolicies:
    """named: the key of the resource that a call is about; it raises NOT_FOUND."""

    def __init__(self, named: Callable[[Call], str]) -> None:
        self._named = named
        self._policies: dict[str, dict[str, Any]] = {}

    def handlers(self, base: str) -> dict[str, Any]:
        """By method name, `base` being the kind's: "projects.serviceAccounts"."""
        return {
            f"{base}.getIamPolicy": self._of,
            f"{base}.setIamPolicy": self._replace,
            f"{base}.testIamPermissions": self._test,
        }

    def forget(self, name: str) -> None:
        """The resource is gone."""
        self._policies.pop(name, None)

    def _of(self, call: Call) -> dict[str, Any]:
        return self._policies.get(self._named(call), policies.empty())

    def _replace(self, call: Call) -> dict[str, Any]:
        made = policies.replaced(self._of(call), call.body.get("policy", {}))
        self._policies[self._named(call)] = made
        return made

    def _test(self, call: Call) -> dict[str, Any]:
        held, asked = [self._of(call)], call.body.get("permissions", [])
        return {"permissions": [one for one in asked if policies.allowed_of(held, call.caller, one)]}
