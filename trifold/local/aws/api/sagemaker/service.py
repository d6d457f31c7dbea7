"""SageMaker put together: which handler answers which operation, and what all of them share."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.sagemaker.endpoints import Endpoint, Endpoints
from trifold.local.aws.api.sagemaker.instance import Tools
from trifold.local.aws.api.sagemaker.models import EndpointConfigs, Models
from trifold.local.aws.api.sagemaker.records import EndpointConfig, Model, Store
from trifold.local.aws.api.sagemaker.runtime import Runtime
from trifold.local.aws.api.sagemaker.tags import Tags
from trifold.local.aws.api.wire import Call, Reply
from trifold.local.contract import Context

Handler = Callable[[Call], Awaitable[Mapping[str, Any] | Reply | None]]
# It would write a line for every ping and every request.
logging.getLogger("httpx").setLevel(logging.WARNING)
# Idle connections are dropped before the server drops them (uvicorn: 5 s), so none is used as it closes.
POOL = httpx.Limits(max_connections=256, max_keepalive_connections=64, keepalive_expiry=2.0)


class SageMaker:
    def __init__(self, context: Context, emulator: Emulator) -> None:
        models: Store[Model] = Store("model")
        configs: Store[EndpointConfig] = Store("endpoint-config")
        endpoints: Store[Endpoint] = Store("endpoint")
        self._all = endpoints
        self._client = httpx.AsyncClient(trust_env=False, limits=POOL)
        self._tags = Tags(lambda arn: any(store.has(arn) for store in (models, configs, endpoints)))
        self._models = Models(emulator, models, self._tags)
        self._configs = EndpointConfigs(configs, models, self._tags)
        tools = Tools(context, emulator, self._client)
        self._endpoints = Endpoints(tools, endpoints, configs, models, self._tags)
        self._runtime = Runtime(endpoints, self._client)

    def handlers(self) -> dict[tuple[str, str], Handler]:
        """By service and operation."""
        kinds: dict[str, Any] = {"Model": self._models, "EndpointConfig": self._configs, "Endpoint": self._endpoints}
        found: dict[str, Handler] = {}
        for kind, owner in kinds.items():
            found |= {f"Create{kind}": owner.create, f"Describe{kind}": owner.describe}
            found |= {f"Delete{kind}": owner.delete, f"List{kind}s": owner.page}
        found |= {
            "UpdateEndpoint": self._endpoints.update,
            "UpdateEndpointWeightsAndCapacities": self._endpoints.update_weights,
            "AddTags": self._tags.add,
            "ListTags": self._tags.page,
            "DeleteTags": self._tags.delete,
        }
        own = {("sagemaker", name): handler for name, handler in found.items()}
        return own | {("sagemaker-runtime", "InvokeEndpoint"): self._runtime.invoke}

    def has_variant(self, endpoint: str, variant: str) -> bool:
        """Whether an endpoint runs a variant of that name."""
        found = self._all.find(endpoint)
        return found is not None and found.fleet is not None and variant in found.fleet.variants

    def tagged(self) -> dict[str, dict[str, str]]:
        """The tags of what is there, by ARN."""
        return self._tags.all()

    async def close(self) -> None:
        await self._endpoints.close()
        await self._client.aclose()
