"""The scoring host: who may call, which deployment answers, and the status codes of online endpoints.

https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints#http-status-codes
"""

import asyncio
import hmac
import random
import time
import uuid
from typing import TYPE_CHECKING

import httpx

from trifold.local.azure.api.arm.grants import allows
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.entra import ML
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.api.ml.endpoints import DEPLOYMENTS, ENDPOINTS
from trifold.local.azure.api.ml.runtime import Instance, Running
from trifold.local.azure.api.wire import Raw, Reply
from trifold.local.azure.cloud import LOCATION, SCORING_SUFFIX

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

CHOICE = "azureml-model-deployment"
DROPPED = {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date", "authorization", "host",
           CHOICE, "accept-encoding"}  # fmt: skip


class Scoring:
    def __init__(self, azure: "Azure") -> None:
        self._azure = azure

    async def handle(self, raw: Raw) -> Reply:
        """The answer to one request to an endpoint's host."""
        request_id = raw.headers.get("x-ms-client-request-id") or str(uuid.uuid4())
        try:
            reply = await self._score(raw)
        except AzureError as error:
            headers = {"content-type": "text/plain; charset=utf-8", **error.headers}
            reply = Reply(error.status, headers, error.message.encode())
        return Reply(reply.status, {**reply.headers, "x-ms-request-id": request_id}, reply.body)

    async def _score(self, raw: Raw) -> Reply:
        endpoint = self._endpoint(raw.host)
        self._authenticate(endpoint, raw)
        deployment = self._deployment(endpoint, raw.headers.get(CHOICE, ""))
        running = self._azure.runtime.running(deployment.id)
        assert running is not None
        instance = await _admitted(running)
        try:
            answer = await asyncio.wait_for(self._send(running, instance, raw), running.requests.timeout)
        except TimeoutError:
            raise AzureError("RequestTimeout", "Request timeout: the model took longer than the deployment's "
                             f"request_timeout_ms of {running.requests.timeout * 1000:.0f}.", 408,
                             headers={CHOICE: deployment.id.name}) from None  # fmt: skip
        finally:
            instance.busy -= 1
            running.changed.set()
        return _passed(answer, deployment)

    def _endpoint(self, host: str) -> Resource:
        name = host.lower().partition(":")[0].removesuffix(f".{LOCATION}{SCORING_SUFFIX}")
        for one in self._azure.store.of_kind(ENDPOINTS):
            if one.id.name.lower() == name:
                return one
        raise AzureError("NotFound", f"There is no endpoint at {host}.", 404)

    def _authenticate(self, endpoint: Resource, raw: Raw) -> None:
        scheme, _, given = raw.headers.get("authorization", "").partition(" ")
        mode = endpoint.properties["authMode"].lower()
        if scheme.lower() != "bearer" or not given:
            raise _unauthorized(f"{mode}_auth_bad_header_forbidden")
        if mode == "key":
            known = (endpoint.hidden["primaryKey"], endpoint.hidden["secondaryKey"])
            if not any(hmac.compare_digest(given.encode(), one.encode()) for one in known):
                raise _unauthorized("key_auth_access_denied")
        elif mode == "amltoken":
            if endpoint.hidden["tokens"].get(given, 0) < time.time():
                raise _unauthorized("token_auth_access_denied")
        else:
            try:
                caller = self._azure.entra.caller(raw, ML)
            except AzureError:
                raise _unauthorized("aad_token_auth_access_denied") from None
            # https://learn.microsoft.com/azure/machine-learning/how-to-authenticate-online-endpoint: an action, not one
            # on data. How the service words the refusal is not published.
            if not allows(self._azure, caller.object_id, f"{ENDPOINTS}/score/action", endpoint.id.text, data=False):
                raise AzureError("Forbidden", "aad_token_auth_access_denied", 403)

    def _deployment(self, endpoint: Resource, chosen: str) -> Resource:
        """By header, or by the weights; only those that run."""
        if chosen:
            found = self._azure.store.get(endpoint.id.child("deployments", chosen))
            if found is None or self._azure.runtime.running(found.id) is None:
                raise AzureError("NotFound", f"The deployment '{chosen}' does not exist or is not ready.", 404)
            return found
        weights = {name: weight for name, weight in endpoint.properties["traffic"].items() if weight}
        running = {
            one.id.name: one
            for one in self._azure.store.below(endpoint.id)
            if one.kind == DEPLOYMENTS and one.id.name in weights and self._azure.runtime.running(one.id)
        }
        if not running:
            raise AzureError("NotFound", "The endpoint doesn't have any valid deployment with positive weight.", 404)
        names = list(running)
        return running[random.choices(names, [weights[name] for name in names])[0]]

    async def _send(self, running: Running, instance: Instance, raw: Raw) -> httpx.Response:
        headers = {name: value for name, value in raw.headers.items() if name not in DROPPED}
        path = raw.path if raw.path != "/score" else running.routes["scoring"]
        url = f"{instance.server.url}{path}" + (f"?{raw.query}" if raw.query else "")
        try:
            return await self._azure.runtime.client.request(raw.method, url, headers=headers, content=raw.body)
        except httpx.HTTPError:
            raise _model_error(502, "the container closed the connection", b"") from None


async def _admitted(running: Running) -> Instance:
    """An instance with room, waited for as long as the queue's settings say.

    At most twice what the instances may work on is let in; more is rejected at once.
    """
    most = 2 * running.requests.concurrency * max(1, len(running.instances))
    if running.waiting + sum(one.busy for one in running.instances) >= most:
        raise _too_many(f"there are {most} requests already")
    deadline = time.monotonic() + running.requests.queue
    running.waiting += 1
    try:
        while True:
            room = [one for one in running.instances if one.ready and one.busy < running.requests.concurrency]
            if room:
                chosen = min(room, key=lambda one: one.busy)
                chosen.busy += 1
                return chosen
            left = deadline - time.monotonic()
            if left <= 0:
                if not running.instances:
                    raise _model_error(503, "no instance of the deployment is running", b"")
                raise _too_many("the time in the queue is over")
            running.changed.clear()
            try:
                await asyncio.wait_for(running.changed.wait(), left)
            except TimeoutError:
                continue
    finally:
        running.waiting -= 1


def _passed(answer: httpx.Response, deployment: Resource) -> Reply:
    """The container's answer with its own headers; any status but 200 becomes 424."""
    own = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in DROPPED}
    headers = {**own, CHOICE: deployment.id.name}
    if answer.status_code == 200:
        return Reply(200, headers, answer.content)
    failed = _model_error(answer.status_code, answer.reason_phrase, answer.content)
    return Reply(failed.status, {**headers, **failed.headers}, answer.content)


def _model_error(status: int, reason: str, body: bytes) -> AzureError:
    headers = {"ms-azureml-model-error-statuscode": str(status), "ms-azureml-model-error-reason": reason}
    return AzureError("ModelError", body.decode("utf-8", "replace") or f"Model error: {reason}.", 424, headers=headers)


def _unauthorized(reason: str) -> AzureError:
    return AzureError("Unauthorized", reason, 401, headers={"www-authenticate": "Bearer"})


def _too_many(why: str) -> AzureError:
    return AzureError("TooManyRequests", f"Too many pending requests: {why}.", 429)
