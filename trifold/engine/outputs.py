"""The outputs of components, which the program gives after their registration, and the stack's own, at the very end."""

from typing import TYPE_CHECKING

from trifold.engine import urn as urns
from trifold.engine.generator import Bail
from trifold.engine.properties import Properties
from trifold.engine.requests import RegisterOutputs
from trifold.engine.steps import Create, Same, Step, Update

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment


class Outputs:
    """What components of a run give."""

    def __init__(self, run: "Deployment") -> None:
        self.run = run
        self._stacks: RegisterOutputs | None = None

    def register(self, request: RegisterOutputs) -> None:
        """Complete a component; the stack waits for the end of the run."""
        if urns.is_root(request.urn):
            self._stacks = request
            request.done()
            return
        step = self.run.observer.unfinished.pop(request.urn, None)
        if step is None:
            raise Bail(f"cannot complete a resource '{request.urn}' whose registration isn't pending")
        self._set(step, request.outputs)
        request.done()

    def finish(self, failed: bool) -> None:
        """The stack's own outputs; after a failure, those not given again stay."""
        request = self._stacks
        step = self.run.observer.unfinished.pop(request.urn, None) if request else None
        if request is None or step is None:
            return
        old = self.run.olds.get(request.urn)
        self._set(step, {**old.outputs, **request.outputs} if failed and old is not None else request.outputs)

    def _set(self, step: Step, outputs: Properties) -> None:
        run = self.run
        if isinstance(step, Same) and step.skipped:
            return
        new = step.new
        assert new is not None
        before, new.outputs = new.outputs, outputs
        if not new.custom and isinstance(step, Create | Update):
            run.hooks.after(step.op.partition("-")[0], new, step.old)
        run.observer.outputs(step, before)
        if run.hooks.errors and not run.options.continue_on_error and run.executor is not None:
            run.executor.stop()
