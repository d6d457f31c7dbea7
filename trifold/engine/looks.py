"""The steps that look at what is there: read what is not managed here, refresh, take over by import."""

import dataclasses
from concurrent.futures import Future
from dataclasses import dataclass

from trifold.engine.answers import Difference, PartialFailure, ProviderError
from trifold.engine.checkpoint import now
from trifold.engine.paths import ignore_changes
from trifold.engine.properties import equal
from trifold.engine.state import Resource
from trifold.engine.steps import Complete, Context, Step, StepFailed
from trifold.protocol.values import UNKNOWN_TEXT, Unknown


@dataclass(eq=False)
class ReadExternal(Step):
    """Look at a resource that is not managed here. replacing: it was managed here before."""

    replacing: bool = False

    @property
    def op(self) -> str:  # type: ignore[override]
        return "read-replacement" if self.replacing else "read"

    @property
    def logical(self) -> bool:  # type: ignore[override]
        return not self.replacing

    def apply(self, context: Context) -> Complete | None:
        new, old = self.new, self.old
        assert new is not None
        failure = self._read(context, new)
        if self.replacing and old is not None:
            old.delete = True
        if old is not None:
            new.created, new.modified = old.created, old.modified
            if not equal(new.inputs, old.inputs) or not equal(new.outputs, old.outputs):
                new.modified = now()
        if failure:
            raise StepFailed(str(failure), partial=True, complete=self._finish())
        return self._finish()

    def _read(self, context: Context, new: Resource) -> PartialFailure | None:
        if isinstance(new.id, Unknown):
            new.id, new.outputs = UNKNOWN_TEXT, {}
            return None
        provider = context.provider_of(new)
        try:
            found = provider.read(new.urn, new.id, new.inputs, new.inputs, new.timeouts.read)
        except PartialFailure as error:
            new.outputs, new.init_errors, new.id = error.outputs, error.reasons, error.id or new.id
            return error
        except ProviderError as error:
            raise StepFailed(str(error)) from error
        if found.missing:
            raise StepFailed(f"resource '{new.id}' does not exist")
        new.outputs, new.id = found.outputs, found.id or new.id
        return None


@dataclass(eq=False)
class Refresh(Step):
    """Look how a resource is now. `found` gets the state as it is, None if it is gone; unset before a run."""

    found: Future[Resource | None] | None = None
    internal: bool = False
    op = "refresh"
    logical = False
    gone = False

    def __post_init__(self) -> None:
        self.new = self.new or self.old

    @property
    def persisted(self) -> bool:
        return self.found is not None

    @property
    def after(self) -> Resource | None:
        return None if self.gone else self.new

    @property
    def resource(self) -> Resource:
        assert self.old is not None
        return self.old

    @property
    def urn(self) -> str:
        assert self.new is not None
        return self.new.urn

    @property
    def result_op(self) -> str:
        """What the refresh found: "delete", "update" or "same"."""
        assert self.old is not None and self.new is not None
        if self.gone:
            return "delete"
        if self.new is self.old:
            return "same"
        if self.old.external:
            return "same" if equal(self.old.outputs, self.new.outputs) else "update"
        return "same" if (self.difference or Difference()).changes == "none" else "update"

    def apply(self, context: Context) -> Complete | None:
        old = self.old
        assert old is not None
        try:
            if old.custom and not old.is_provider and not old.pending_replacement:
                self._look(context, old)
            elif self.found is not None:
                self.new = old.copy()
        except ProviderError as error:
            if self.found is not None:
                self.found.set_exception(error)
            raise StepFailed(str(error)) from error
        return self._tell if self.found is not None else None

    def _tell(self) -> None:
        assert self.found is not None
        self.found.set_result(self.after)

    def _look(self, context: Context, old: Resource) -> None:
        assert self.new is not None
        provider = context.provider_of(self.new)
        reasons: list[str] = []
        try:
            found = provider.read(self.new.urn, old.id, old.inputs, old.outputs, old.timeouts.read)
            ident, outputs, inputs, again = found.id, found.outputs, found.inputs, found.refresh_before_update
        except PartialFailure as error:
            ident, outputs, inputs, again, reasons = error.id, error.outputs, error.inputs, False, error.reasons
            bullets = "\n* ".join(reasons)
            context.warn(old.urn, f"Refreshed resource is in an unhealthy state:\n* {bullets}")
        if not ident:
            self.gone = True
            return
        new = self.new.copy()
        new.id, new.init_errors, new.refresh_before_update, new.outputs = ident, reasons, again, outputs
        new.inputs = old.inputs if inputs is None else inputs
        if not equal(new.inputs, old.inputs) or not equal(new.outputs, old.outputs):
            new.modified = now()
        self.new = new
        if not old.external:
            # What an `up` of an unchanged program would do now, seen from the other side.
            as_before = dataclasses.replace(new, ignore_changes=old.ignore_changes)
            self.difference = context.diff(as_before, new, old.inputs, provider).inverted()


@dataclass(eq=False)
class Import(Step):
    """Take over a resource that exists. original: the managed one whose place it takes; found: the state as read."""

    original: Resource | None = None
    found: Future[Resource] | None = None

    @property
    def op(self) -> str:  # type: ignore[override]
        return "import-replacement" if self.original is not None else "import"

    @property
    def logical(self) -> bool:  # type: ignore[override]
        return self.original is None

    def apply(self, context: Context) -> Complete | None:
        new = self.new
        assert new is not None and self.found is not None
        try:
            self._read(context, new)
        except (ProviderError, StepFailed) as error:
            self.found.set_exception(error)
            raise StepFailed(str(error)) from error
        self.old = dataclasses.replace(new, additional_secret_outputs=[], hooks={})
        new.created = new.modified = now()
        new.inputs, _ = ignore_changes(new.inputs, self.old.inputs, new.ignore_changes)
        if self.original is not None:
            self.original.delete = True
        found = self.found
        return lambda: found.set_result(new)

    def _read(self, context: Context, new: Resource) -> None:
        provider = context.provider_of(new)
        try:
            found = provider.read(new.urn, new.import_id, None, None, new.timeouts.read)
        except PartialFailure as error:
            new.init_errors = error.reasons
            new.id, new.inputs, new.outputs = error.id or new.import_id, error.inputs or {}, error.outputs
            return
        if found.missing:
            raise StepFailed(f"resource '{new.import_id}' does not exist")
        if found.inputs is None:
            raise StepFailed("provider does not support importing resources; please try updating its plugin")
        new.id, new.inputs, new.outputs = found.id or new.import_id, found.inputs, found.outputs
        new.refresh_before_update = found.refresh_before_update
