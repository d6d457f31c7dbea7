"""InvokeEndpoint: to a variant by weight or name, to its least busy instance, and back with what SageMaker lets by."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.sagemaker import words
from trifold.local.aws.api.sagemaker.endpoints import SERVES, Endpoint
from trifold.local.aws.api.sagemaker.fleet import Variant
from trifold.local.aws.api.sagemaker.instance import Instance
from trifold.local.aws.api.sagemaker.records import Store
from trifold.local.aws.api.wire import Call, Reply

PAYLOAD_LIMIT = 25 * 1024 * 1024
TIME_LIMIT = 60.0
CUSTOM = "X-Amzn-SageMaker-Custom-Attributes"


class Runtime:
    def __init__(self, store: Store[Endpoint], client: httpx.AsyncClient) -> None:
        self._store, self._client = store, client

    async def invoke(self, call: Call) -> Reply:
        given = call.parameters
        if len(call.raw.body) > PAYLOAD_LIMIT:
            raise AwsError("413", f"HTTP content length exceeded {PAYLOAD_LIMIT} bytes.", 413)
        endpoint = self._store.find(given["EndpointName"])
        if endpoint is None or endpoint.fleet is None or endpoint.status not in SERVES:
            raise AwsError("ValidationError", words.unknown_endpoint(given["EndpointName"]))
        variant = _variant(endpoint, given.get("TargetVariant"))
        answer = await self._ask(endpoint, variant, call)
        return _passed_on(endpoint, variant, answer)

    async def _ask(self, endpoint: Endpoint, variant: Variant, call: Call) -> httpx.Response:
        """One container's answer; an instance that takes no connection gives way to the next."""
        for _ in range(len(variant.instances)):
            instance = variant.least_busy()
            if instance is None:
                break
            try:
                return await self._send(instance, call)
            except httpx.ConnectError:
                instance.doubt()
            except TimeoutError:
                raise _model_error(endpoint, 0, words.TIMED_OUT) from None
            except httpx.HTTPError as error:
                raise _model_error(endpoint, 500, f"{type(error).__name__}: {error}") from None
        raise AwsError("ServiceUnavailable", "The service is unavailable. Try your call again.", 503)

    async def _send(self, instance: Instance, call: Call) -> httpx.Response:
        given = call.parameters
        headers = {
            "Content-Type": given.get("ContentType"),
            "Accept": given.get("Accept"),
            CUSTOM: given.get("CustomAttributes"),
        }
        sent = {name: value for name, value in headers.items() if value is not None}
        instance.in_flight += 1
        try:
            async with asyncio.timeout(TIME_LIMIT):
                url = f"{instance.url}/invocations"
                return await self._client.post(url, content=call.raw.body, headers=sent, timeout=TIME_LIMIT + 1)
        finally:
            instance.in_flight -= 1


def _variant(endpoint: Endpoint, wanted: str | None) -> Variant:
    assert endpoint.fleet is not None
    if wanted is None:
        return endpoint.fleet.choose()
    if wanted not in endpoint.fleet.variants:
        raise AwsError("ValidationError", words.unknown_variant(wanted))
    return endpoint.fleet.variants[wanted]


def _passed_on(endpoint: Endpoint, variant: Variant, answer: httpx.Response) -> Reply:
    if not answer.is_success:
        raise _model_error(endpoint, answer.status_code, answer.text)
    headers = {"x-Amzn-Invoked-Production-Variant": variant.name}
    for name in ("Content-Type", CUSTOM):
        if name in answer.headers:
            headers[name] = answer.headers[name]
    return Reply(200, headers, answer.content)


def _model_error(endpoint: Endpoint, status: int, message: str) -> AwsError:
    members: Mapping[str, Any] = {
        "OriginalStatusCode": status,
        "OriginalMessage": message,
        "LogStreamArn": "",
        "Message": words.container_error(endpoint.name, status, message),
    }
    return AwsError("ModelError", str(members["Message"]), 424, members)
