"""A whole operation on a stack: open it, lock it, run, save what happened. What the command line and pytest call."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from trifold.engine.backend import ORGANIZATION
from trifold.engine.config import Resolved
from trifold.engine.events import Events, Sink
from trifold.engine.interpreter import Interpreter
from trifold.engine.options import Options
from trifold.engine.orphans import advice
from trifold.engine.stack import Stack
from trifold.engine.unfinished import tell_what_is_left
from trifold.engine.urn import is_provider_type, package_of
from trifold.errors import UserError

# Seconds that a program has to end by itself when the run is over, and after a Ctrl-C.
GRACE = 10.0
PATIENCE = 2.0
CHANGING = frozenset({"create", "update", "delete", "replace", "import"})


@dataclass(frozen=True)
class Outcome:
    """How it ended. changes: resources by operation; outputs: the stack's, as property values."""

    ok: bool
    changes: Mapping[str, int]
    seconds: float
    outputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return any(count for op, count in self.changes.items() if op in CHANGING)

    def unexpected(self, options: Options) -> str:
        """What is wrong with changes where none were expected, in Pulumi's words; "" if nothing is."""
        if not (self.ok and self.changed and options.expect_no_changes):
            return ""
        named = "preview" if options.preview else {"up": "update"}.get(options.verb, options.verb)
        return f"no changes were expected for {named} but changes were proposed"


def run(
    stack: Stack,
    options: Options,
    *,
    environment: Mapping[str, str] | None = None,
    sinks: tuple[Sink, ...] = (),
    message: str = "",
    providers: Callable[[str], int | None] | None = None,
    interpreter: Interpreter | None = None,
) -> Outcome:
    """Run one operation; raises UserError before anything was begun, else the outcome tells.

    providers: the port of a package's provider that this process serves itself (see trifold.testing), or None.
    interpreter: one that was begun for this run, and is closed with it.
    """
    environment = os.environ if environment is None else environment
    interpreter = interpreter or Interpreter(stack.project, environment)
    events = Events(*sinks)
    with stack.locked(options.preview):
        return _Operation(stack, options, environment, events, message, providers, interpreter).run()


class Terminated(BaseException):
    """The user wants it to end now, whatever runs."""


class _Operation:
    def __init__(
        self,
        stack: Stack,
        options: Options,
        environment: Mapping[str, str],
        events: Events,
        message: str,
        providers: Callable[[str], int | None] | None,
        interpreter: Interpreter,
    ) -> None:
        self.stack, self.options, self.environment, self.events = stack, options, environment, events
        self.message, self.providers = message, providers
        self.interpreter = interpreter
        self.started = time.time()

    def run(self) -> Outcome:
        self.stack.secrets.begin()
        if self.options.runs_program:
            self.interpreter.begin()
        try:
            return self._run_stack()
        finally:
            self.interpreter.close()

    def _run_stack(self) -> Outcome:
        from trifold.engine.deployment import Deployment
        from trifold.engine.plugins import Host

        base = self.stack.load()
        config = self.stack.config()
        self.events.prelude(
            {key: "[secret]" if key in config.secret_keys else value for key, value in config.values.items()}
        )
        if self.stack.orphans:
            self.events.diagnostic("warning", "", advice(self.stack.orphans))
        recorder = None
        if not self.options.preview:
            self.stack.secrets.verify()
            recorder = self.stack.recorder(base)
        host = Host(self.stack.project, self.environment, attached=self.providers)
        deployment = Deployment(
            stack=self.stack.name,
            project_name=self.stack.project.name,
            options=self.options,
            base=base,
            host=host,
            events=self.events,
            recorder=recorder,
            outputs_of=self.stack.outputs_of,
        )
        try:
            ok = self._run(deployment, host, config, recorder)
        except Terminated:
            deployment.error("", f"{'preview' if self.options.preview else 'update'} terminated")
            ok = False
        finally:
            host.close()
            if recorder is not None:
                recorder.finish()
        tell_what_is_left(deployment)
        return self._end(deployment, ok)

    def _run(self, deployment: Any, host: Any, config: Resolved, recorder: Any) -> bool:
        from trifold.engine.monitor import Monitor

        monitor = Monitor(deployment, config, self.stack.project.program_folder, ORGANIZATION)
        with _serving(monitor, self.events, self.options.parallel) as address, _interruptible(deployment):
            host.engine_address = address
            host.begin(package_of(one.type) for one in deployment.base.resources if is_provider_type(one.type))
            if recorder is not None:
                recorder.start()
            program = self._program(deployment, config, address)
            try:
                return deployment.execute(program)
            finally:
                monitor.close()
                if program is not None:
                    program.stop(PATIENCE if deployment.interrupted.is_set() else GRACE)
                monitor.callbacks.close()

    def _program(self, deployment: Any, config: Resolved, address: str) -> Any:
        from trifold.engine.program import Program

        if not self.options.runs_program:
            return None
        return Program(
            self.stack.project,
            self.stack.name,
            ORGANIZATION,
            config,
            self.options,
            address,
            deployment.inbox.post,
            lambda severity, text: self.events.diagnostic(severity, deployment.root_urn, text),
            self.interpreter,
            quiet=not self.events.want_debug,
        )

    def _end(self, deployment: Any, ok: bool) -> Outcome:
        changes = dict(deployment.observer.changes)
        seconds = time.time() - self.started
        self.events.summary(
            corrupt=deployment.observer.maybe_corrupt,
            seconds=seconds,
            changes=changes,
            preview=self.options.preview,
            ok=ok,
        )
        outputs = deployment.stack_outputs()
        outcome = Outcome(ok, changes, seconds, outputs)
        if not self.options.preview:
            self._keep_history(outcome)
        self.events.cancel()
        return outcome

    def _keep_history(self, outcome: Outcome) -> None:
        kinds = {"up": "update", "refresh": "refresh", "destroy": "destroy"}
        self.stack.files.add_history(
            {
                "kind": kinds[self.options.verb],
                "startTime": int(self.started),
                "message": self.message,
                "environment": {"exec.kind": "cli"},
                "config": self.stack.config_record(),
                "version": 0,
                "result": "succeeded" if outcome.ok else "failed",
                "endTime": int(time.time()),
                "resourceChanges": dict(outcome.changes),
            }
        )


@contextmanager
def _serving(monitor: Any, events: Events, parallel: int) -> Iterator[str]:
    """The engine's own services on a free loopback port."""
    import grpc

    from trifold.engine import proto
    from trifold.engine.logging_service import LoggingService

    workers = ThreadPoolExecutor(max_workers=min(parallel * 4 + 64, 2048))
    server = grpc.server(workers, options=[*proto.MESSAGE_OPTIONS, ("grpc.so_reuseport", 0)])
    proto.resource_rpc.add_ResourceMonitorServicer_to_server(monitor, server)
    proto.engine_rpc.add_EngineServicer_to_server(
        LoggingService(
            lambda severity, urn, text, stream, passing: events.diagnostic(severity, urn, text, stream, passing)
        ),
        server,
    )
    port = server.add_insecure_port("127.0.0.1:0")
    if not port:
        raise UserError("the engine found no free port on loopback")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(grace=0.5).wait()
        workers.shutdown(wait=False, cancel_futures=True)


def _interrupt(deployment: Any) -> None:
    deployment.warn("", "^C received; finishing what runs. Press ^C again to stop now.")
    deployment.interrupt()


@contextmanager
def _interruptible(deployment: Any) -> Iterator[None]:
    """Ctrl-C once: begin nothing, ask the providers to stop, wait for what runs, and save. Twice: do not wait."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    presses = 0

    def pressed(*_: Any) -> None:
        nonlocal presses
        presses += 1
        if presses == 1:  # in a thread: what this one holds at the moment may be what the words need
            threading.Thread(target=_interrupt, args=(deployment,), daemon=True).start()
        elif presses == 2:
            raise Terminated

    before = [(number, signal.signal(number, pressed)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
