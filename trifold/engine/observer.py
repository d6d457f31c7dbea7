"""Told of each step: keeps the state file true, marks secrets, and makes the events that users and tools read."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from trifold.engine import urn as urns
from trifold.engine.answers import DiffUnavailable, ProviderError
from trifold.engine.looks import Import, ReadExternal, Refresh
from trifold.engine.properties import Properties, equal
from trifold.engine.state import Resource
from trifold.engine.steps import (
    Create,
    Delete,
    ForgetReplaced,
    Replace,
    Same,
    Step,
    StepFailed,
    Update,
)
from trifold.errors import UserError
from trifold.protocol.values import Secret

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment

BEGUN = {Create: "creating", Update: "updating", ReadExternal: "reading", Import: "importing"}


class Observer:
    """Between the steps of one run and its state file and events. Called by the workers."""

    def __init__(self, run: Deployment) -> None:
        self.run = run
        self.unfinished: dict[str, Step] = {}
        self.skipped: set[str] = set()
        self.changes: dict[str, int] = {}
        self.maybe_corrupt = False
        self._lock = threading.Lock()

    # ---- a step's life -------------------------------------------------------------------------------------------

    def before(self, step: Step) -> None:
        self.run.events.step_begins(step, self.run.preview)
        recorder = self.run.recorder
        if recorder is None:
            return
        kind = BEGUN.get(type(step))
        if kind and step.new is not None:
            recorder.begin(step.new, kind)
        elif isinstance(step, Delete) and step.old is not None:
            recorder.begin(step.old, "deleting")

    def done(self, step: Step) -> None:
        """The step succeeded; it is not on record yet."""
        if step.logical and step.new is not None and not isinstance(step, Refresh | Replace):
            self.unfinished[step.urn] = step

    def after(self, step: Step, error: StepFailed | None) -> None:
        self._mark_secrets(step)
        partial = error is not None and error.partial
        if error is None:
            self._count(step)
            if self.run.preview or step.resource.custom or step.op in ("delete", "refresh"):
                refreshing = self.run.options.verb == "refresh"
                self.run.events.step_ends(step, self.run.preview, refreshing=refreshing)
        else:
            self.run.events.step_fails(step, str(error), partial)
        if partial and isinstance(step, Update) and step.old is not None and step.new is not None:
            # What is there was not made with the new inputs: the next run must see that.
            step.new.inputs = step.old.inputs
        # An operation of which nobody knows the end stays open; the next run looks what became of it.
        if self.run.recorder is not None and not (error is not None and error.lost):
            self._record(step, error is None or partial)

    def problem(self, step: Step, error: BaseException) -> None:
        """Something around the step went wrong."""
        known = isinstance(error, UserError | ProviderError | DiffUnavailable)
        text = str(error) if known else f"{type(error).__name__}: {error}"
        self.run.events.step_fails(step, text, False)
        if self.run.recorder is not None and known and not isinstance(error, UserError):
            self._record(step, False)

    def outputs(self, step: Step, before: Properties) -> None:
        """A component's outputs were registered."""
        new = step.new
        assert new is not None
        self.run.events.step_ends(step, self.run.preview)
        recorder = self.run.recorder
        if recorder is not None and not equal(step.old.outputs if step.old is not None else None, new.outputs):
            recorder.update(new)

    # ---- what follows from it ------------------------------------------------------------------------------------

    def _mark_secrets(self, step: Step) -> None:
        new = step.after if isinstance(step, Refresh) else step.new
        if new is None or isinstance(step, Replace):
            return
        outputs = dict(new.outputs)
        for key in new.additional_secret_outputs:
            if key == "id":
                self.run.warn(step.urn, "The 'id' property cannot be made secret.")
            elif key in outputs and not isinstance(outputs[key], Secret):
                outputs[key] = Secret(outputs[key])
        for key, value in outputs.items():
            if isinstance(new.inputs.get(key), Secret) and not isinstance(value, Secret):
                outputs[key] = Secret(value)
        new.outputs = outputs
        (self.run.reads if isinstance(step, ReadExternal) else self.run.news)[new.urn] = new

    def _count(self, step: Step) -> None:
        op = step.op
        if isinstance(step, Refresh):
            if self.run.options.verb != "refresh" or step.internal:
                return
            op = step.result_op
        elif not step.logical and not isinstance(step, Replace):
            return
        if isinstance(step, ReadExternal) and not _reads_anew(step):
            return
        if (isinstance(step, Same) and step.skipped) or urns.is_default_provider(step.urn):
            return
        with self._lock:
            self.changes[op] = self.changes.get(op, 0) + 1

    def _record(self, step: Step, ok: bool) -> None:
        recorder = self.run.recorder
        assert recorder is not None
        old, new = step.old, step.new
        if isinstance(step, Same):
            if ok and not step.skipped and old is not None and new is not None:
                recorder.same(old, new, write=changed_record(old, new))
        elif isinstance(step, Create) and new is not None:
            replaced = old if old is not None and old.pending_replacement else None
            marked = old if ok and old is not None and step.replacing and step.delete_later else None
            recorder.end(new, made=new if ok else None, gone=(replaced,) if ok else (), marked=marked)
        elif isinstance(step, Update) and new is not None:
            recorder.end(new, made=new if ok else None, gone=(old,) if ok else ())
        elif isinstance(step, Delete) and old is not None:
            stays = old.pending_replacement
            recorder.end(old, gone=(old,) if ok and not stays else (), marked=old if ok and stays else None)
        elif isinstance(step, ReadExternal) and new is not None:
            recorder.end(new, made=new if ok else None, gone=(old,) if ok else ())
        elif isinstance(step, Import) and new is not None:
            recorder.end(new, made=new if ok else None, marked=step.original if ok else None)
        elif isinstance(step, ForgetReplaced) and old is not None:
            recorder.end(old, gone=(old,))
        elif isinstance(step, Refresh) and step.persisted and ok and old is not None:
            recorder.refreshed(old, step.after)


def _reads_anew(step: ReadExternal) -> bool:
    """Whether a read found other outputs than the run before: only that counts as a change."""
    old, new = step.old, step.new
    return bool(old and new and old.outputs and new.outputs and not equal(old.outputs, new.outputs))


def changed_record(old: Resource, new: Resource) -> bool:
    """Whether a resource to which nothing was done has another entry in state all the same."""
    names = (
        "urn",
        "type",
        "custom",
        "timeouts",
        "retain_on_delete",
        "provider",
        "parent",
        "deleted_with",
        "replace_with",
        "protect",
        "hooks",
    )
    if any(getattr(old, name) != getattr(new, name) for name in names):
        return True
    if not equal(old.inputs, new.inputs) or not equal(old.outputs, new.outputs):
        return True
    if sorted(old.dependencies) != sorted(new.dependencies):
        return True
    return not equal(old.replacement_trigger, new.replacement_trigger)
