"""Runs chains of steps on a fixed number of workers, and tells what became of each.

A chain is handed over when a worker is free, so what is decided about later requests waits for what is being done.
After a failure no new step begins; those that run are waited for.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, Protocol

from trifold.engine.steps import Context, Protected, Same, Step, StepFailed

Chain = list[Step]


class Observer(Protocol):
    """Who is told of steps."""

    def before(self, step: Step) -> None: ...
    def done(self, step: Step) -> None: ...
    def after(self, step: Step, error: StepFailed | None) -> None: ...
    def problem(self, step: Step, error: BaseException) -> None: ...


class Executor:
    """The workers of one run. `ignore_errors`: a refresh goes on past failures."""

    def __init__(
        self,
        context: Context,
        observer: Observer,
        parallel: int,
        *,
        ignore_errors: bool = False,
        continue_on_error: bool = False,
    ) -> None:
        self._context, self._observer = context, observer
        self._ignore_errors, self._continue = ignore_errors, continue_on_error
        self.failed_steps: list[Step] = []
        self.failure: BaseException | None = None
        self.stopped = threading.Event()
        self._changed = threading.Condition()
        self._idle = self._workers = max(parallel, 1)
        self._open = 0
        self._chains: SimpleQueue[tuple[Chain, list[Future[None]], Future[None]] | None] = SimpleQueue()
        self._latest: dict[str, Future[None]] = {}  # by URN
        self._threads: list[threading.Thread] = []

    # ---- handing over --------------------------------------------------------------------------------------------

    def submit(self, chain: Chain) -> Future[None]:
        """Have the chain run; returns when a worker has it. Its future is done when the chain is."""
        done: Future[None] = Future()
        with self._changed:
            self._changed.wait_for(lambda: self._idle > 0 or self.stopped.is_set())
            if self.stopped.is_set():
                done.set_result(None)
                return done
            self._idle -= 1
            self._open += 1
            if len(self._threads) < min(self._workers, self._open):
                thread = threading.Thread(target=self._work, daemon=True)
                self._threads.append(thread)
                thread.start()
        self._chains.put((chain, self._needed(chain), done))
        self._latest.update((one.urn, done) for step in chain for one in (step.old, step.new) if one is not None)
        return done

    def _needed(self, chain: Chain) -> list[Future[None]]:
        """The chains that are to end before this one begins, so that state lists what is needed first.

        Whatever the program asked for, it asked when it had what that needs. Nobody asked for what stays as it is.
        """
        untouched = [step.resource for step in chain if isinstance(step, Same) and step.untargeted]
        names = {urn for one in untouched for urn in (*one.needs(), one.provider_urn)}
        return [self._latest[urn] for urn in names if urn in self._latest]

    def submit_all(self, steps: list[Step]) -> None:
        """Have all of the steps run side by side; returns when they are through."""
        for future in [self.submit([step]) for step in steps]:
            future.result()

    def stop(self) -> None:
        """Begin no further step."""
        self.stopped.set()
        with self._changed:
            self._changed.notify_all()

    def wait_idle(self) -> None:
        """Until all chains are through."""
        with self._changed:
            self._changed.wait_for(lambda: self._open == 0)

    def close(self) -> None:
        """Wait for what runs, and end the workers."""
        self.wait_idle()
        for _ in self._threads:
            self._chains.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    # ---- working ---------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        while (got := self._chains.get()) is not None:
            chain, needed, done = got
            try:
                for other in needed:
                    other.result()
                self._run_chain(chain)
            finally:
                with self._changed:
                    self._idle += 1
                    self._open -= 1
                    self._changed.notify_all()
                done.set_result(None)

    def _run_chain(self, chain: Chain) -> None:
        for step in chain:
            if self.stopped.is_set():
                return
            try:
                self._run(step)
            except StepFailed as error:
                self._after_failure(error, step)
                return
            except BaseException as error:
                self._observer.problem(step, error)
                self._after_failure(error, step)
                return

    def _run(self, step: Step) -> None:
        self._observer.before(step)
        complete: Callable[[], Any] | None = None
        failure: StepFailed | None = None
        try:
            complete = step.apply(self._context)
        except StepFailed as error:
            failure, complete = error, error.complete
        if failure is None:
            self._observer.done(step)
        self._observer.after(step, failure)
        failed = failure is not None or bool(self._context.hooks.errors)
        if failed and not self._goes_on(failure):
            self.stop()  # before the program goes on, which would ask for more
        if complete is not None:
            complete()
        if failure is not None:
            raise failure

    def _goes_on(self, error: BaseException | None) -> bool:
        return self._ignore_errors or self._continue or isinstance(error, Protected)

    def _after_failure(self, error: BaseException, step: Step) -> None:
        self.failure = self.failure or error
        if self._ignore_errors:
            return
        if self._goes_on(error):
            step.answer("failed")
            self.failed_steps.append(step)
        else:
            self.stop()
