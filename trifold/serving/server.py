"""Start-up and end: find the package, check it, load it, warm it up, then listen; on SIGTERM drain."""

import gc
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from trifold.errors import UserError
from trifold.package import Package, load, verify
from trifold.serving import logs, settings
from trifold.serving.app import App
from trifold.serving.batching import Batcher
from trifold.serving.metrics import Metrics
from trifold.serving.platforms import Platform, adapter
from trifold.serving.rows import Reader
from trifold.serving.scorer import Scorer
from trifold.serving.settings import Settings
from trifold.serving.unpacking import find_package
from trifold.serving.warmup import warm_up


def main(arguments: Sequence[str]) -> int:
    """Serve until told to end. A start that fails ends with status 1 and its reason as the log's last line."""
    started = time.perf_counter()
    logs.install()
    try:
        chosen = settings.read(arguments, dict(os.environ))
        platform = adapter(chosen)
        package = opened(chosen, platform)
        serve(chosen, platform, package, started)
    except UserError as error:
        logs.emit("fatal", "not started", reason=error.what, where=error.where, next=error.next)
        return 1
    except Exception as error:  # a reason on one line is what a cloud shows of a failed start
        logs.emit("fatal", "not started", reason=f"{type(error).__name__}: {error}")
        return 1
    return 0


def opened(chosen: Settings, platform: Platform) -> Package:
    """The package that is to be served, its digests checked. Raises UserError naming the first file that is wrong."""
    folder = find_package(Path(chosen.package), chosen) if chosen.package else platform.locate(chosen)
    if not (folder / "manifest.json").is_file():
        folder = find_package(folder, chosen)
    verify(folder, score=False)  # the sample is scored by the session that will serve, in warm_up
    return load(folder)


def build(chosen: Settings, platform: Platform, package: Package, in_flight: Callable[[], int]) -> App:
    """The application, its model loaded and its sample scored."""
    signature = package.signature
    reader = Reader(signature, chosen.max_body)
    scorer = Scorer(Path(package.folder) / "model.onnx", signature, chosen.threads)
    warm_up(reader, scorer, package.sample)
    metrics = Metrics({"name": package.name, "digest": package.digest, "platform": platform.name})
    batcher = Batcher(scorer.score, in_flight, chosen.batch_wait, chosen.batch_rows, metrics.batch.observe)
    return App(platform, package.digest, reader, batcher, metrics, chosen.access_log)


def serve(chosen: Settings, platform: Platform, package: Package, started: float) -> None:
    """Listen until SIGTERM or SIGINT, then answer what has come and end."""

    def ready(port: int) -> None:
        spent = round((time.perf_counter() - started) * 1000)
        digest = package.digest
        logs.emit("info", "serving", platform=platform.name, model=package.name, digest=digest, port=port, ms=spent)

    server = Server(config(chosen), ready)
    app = build(chosen, platform, package, lambda: len(server.server_state.tasks))
    server.config.app = server.app = app
    settle()
    server.run()
    app.batcher.close()
    if not server.started:
        raise UserError(f"cannot listen on {chosen.host}:{chosen.port}", next="set TRIFOLD_PORT to a free one")
    logs.emit("info", "ended", requests=sum(app.metrics.requests.values()))


def settle() -> None:
    """Keep the collector away from what lives as long as the process, and let it come less often for the rest.

    A full collection over all imported modules takes milliseconds, which would be the slowest answers' whole time.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()  # it was off while modules were imported, see __main__


def config(chosen: Settings) -> uvicorn.Config:
    """uvicorn with what is quick, and nothing that a model server has no use for."""
    return uvicorn.Config(
        app="",
        host=chosen.host,
        port=chosen.port,
        loop="uvloop",
        http=HttpToolsProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=int(chosen.drain),
    )


class Server(uvicorn.Server):
    """uvicorn's server; it says when it listens, and that it drains once it was told to end."""

    app: App

    def __init__(self, config: uvicorn.Config, ready: Callable[[int], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: Any = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit:  # uvicorn's way to say that the port is taken; its own log line has the reason
            self.should_exit = True
            return
        self.ready(self.servers[0].sockets[0].getsockname()[1])

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Drain at the first signal; a second SIGINT ends at once. uvicorn's own would raise the signal again at the
        end, and a container that has drained ends with status 0."""
        if self.should_exit:
            self.force_exit = sig == signal.SIGINT
            return
        self.app.ready, self.should_exit = False, True
        logs.emit("info", "draining", signal=int(sig), in_flight=len(self.server_state.tasks))
