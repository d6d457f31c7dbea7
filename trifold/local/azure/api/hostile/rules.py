"""The rules of a hostile cloud, asked by Resource Manager before and after what it does, and by the Blob service."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trifold.local.azure.api.arm.ids import ResourceId, Target
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.entra import Caller
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.api.hostile import exclusion, quota, registration, throttling
from trifold.local.azure.api.hostile.deleted import Deleted
from trifold.local.azure.api.wire import Raw
from trifold.local.hostile import Hostile, Measures

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure


class Rules:
    """deleted: what is gone and keeps its name."""

    def __init__(self, azure: "Azure", hostile: Hostile) -> None:
        self._azure, self._hostile = azure, hostile
        self.registration = registration.Registration(hostile)
        self.deleted = Deleted()
        self._written: set[str] = set()

    def admit(self, raw: Raw, target: Target, caller: Caller) -> None:
        """Raises AzureError for a call that Resource Manager does not pass on."""
        throttling.throttle(self._hostile, self._azure.operations, raw, caller)
        self.registration.check(raw, target)

    def busy(self, raw: Raw) -> None:
        """The same of a call of the Blob service."""
        throttling.busy(self._hostile, raw)

    def writable(self, id: ResourceId) -> None:
        """Raises AzureError where something else is under way with a resource, or its group is going."""
        exclusion.check(self._azure.store, id)

    @contextmanager
    def alone(self, credential: ResourceId) -> Iterator[None]:
        """While a federated credential is written. Raises AzureError where another of its identity's is."""
        owner = credential.parent.text if credential.parent else ""
        if owner.lower() in self._written:
            raise exclusion.written_at_once(owner)
        self._written.add(owner.lower())
        try:
            yield
        finally:
            self._written.discard(owner.lower())

    def affordable(self, deployment: ResourceId, size: str, count: int) -> None:
        """Raises AzureError for more cores than a new subscription has."""
        quota.check(self._azure.store, deployment, size, count)

    def made(self, resource: Resource) -> None:
        """A new resource: lists show it, and the directory knows its principal, a while later."""
        late = self._hostile.seconds(f"lag {resource.id.key}", self._hostile.measures.lag)
        resource.hidden["found"] = self._hostile.clock() + late

    def fails_late(self, resource: Resource) -> None:
        """Raises AzureError for an operation that ends badly after it was accepted.

        Nobody tries a deployment again for its caller, neither azure-native nor an SDK: so it happens where a test asks
        for more of it than the clouds' own share, and not else.
        """
        share = self._hostile.measures.late
        if share > Measures.late and self._hostile.once(f"late {resource.id.key}", share):
            raise AzureError("InternalServerError", "An internal server error occurred. Please try again later.", 500)
