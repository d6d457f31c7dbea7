"""Policies of their own, for resources of one kind, and the three methods that each such kind has for them."""

from collections.abc import Callable
from typing import Any

from trifold.local.gcp.api import policies
from trifold.local.gcp.api.access import Access
from trifold.local.gcp.api.errors import GoogleError
from trifold.local.gcp.api.policies import Held
from trifold.local.gcp.api.wire import Call


class OwnPolicies:
    """named: the key of the resource that a call is about; it raises NOT_FOUND."""

    def __init__(self, named: Callable[[Call], str], access: Access) -> None:
        self._named, self._access = named, access
        self._policies: dict[str, Held] = {}

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

    def held(self, name: str) -> Held:
        """The policy of a resource by its key."""
        if name not in self._policies:
            self._policies[name] = self._access.policy(policies.empty(), name)
        return self._policies[name]

    def about(self, call: Call) -> tuple[Held, ...]:
        """The policy of what a call is about; none where that does not exist, or the call is about no single one."""
        try:
            return (self.held(self._named(call)),)
        except (GoogleError, KeyError):
            return ()

    def _of(self, call: Call) -> dict[str, Any]:
        return self.held(self._named(call)).now

    def _replace(self, call: Call) -> dict[str, Any]:
        return self._access.replace(self.held(self._named(call)), call.body.get("policy", {}))

    def _test(self, call: Call) -> dict[str, Any]:
        held, asked = self.held(self._named(call)), call.body.get("permissions", [])
        return {"permissions": [one for one in asked if self._access.allows(call.caller, one, held)]}
