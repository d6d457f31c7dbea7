"""The whole of the local Azure, put together: who may ask, what exists, what runs."""

from trifold.local.azure.api.arm import plain, roles, storage
from trifold.local.azure.api.arm.activity import Activity
from trifold.local.azure.api.arm.grants import Grants
from trifold.local.azure.api.arm.longrunning import Operations
from trifold.local.azure.api.arm.manager import Manager
from trifold.local.azure.api.arm.store import Resource, Store
from trifold.local.azure.api.blob.azurite import Azurite
from trifold.local.azure.api.blob.service import BlobService
from trifold.local.azure.api.entra import Entra
from trifold.local.azure.api.hostile.rules import Rules
from trifold.local.azure.api.ml import assets, endpoints, workspace
from trifold.local.azure.api.ml.access import Access
from trifold.local.azure.api.ml.runtime import Runtime
from trifold.local.azure.api.ml.scoring import Scoring
from trifold.local.contract import Context

KINDS = (*plain.KINDS, *roles.KINDS, *storage.KINDS, *workspace.KINDS, *assets.KINDS, *endpoints.KINDS)


class Azure:
    """A fresh subscription with nothing in it."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.entra = Entra(self)
        self.store = Store()
        self.unregistered: set[str] = set()  # resource providers, in lower case
        self.operations = Operations()
        self.activity = Activity(self)
        self.blobs = BlobService(self, Azurite(context.sidecars["azurite"][0]))
        self.access = Access(self)
        self.grants = Grants(self)
        self.rules = Rules(self, context.hostile) if context.hostile else None
        self.runtime = Runtime(self)
        self.manager = Manager(self, {kind.type: kind for kind in KINDS})
        self.scoring = Scoring(self)

    def settled(self, resource: Resource) -> bool:
        """Whether others than who made a resource find it already: its principal in the directory, itself in lists."""
        hostile = self.context.hostile
        return hostile is None or hostile.clock() >= resource.hidden.get("found", 0.0)

    async def close(self) -> None:
        await self.operations.close()
        await self.runtime.close()
        await self.blobs.azurite.close()
