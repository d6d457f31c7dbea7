"""Vertex AI put together."""

from collections.abc import Mapping
from typing import Any

from trifold.local.contract import Context
from trifold.local.gcp.api.access import Access
from trifold.local.gcp.api.iam import ServiceAccounts
from trifold.local.gcp.api.identity import Identities
from trifold.local.gcp.api.storage.store import Store
from trifold.local.gcp.api.vertex.artifacts import Artifacts
from trifold.local.gcp.api.vertex.endpoints import Endpoints
from trifold.local.gcp.api.vertex.lro import LongRunning
from trifold.local.gcp.api.vertex.models import Models
from trifold.local.gcp.api.vertex.names import check_parent
from trifold.local.gcp.api.vertex.predict import Predictions
from trifold.local.gcp.api.vertex.replicas import Launcher
from trifold.local.gcp.api.wire import Call
from trifold.local.gcp.cloud import LOCATION, PROJECT


class Vertex:
    def __init__(self, context: Context, identities: Identities, accounts: ServiceAccounts, store: Store,
                 access: Access) -> None:  # fmt: skip
        self._operations = LongRunning()
        self._models = Models(self._operations, Artifacts(store, access))
        self._endpoints = Endpoints(self._operations, self._models, Launcher(context, identities, accounts))
        self._predictions = Predictions(self._endpoints)

    def handlers(self) -> Mapping[str, Any]:
        return {
            "projects.locations.get": _location,
            **self._operations.handlers(),
            **self._models.handlers(),
            **self._endpoints.handlers(),
            **self._predictions.handlers(),
        }

    async def close(self) -> None:
        await self._operations.close()
        await self._endpoints.close()


def _location(call: Call) -> Mapping[str, Any]:
    """The one location. Raises Google's answers for every other."""
    check_parent(call.path)
    return {"name": f"projects/{PROJECT}/locations/{LOCATION}", "locationId": LOCATION}
