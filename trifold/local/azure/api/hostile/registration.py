"""Resource providers of a new subscription: most are not registered, and registering one takes its time.

https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types. What is refused here
are writes and actions; whether Azure also refuses reads of a provider that is not registered is not published.
"""

from trifold.local.azure.api.arm.ids import Target
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.api.wire import Raw
from trifold.local.hostile import Hostile

# https://learn.microsoft.com/azure/azure-resource-manager/management/azure-services-resource-providers: "registered by
# default".
ALWAYS = frozenset({"microsoft.resources", "microsoft.authorization", "microsoft.consumption"})


class Registration:
    """Since when each namespace, in lower case, is registered, by the hostile cloud's clock."""

    def __init__(self, hostile: Hostile) -> None:
        self._hostile = hostile
        self._since: dict[str, float] = {}

    def register(self, namespace: str) -> None:
        name = namespace.lower()
        wait = self._hostile.seconds(f"register {name}", self._hostile.measures.grants)
        self._since.setdefault(name, self._hostile.clock() + wait)

    def unregister(self, namespace: str) -> None:
        self._since.pop(namespace.lower(), None)

    def state(self, namespace: str) -> str:
        """In Azure's words."""
        name = namespace.lower()
        if name in ALWAYS:
            return "Registered"
        if name not in self._since:
            return "NotRegistered"
        return "Registered" if self._hostile.clock() >= self._since[name] else "Registering"

    def check(self, raw: Raw, target: Target) -> None:
        """Raises AzureError for a write to a provider that is not registered."""
        type = target.id.type if target.id else target.collection
        namespace, _, rest = type.partition("/")
        asks = target.tail.lower() in ("register", "unregister") or rest.lower().startswith("check")
        if raw.method in ("GET", "HEAD") or asks or self.state(namespace) == "Registered":
            return
        message = (f"The subscription is not registered to use namespace '{namespace}'. See "
                   "https://aka.ms/rps-not-found for how to register subscriptions.")  # fmt: skip
        code = "MissingSubscriptionRegistration"
        raise AzureError(code, message, 409, details=[{"code": code, "target": namespace, "message": message}])
