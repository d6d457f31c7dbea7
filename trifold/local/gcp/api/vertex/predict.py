"""Predictions: chosen by the traffic split, sent to the container, and answered as Vertex AI passes them on.

`predict` passes only `predictions` and says which deployed model answered; `rawPredict` passes the body. Neither passes
the container's own headers.
"""

import json
from typing import Any

import httpx

from trifold.local.gcp.api.errors import GoogleError, invalid
from trifold.local.gcp.api.vertex.deployment import Deployment
from trifold.local.gcp.api.vertex.endpoint import Endpoint
from trifold.local.gcp.api.vertex.endpoints import BASE, Endpoints
from trifold.local.gcp.api.wire import Call, Reply

# cloud.google.com/vertex-ai/docs/predictions/choose-endpoint-type: shared and dedicated public endpoints.
SHARED_BYTES, DEDICATED_BYTES = 1_572_864, 10_485_760
SHARED_SECONDS, DEDICATED_SECONDS = 60.0, 600.0
STATUSES = {
    400: "INVALID_ARGUMENT",
    404: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    415: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class Predictions:
    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints

    def handlers(self) -> dict[str, Any]:
        return {f"{BASE}.predict": self.predict, f"{BASE}.rawPredict": self.raw_predict}

    async def predict(self, call: Call) -> Any:
        endpoint, deployment = self._chosen(call)
        asked = {
            name: whole(call.body[name]) for name in ("instances", "parameters") if call.body.get(name) is not None
        }
        answer = await self._ask(endpoint, deployment, json.dumps(asked).encode(), "application/json")
        predictions = _predictions(answer.content)
        return {
            "predictions": predictions,
            "deployedModelId": deployment.ident,
            "model": deployment.model,
            "modelDisplayName": deployment.plan.model_name,
            "modelVersionId": deployment.version,
        }

    async def raw_predict(self, call: Call) -> Reply:
        endpoint, deployment = self._chosen(call)
        given = call.raw.headers.get("content-type", "application/json")
        answer = await self._ask(endpoint, deployment, call.raw.body, given)
        sort = answer.headers.get("content-type", "application/json")
        own = {"x-vertex-ai-endpoint-id": endpoint.ident, "x-vertex-ai-deployed-model-id": deployment.ident}
        return Reply(200, {"content-type": sort, **own}, answer.content)

    def _chosen(self, call: Call) -> tuple[Endpoint, Deployment]:
        endpoint = self._endpoints.find(call)
        host = call.raw.host.partition(":")[0]
        if endpoint.dedicated and host != endpoint.dedicated:
            raise _elsewhere(endpoint)
        limit = DEDICATED_BYTES if endpoint.dedicated else SHARED_BYTES
        if len(call.raw.body) > limit:
            # GoogleCloudPlatform/python-docs-samples#1247
            raise invalid(f"Request payload size exceeds the limit: {limit} bytes.")
        return endpoint, endpoint.choose()

    async def _ask(self, endpoint: Endpoint, deployment: Deployment, content: bytes, sort: str) -> httpx.Response:
        seconds = _seconds(endpoint)
        async with deployment.replica() as (client, url):
            try:
                answer = await client.post(
                    f"{url.rstrip('/')}{deployment.plan.predict}",
                    content=content,
                    headers={"content-type": sort},
                    timeout=seconds,
                )
            except httpx.TimeoutException:
                which = f"endpoint_id: {endpoint.ident}, deployed_model_id: {deployment.ident}"
                message = f"Took too long to respond when processing {which}"
                # 503, as the notebooks of GoogleCloudPlatform/vertex-ai-samples (Model Garden) warn of it.
                raise GoogleError("UNAVAILABLE", message) from None
            except httpx.HTTPError as error:
                raise deployment.unavailable() from error
        if answer.status_code >= 300:
            raise _failed(answer)
        return answer


def whole(found: Any) -> Any:
    """Whole numbers without a fraction: a prediction's values pass Google's gateway as doubles (protobuf Value), and it
    writes those that are whole as 5, however the client's SDK wrote them."""
    if isinstance(found, dict):
        return {name: whole(value) for name, value in found.items()}
    if isinstance(found, list):
        return [whole(value) for value in found]
    return int(found) if isinstance(found, float) and found.is_integer() and abs(found) < 2**53 else found


def _elsewhere(endpoint: Endpoint) -> GoogleError:
    """The refusal of the shared host for an endpoint that has one of its own."""
    kind = "This endpoint is a dedicated endpoint and cannot be accessed through the shared Vertex AI API."
    message = f"{kind} Please access the endpoint using its dedicated DNS name '{endpoint.dedicated}'."
    return GoogleError("FAILED_PRECONDITION", message)


def _seconds(endpoint: Endpoint) -> float:
    given = endpoint.meta.get("clientConnectionConfig", {}).get("inferenceTimeout")
    if endpoint.dedicated:
        return float(given.removesuffix("s")) if given else DEDICATED_SECONDS
    return SHARED_SECONDS


def _failed(answer: httpx.Response) -> GoogleError:
    """The container's own refusal: its status, and its body as the message."""
    status = STATUSES.get(answer.status_code, "INVALID_ARGUMENT" if answer.status_code < 500 else "INTERNAL")
    return GoogleError(status, answer.text, http=answer.status_code)


def _predictions(content: bytes) -> list[Any]:
    try:
        predictions = json.loads(content)["predictions"]
    except (ValueError, KeyError, TypeError):
        predictions = None
    if not isinstance(predictions, list):
        message = "The response of the model server is not a JSON object with a list of `predictions`."
        raise GoogleError("FAILED_PRECONDITION", message)
    return predictions
