"""One instance of a variant: a server process with its copy of the model, pinged as SageMaker pings it."""

import asyncio
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.sagemaker import archive, words
from trifold.local.aws.api.sagemaker.archive import LaunchFailed
from trifold.local.aws.api.sagemaker.logs import LogStream
from trifold.local.aws.api.sagemaker.metrics import Metrics
from trifold.local.aws.api.sagemaker.records import Model
from trifold.local.contract import Context, Server, ServerSpec, UnknownImage

PING_TIMEOUT = 2.0
PING_PERIOD = 5.0
PINGS_FAILED = 3
LOOK = 0.1
# SageMaker's own where the configuration gives none: eight minutes to answer a ping.
STARTUP_LIMIT = 480
DOWNLOAD_LIMIT = 1800
DRAIN_LIMIT = 60.0


@dataclass(frozen=True)
class Tools:
    """What an instance works with."""

    context: Context
    emulator: Emulator
    client: httpx.AsyncClient


class Instance:
    """Runs from `launch` to `stop`; in between a watch restarts it when its process dies or stops answering."""

    def __init__(self, tools: Tools, endpoint: str, variant: Mapping[str, Any], model: Model) -> None:
        self.id = f"i-{secrets.token_hex(8)}"
        self._passed = False
        self.trouble = ""
        self.in_flight = 0
        self._tools, self._variant, self._model = tools, variant, model
        self._label = f"{endpoint}-{self._name}-{self.id[2:8]}"
        self._folder = tools.context.state / "sagemaker" / self._label
        role = str(model.given["ExecutionRoleArn"])
        self._log = LogStream(tools.emulator, role, endpoint, f"{self._name}/{self.id}")
        self._metrics = Metrics(tools.emulator, role, endpoint, self._name, self._folder)
        self._server: Server | None = None
        self._watch: asyncio.Task[None] | None = None
        self._labels = {"endpoint": endpoint, "variant": self._name, "model": model.name}

    @property
    def healthy(self) -> bool:
        """Whether it takes requests: its process lives and passed its pings."""
        return self._passed and self._alive()

    def doubt(self) -> None:
        """It takes no connection: no more requests until the watch has looked."""
        self._passed = False

    @property
    def _name(self) -> str:
        return str(self._variant["VariantName"])

    @property
    def url(self) -> str:
        return self._server.url if self._server else ""

    async def launch(self) -> None:
        """Download, start, wait for the first healthy ping. Raises LaunchFailed; call `stop` then too."""
        await self._download()
        await self._start()
        await self._first_ping()
        self._watch = asyncio.create_task(self._keep_alive())

    async def stop(self, drain: float = 0.0) -> None:
        """End it, after at most `drain` seconds for the requests it still works on."""
        if self._watch:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        self._passed = False
        with suppress(TimeoutError):
            async with asyncio.timeout(drain):
                while self.in_flight:
                    await asyncio.sleep(LOOK / 2)
        if self._server:
            await self._server.stop()
            await self._log.ship(self._server.log)
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def _download(self) -> None:
        url = self._model.container.get("ModelDataUrl")
        if not url:
            self._models.mkdir(parents=True, exist_ok=True)
            return
        limit = self._variant.get("ModelDataDownloadTimeoutInSeconds", DOWNLOAD_LIMIT)
        try:
            async with asyncio.timeout(limit):
                await asyncio.to_thread(archive.place, self._tools.emulator, url, self._models)
        except TimeoutError:
            raise LaunchFailed(words.slow_download(self._name)) from None

    @property
    def _models(self) -> Path:
        return self._folder / "model"

    async def _start(self) -> None:
        workspace = self._folder / "workspace"
        workspace.mkdir(parents=True, exist_ok=True)
        image = str(self._model.container["Image"])
        environment = {**self._model.container.get("Environment", {}), "SM_MODEL_DIR": str(self._models)}
        spec = ServerSpec(self._label, image, "sagemaker", environment, workspace, ("serve",), self._labels)
        starting = asyncio.ensure_future(self._tools.context.processes.start(spec))
        try:
            self._server = await asyncio.shield(starting)
        except UnknownImage:
            raise LaunchFailed(words.no_image(self._name)) from None
        except asyncio.CancelledError:
            # A process that was about to start is ours to stop.
            self._server = await starting
            raise

    async def _first_ping(self) -> None:
        limit = self._variant.get("ContainerStartupHealthCheckTimeoutInSeconds", STARTUP_LIMIT)
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                while self._alive() and not await self._ping():
                    await asyncio.sleep(LOOK)
        self._passed = self._alive() and await self._ping()
        if self._server:
            await self._log.ship(self._server.log)
        await self._metrics.ship()
        if not self.healthy:
            raise LaunchFailed(words.no_ping(self._name, self._log.last))
        self.trouble = ""

    def _alive(self) -> bool:
        return self._server is not None and self._server.alive()

    async def _ping(self) -> bool:
        try:
            answer = await self._tools.client.get(f"{self.url}/ping", timeout=PING_TIMEOUT)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200

    async def _keep_alive(self) -> None:
        """Look whether the process lives; ping it now and then; start it again where it does not serve."""
        failed, since = 0, 0.0
        while True:
            await asyncio.sleep(LOOK)
            since += LOOK
            if self._alive() and since >= PING_PERIOD:
                since = 0.0
                failed = 0 if await self._ping() else failed + 1
                if self._server:
                    await self._log.ship(self._server.log)
                await self._metrics.ship()
            if not self.healthy or failed >= PINGS_FAILED:
                await self._restart()
                failed, since = 0, 0.0

    async def _restart(self) -> None:
        """Until it serves again; the pause doubles, as the platform's back-off does."""
        self._passed, pause = False, LOOK
        while not self.healthy:
            self.trouble = words.no_ping(self._name)
            if self._server:
                await self._server.stop(grace=1.0)
            try:
                await self._start()
                await self._first_ping()
            except LaunchFailed as failure:
                self.trouble = str(failure)
                await asyncio.sleep(pause := min(pause * 2, 30.0))
