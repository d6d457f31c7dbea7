"""A deployed model: its replicas, started until healthy, watched, restarted when they end, drained before they stop."""

import asyncio
import itertools
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from trifold.local.contract import Server
from trifold.local.gcp.api.errors import GoogleError
from trifold.local.gcp.api.vertex.names import now

if TYPE_CHECKING:
    from trifold.local.gcp.api.vertex.replicas import Launcher, Plan

POLL = 0.1
DRAIN = 60.0
log = logging.getLogger("trifold.local.gcp")


@dataclass
class Replica:
    """healthy: its last health answer was a good one. busy: requests it is working on."""

    server: Server
    healthy: bool = False
    busy: int = 0


class Deployment:
    """meta: what the API shows of it. All replicas are watched until `stop`."""

    def __init__(self, plan: "Plan", launcher: "Launcher") -> None:
        self.meta: dict[str, Any] = dict(plan.meta)
        self.plan, self._launcher = plan, launcher
        self._replicas: list[Replica] = []
        self._watchers: dict[int, asyncio.Task[None]] = {}
        self._turn = itertools.count()
        self._client = httpx.AsyncClient(trust_env=False, timeout=None)
        self._updated, self._message = now(), ""

    @property
    def ident(self) -> str:
        return self.plan.ident

    @property
    def model(self) -> str:
        return self.plan.model

    @property
    def version(self) -> str:
        return self.plan.version

    @property
    def wanted(self) -> int:
        return int(self.meta["dedicatedResources"]["minReplicaCount"])

    def view(self) -> dict[str, Any]:
        ready = sum(replica.healthy for replica in self._replicas)
        status = {"availableReplicaCount": ready, "lastUpdateTime": self._updated}
        return {**self.meta, "status": {**status, **({"message": self._message} if self._message else {})}}

    async def start(self) -> None:
        """Returns when every replica is healthy. Raises what DeployModel's operation fails with."""
        await asyncio.gather(*(self._add() for _ in range(self.wanted)))

    async def resize(self, resources: Mapping[str, Any]) -> None:
        """Another number of replicas: more are added first, surplus ones are drained."""
        self.meta["dedicatedResources"] = dict(resources)
        await asyncio.gather(*(self._add() for _ in range(self.wanted - len(self._replicas))))
        for replica in self._replicas[self.wanted :]:
            self._replicas.remove(replica)
            await self._end(replica)

    async def stop(self, drain: bool = True) -> None:
        """Ends all processes; what they are working on is finished first."""
        replicas, self._replicas = self._replicas, []
        await asyncio.gather(*(self._end(replica, drain) for replica in replicas))
        await self._client.aclose()

    @asynccontextmanager
    async def replica(self) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
        """(client, address) of the next healthy replica. Raises UNAVAILABLE while there is none."""
        ready = [replica for replica in self._replicas if replica.healthy and replica.server.alive()]
        if not ready:
            raise self.unavailable()
        replica = ready[next(self._turn) % len(ready)]
        replica.busy += 1
        try:
            yield self._client, replica.server.url
        finally:
            replica.busy -= 1

    def unavailable(self) -> GoogleError:
        detail = f" {self._message}" if self._message else ""
        message = f"The model server of deployed model {self.ident} is not ready.{detail}"
        return GoogleError("UNAVAILABLE", message)

    async def _add(self) -> None:
        replica = Replica(await self._launcher.start(self.plan))
        self._replicas.append(replica)
        await self._until_ready(replica)
        self._watchers[id(replica)] = asyncio.create_task(self._watch(replica))

    async def _until_ready(self, replica: Replica) -> None:
        from trifold.local.gcp.api.vertex import replicas

        limit = time.monotonic() + self.plan.startup
        while not await self._healthy(replica):
            if not replica.server.alive():
                raise replicas.terminated(self.plan, replica.server)
            if time.monotonic() > limit:
                raise replicas.never_ready(self.plan, replica.server)
            await asyncio.sleep(POLL)
        replica.healthy = True

    async def _healthy(self, replica: Replica) -> bool:
        try:
            url = f"{replica.server.url.rstrip('/')}{self.plan.health}"
            answer = await self._client.get(url, timeout=self.plan.probe.timeout)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200

    async def _watch(self, replica: Replica) -> None:
        """Restarts the process when it ends or stays unhealthy, for as long as the deployment lasts."""
        while True:
            reason = await self._failure(replica)
            self._say(replica, healthy=False, message=reason)
            log.warning("%s of endpoint %s: %s", self.ident, self.plan.endpoint, reason)
            try:
                await replica.server.stop(grace=1.0)
                replica.server = await self._launcher.start(self.plan)
                await self._until_ready(replica)
            except GoogleError as error:
                self._say(replica, healthy=False, message=error.message)
                await asyncio.sleep(1.0)
                continue
            self._say(replica, healthy=True, message="")

    async def _failure(self, replica: Replica) -> str:
        """Waits until the replica has failed, and says how."""
        failures, due = 0, time.monotonic() + self.plan.probe.period
        while replica.server.alive():
            await asyncio.sleep(POLL)
            if time.monotonic() < due:
                continue
            failures = 0 if await self._healthy(replica) else failures + 1
            if failures >= self.plan.probe.failures:
                return "Model server became unhealthy: its health route does not answer. It is being restarted."
            due = time.monotonic() + self.plan.probe.period
        return f"Model server exited unexpectedly (exit_code: {replica.server.exit_status()}). It is being restarted."

    def _say(self, replica: Replica, healthy: bool, message: str) -> None:
        replica.healthy, self._message, self._updated = healthy, message, now()

    async def _end(self, replica: Replica, drain: bool = True) -> None:
        replica.healthy = False
        watcher = self._watchers.pop(id(replica), None)
        if watcher is not None:
            watcher.cancel()
            await asyncio.gather(watcher, return_exceptions=True)
        limit = time.monotonic() + (DRAIN if drain else 0)
        while replica.busy and time.monotonic() < limit:
            await asyncio.sleep(POLL / 2)
        await replica.server.stop()
