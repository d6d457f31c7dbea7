"""The steps a run is made of: each changes one resource, through its provider where it has one, and its state."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from trifold.engine.answers import AnswerLost, Difference, PartialFailure, ProviderError
from trifold.engine.checkpoint import now
from trifold.engine.hooks import Hooks
from trifold.engine.requests import Answer, Read, Register
from trifold.engine.state import Resource

Complete = Callable[[], None]


class Context(Protocol):
    """What steps need of the run they belong to."""

    preview: bool
    ignore_protect: bool
    hooks: Hooks

    def provider_of(self, resource: Resource) -> Any: ...
    def configure_same(self, resource: Resource) -> None: ...
    def diff(self, resource: Resource, old: Resource, news: Mapping[str, Any], provider: Any) -> Difference: ...
    def warn(self, urn: str, text: str) -> None: ...


class StepFailed(Exception):
    """A step's operation failed. `partial`: it was done, but the resource is not right; `lost`: nobody knows."""

    def __init__(
        self, message: str, partial: bool = False, complete: Complete | None = None, lost: bool = False
    ) -> None:
        super().__init__(message)
        self.partial, self.complete, self.lost = partial, complete, lost


def _failed(error: ProviderError) -> StepFailed:
    return StepFailed(str(error), lost=isinstance(error, AnswerLost))


class Protected(StepFailed):
    """A protected resource is not deleted; the run goes on, and fails at its end."""


@dataclass(eq=False)
class Step:
    """What all steps share. old and new: the state before and after; request: who waits for the end."""

    old: Resource | None
    new: Resource | None
    request: Register | Read | None = None
    op = ""
    logical = True
    keys: list[str] = field(default_factory=list)
    difference: Difference | None = None

    @property
    def resource(self) -> Resource:
        """The state that the step is about."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def urn(self) -> str:
        return self.resource.urn

    def apply(self, context: Context) -> Complete | None:
        """Do it; what it returns is called when the end is on record. Raises StepFailed."""
        raise NotImplementedError

    def answer(self, outcome: str) -> None:
        """Tell who waits that the step failed or was skipped."""
        if self.request is not None and self.new is not None:
            self.request.done(Answer(self.new, outcome))

    def _finish(self, unknown: bool = False) -> Complete:
        def complete() -> None:
            if self.request is not None and self.new is not None:
                self.request.done(Answer(self.new, unknown=unknown))

        return complete


@dataclass(eq=False)
class Same(Step):
    """Nothing to do. skipped: it would be created, but is not among the targets; untargeted: it stays as it is."""

    skipped: bool = False
    untargeted: bool = False
    op = "same"

    def apply(self, context: Context) -> Complete | None:
        assert self.old is not None and self.new is not None
        self.new.id, self.new.outputs = self.old.id, self.old.outputs
        if self.new.is_provider and not self.skipped and not self.untargeted:
            # The old inputs: what the provider calls no change must not reach it as one.
            context.configure_same(dataclasses.replace(self.new, inputs=self.old.inputs))
        return self._finish(unknown=self.skipped)


@dataclass(eq=False)
class Create(Step):
    """Create a resource; in a replacement, `old` is what it takes the place of: deleted already, or later."""

    replacing: bool = False
    delete_later: bool = False

    @property
    def op(self) -> str:  # type: ignore[override]
        return "create-replacement" if self.replacing else "create"

    @property
    def logical(self) -> bool:  # type: ignore[override]
        return not self.replacing

    def apply(self, context: Context) -> Complete | None:
        new = self.new
        assert new is not None
        context.hooks.before("create", new, None)
        failure = None
        if new.custom:
            provider = context.provider_of(new)
            try:
                found = context.hooks.retrying(
                    "create",
                    new,
                    None,
                    lambda: provider.create(new.urn, new.inputs, new.timeouts.create, preview=context.preview),
                )
                new.id, new.outputs, new.refresh_before_update = found.id, found.outputs, found.refresh_before_update
            except PartialFailure as error:
                failure = error
                new.id, new.outputs, new.init_errors = error.id, error.outputs, error.reasons
            except ProviderError as error:
                new.id = error.id if isinstance(error, AnswerLost) else ""
                raise _failed(error) from error
        new.created = new.modified = now()
        if self.replacing and self.delete_later and self.old is not None:
            self.old.delete = True
        if failure:
            raise StepFailed(str(failure), partial=True)
        if new.custom:
            context.hooks.after("create", new, None)
        return self._finish()


@dataclass(eq=False)
class Update(Step):
    """Change a resource in place."""

    op = "update"

    def apply(self, context: Context) -> Complete | None:
        old, new = self.old, self.new
        assert old is not None and new is not None
        new.id, new.created, new.modified = old.id, old.created, old.modified
        context.hooks.before("update", new, old)
        failure = None
        if new.custom:
            provider = context.provider_of(new)
            try:
                found = context.hooks.retrying("update", new, old, lambda: self._call(provider, context))
                new.outputs, new.refresh_before_update = found.outputs, found.refresh_before_update
            except PartialFailure as error:
                failure = error
                new.outputs, new.init_errors = error.outputs, error.reasons
            except ProviderError as error:
                raise _failed(error) from error
            new.modified = now()
        if failure:
            raise StepFailed(str(failure), partial=True)
        if old.custom:
            context.hooks.after("update", new, old)
        return self._finish()

    def _call(self, provider: Any, context: Context) -> Any:
        old, new = self.old, self.new
        assert old is not None and new is not None
        return provider.update(
            new.urn,
            old.id,
            old.inputs,
            old.outputs,
            new.inputs,
            new.timeouts.update,
            new.ignore_changes,
            preview=context.preview,
        )


@dataclass(eq=False)
class Delete(Step):
    """Delete a resource. keep_entry: it is created anew next, until then its entry stays; others: URNs that go too."""

    replacing: bool = False
    keep_entry: bool = False
    others: Mapping[str, bool] = field(default_factory=dict)

    @property
    def op(self) -> str:  # type: ignore[override]
        assert self.old is not None
        if self.old.external:
            return "discard-replaced" if self.replacing else "discard"
        return "delete-replaced" if self.replacing else "delete"

    @property
    def logical(self) -> bool:  # type: ignore[override]
        return not self.replacing

    def apply(self, context: Context) -> Complete | None:
        old = self.old
        assert old is not None
        context.hooks.before("delete", None, old)
        if old.protect and not self.replacing and not context.ignore_protect:
            raise Protected(
                f'resource "{old.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, remove '
                "the `protect` flag from the resource in your program and run `up`"
            )
        goes_with = bool(old.deleted_with and self.others.get(old.deleted_with))
        if not (context.preview or old.external or old.retain_on_delete or goes_with) and old.custom:
            provider = context.provider_of(old)
            try:
                context.hooks.retrying(
                    "delete",
                    None,
                    old,
                    lambda: provider.delete(old.urn, old.id, old.inputs, old.outputs, old.timeouts.delete),
                )
            except ProviderError as error:
                raise _failed(error) from error
        # Only now: a failed delete must be tried again.
        if self.keep_entry:
            old.pending_replacement = True
        context.hooks.after("delete", None, old)
        return None


@dataclass(eq=False)
class ForgetReplaced(Step):
    """A resource that was deleted to be created anew, and is no longer wanted: only its entry goes."""

    op = "remove-pending-replace"
    logical = False

    def apply(self, context: Context) -> Complete | None:
        return None


@dataclass(eq=False)
class Replace(Step):
    """Says that a resource is replaced; creating and deleting are steps of their own."""

    op = "replace"

    def apply(self, context: Context) -> Complete | None:
        return None
