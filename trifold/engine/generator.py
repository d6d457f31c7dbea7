"""Decides which steps bring a resource from what state says to what the program asks for.

Requests come one at a time, in the order the program made them; Check and Diff are called here, all else by the steps.
"""

import contextlib
import dataclasses
import os
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from trifold.engine import urn as urns
from trifold.engine.aliases import find_old
from trifold.engine.answers import Difference, ProviderError
from trifold.engine.looks import Import, ReadExternal, Refresh
from trifold.engine.paths import ignore_changes
from trifold.engine.progress import Progress
from trifold.engine.properties import Properties, equal, redacted, unwrap
from trifold.engine.replacing import Decision, Replacing
from trifold.engine.requests import Answer, Closed, Continue, Read, Register
from trifold.engine.state import Goal, Resource
from trifold.engine.steps import (
    Create,
    Replace,
    Same,
    Step,
    StepFailed,
)
from trifold.engine.targets import Targets
from trifold.engine.with_program import take_up
from trifold.errors import UserError
from trifold.protocol.values import UNKNOWN_TEXT, Unknown, has_unknown

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment


class Bail(Exception):
    """The run cannot go on. The message is for the user, "" if it was told already."""


class Generator:
    """Makes steps for one run."""

    def __init__(self, run: "Deployment") -> None:
        self.run = run
        self.progress = Progress()
        self.targets = Targets(run, self.progress)
        self.replacing = Replacing(run, self.progress)
        self.waiting = 0

    # ---- reads ---------------------------------------------------------------------------------------------------

    def read(self, request: Read) -> list[Step]:
        """The steps for a resource that the program only looks at."""
        self._check_parent(request.parent)
        urn = self._new_urn(request.parent, request.type, request.name)
        old, _ = find_old(self.run, self.progress, urn, request.type, request.name, request.parent, [])
        new = Resource(
            urn=urn,
            type=request.type,
            custom=True,
            id=request.id,
            inputs=request.properties,
            parent=request.parent,
            external=True,
            dependencies=request.dependencies,
            provider=request.provider,
            additional_secret_outputs=request.additional_secret_outputs,
            source_position=request.source_position,
            stack_trace=request.stack_trace,
        )
        if request.id == "":
            raise Bail(f"Expected an ID for {urn}")
        if old is not None and not old.external and old.id != request.id:
            self.progress.replaces.add(urn)
            return [ReadExternal(old, new, request, replacing=True), Replace(old, new)]
        if self.run.options.verb == "destroy":
            self.progress.to_delete.append(new)
        self.progress.reads.add(urn)
        return [ReadExternal(old, new, request)]

    # ---- registrations -------------------------------------------------------------------------------------------

    def register(self, request: Register) -> list[Step]:
        """The steps for a resource that the program wants. Raises Bail or UserError where the run cannot go on."""
        goal, progress = request.goal, self.progress
        self._check_parent(goal.parent)
        urn = self._new_urn(goal.parent, goal.type, goal.name)
        old, free = find_old(self.run, progress, urn, goal.type, goal.name, goal.parent, goal.aliases)
        self.run.goals[urn] = goal
        new = goal.state(urn, old, progress.aliases.get(urn, ""))
        if new.is_provider:
            progress.providers[urn] = new
            if urn in progress.aliases:
                progress.providers[progress.aliases[urn]] = new
        if old is not None and self.run.refresh_first and self.targets.includes(old):
            return [self._refresh(request, urn, old, new, free)]
        return self._after_refresh(request, urn, old, new, free)

    def _refresh(self, request: Register, urn: str, old: Resource, new: Resource, free: bool) -> Step:
        found: Future[Resource | None] = Future()
        internal = not request.goal.custom or new.is_provider
        self.progress.refreshes.add(urn)

        def next_steps() -> list[Step]:
            try:
                refreshed = found.result()
            except (ProviderError, StepFailed) as error:
                raise Bail("") from error  # the step has told of it
            self.progress.refreshed[old] = refreshed
            if refreshed is not None:
                self.run.graph.alias(refreshed, old)
            return self._after_refresh(request, urn, refreshed, new, free)

        self._continue_after(found, urn, next_steps)
        return Refresh(old, new.copy(), found=found, internal=internal)

    def _continue_after(self, future: Future[Any], urn: str, next_steps: Any) -> None:
        self.waiting += 1
        future.add_done_callback(lambda _: self._go_on(Continue(next_steps, urn)))

    def _go_on(self, request: Continue) -> None:
        with contextlib.suppress(Closed):  # the run ended with a failure elsewhere
            self.run.inbox.post(request)

    def _after_refresh(
        self, request: Register, urn: str, old: Resource | None, new: Resource, free: bool
    ) -> list[Step]:
        steps = take_up(self.run, request, old, new)
        if steps is not None:
            return steps
        goal = request.goal
        provider = self._provider(urn, goal)
        recreating = urn in self.progress.deletes
        seed = os.urandom(32)
        imported_as = (old.import_id or old.id) if old is not None else ""
        if goal.custom and goal.import_id and (old is None or old.external or imported_as != goal.import_id):
            return self._import(request, urn, old, new, provider, free, recreating, seed)
        return self._decide(request, urn, old, new, provider, free, recreating, seed)

    def _import(
        self,
        request: Register,
        urn: str,
        old: Resource | None,
        new: Resource,
        provider: Any,
        free: bool,
        recreating: bool,
        seed: bytes,
    ) -> list[Step]:
        found: Future[Resource] = Future()
        goal = request.goal
        self.progress.imports.add(urn)

        def next_steps() -> list[Step]:
            try:
                imported = found.result()
            except (ProviderError, StepFailed):
                return []  # the step has told of it
            fresh = dataclasses.replace(
                goal.state(urn, None, self.progress.aliases.get(urn, "")),
                created=new.created,
                modified=new.modified,
                refresh_before_update=new.refresh_before_update,
                replacement_trigger=None,  # as Pulumi, which takes it up when the resource next changes
            )
            return self._decide(request, urn, imported, fresh, provider, free, recreating, seed)

        self._continue_after(found, urn, next_steps)
        if old is not None and not recreating:
            return [Import(None, new, request, original=old, found=found), Replace(old, new)]
        return [Import(None, new, request, found=found)]

    def _decide(
        self,
        request: Register,
        urn: str,
        old: Resource | None,
        new: Resource,
        provider: Any,
        free: bool,
        recreating: bool,
        seed: bytes,
    ) -> list[Step]:
        goal, progress = request.goal, self.progress
        inputs = new.inputs
        if old is not None:
            inputs, impossible = ignore_changes(inputs, old.inputs, goal.ignore_changes)
            if impossible:
                paths = ", ".join(impossible)
                self.run.info(urn, f'cannot ignore changes in added or removed elements of the path: "{paths}"')
        external = old is not None and old.external
        targeted = self.targets.implied(urn) or self.targets.includes(new)
        if provider is not None:
            fresh = recreating or external or old is None or self._must_replace(urn, old)
            olds, news = ({}, goal.properties) if fresh or old is None else (old.inputs, inputs)
            free = self._check(new, provider, olds, news, seed, targeted, old) and free
        if not free:
            raise Bail("")
        if targeted:
            self.targets.queue_dependencies(new)
        if recreating and old is not None:
            progress.deletes.pop(urn, None)
            progress.replaces.add(urn)
            keys = progress.dependent_keys.get(urn, [])
            return [Replace(old, new), Create(old, new, request, replacing=True, keys=keys)]
        if external:
            progress.creates.add(urn)
            return [Create(old, new, request, replacing=True, delete_later=True), Replace(old, new)]
        self.targets.follow(urn, new, targeted)
        if old is not None and not targeted:
            return self.targets.untouched(old, request)
        if old is not None:
            return self._changed(request, urn, old, new, provider, seed)
        if not targeted:
            progress.sames.add(urn)
            progress.skipped_creates.add(urn)
            return [Same(new.copy(), new, request, skipped=True)]
        progress.creates.add(urn)
        return [Create(None, new, request)]

    def _check(
        self,
        new: Resource,
        provider: Any,
        olds: Properties,
        news: Properties,
        seed: bytes,
        targeted: bool,
        old: Resource | None,
    ) -> bool:
        """Put the checked inputs into `new`; False, and told, if they are wrong."""
        if not targeted:
            new.inputs = old.inputs if old is not None else {}
            return True
        inputs, failures = self.run.check(provider, new.urn, olds, news, seed)
        new.inputs = inputs
        return not self.run.report_failures(new, failures)

    def _changed(
        self, request: Register, urn: str, old: Resource, new: Resource, provider: Any, seed: bytes
    ) -> list[Step]:
        triggered = self._triggered(new, old)
        if triggered:
            difference, unavailable = Difference("some"), ""
        else:
            difference, unavailable = self._diff(urn, old, new, provider)
        if unavailable:
            self.run.warn(urn, unavailable)
        goal = request.goal
        decision = Decision(request, goal, urn, old, new, provider, seed, difference, triggered)
        steps = self.replacing.steps(decision, self._must_replace(urn, old))
        if steps:
            return steps
        if urn in self.progress.imports:
            request.done(Answer(old))
            return []
        self.progress.sames.add(urn)
        return [Same(old, new, request)]

    def _triggered(self, new: Resource, old: Resource) -> bool:
        """Whether the replacement trigger says so."""
        if has_unknown(new.replacement_trigger) and not self.run.preview:
            raise Bail(f"replacement trigger contains unknowns for {new.urn}")
        # As Pulumi does, which compares before it has decrypted what state has.
        before, after = redacted(old.replacement_trigger), unwrap(new.replacement_trigger)
        if has_unknown(before) or has_unknown(after):
            return True
        return before is not None and after is not None and not equal(before, after)

    def _must_replace(self, urn: str, old: Resource | None) -> bool:
        return urn in self.run.options.replace or (old is not None and old.taint)

    def _diff(self, urn: str, old: Resource, new: Resource, provider: Any) -> tuple[Difference, str]:
        """How the two differ, and why that cannot be told, if so."""
        if self._must_replace(urn, old):
            return Difference("some", ["id"]), ""
        if any(other in self.progress.replaces for other in new.replace_with):
            return Difference("some", ["replaceWith"]), ""
        if new.deleted_with and new.deleted_with in self.progress.replaces:
            return Difference("some", ["deletedWith"]), ""
        if self._provider_changed(old, new):
            return Difference("some", ["provider"]), ""
        if provider is None:
            return Difference("none" if equal(old.inputs, new.inputs) else "some"), ""
        return self.run.diff_or_reason(new, old, new.inputs, provider)

    def _provider_changed(self, old: Resource, new: Resource) -> bool:
        """Whether the change of provider replaces the resource: the new provider tells."""
        if old.provider == new.provider:
            return False
        if not old.provider or not new.provider:
            return True
        old_urn, _ = urns.split_reference(old.provider)
        new_urn, _ = urns.split_reference(new.provider)
        if self.progress.aliased.get(old_urn) == new_urn:
            return False
        return self.run.provider_replaces(self.run.olds.get(old_urn), self.progress.providers[new_urn], new.provider)

    # ---- names, parents, providers -------------------------------------------------------------------------------

    def _check_parent(self, parent: str) -> None:
        if parent and parent not in self.progress.urns:
            raise Bail(f"could not find parent resource {parent}")

    def _new_urn(self, parent: str, type: str, name: str) -> str:
        urn = urns.make(self.run.stack, self.run.project_name, parent, type, name)
        if urn in self.progress.urns:
            self.run.error(urn, f"Duplicate resource URN '{urn}'; try giving it a unique name")
            raise Bail("")
        self.progress.urns.add(urn)
        return urn

    def _provider(self, urn: str, goal: Goal) -> Any:
        if not goal.custom:
            return None
        if urns.is_provider_type(goal.type):
            return self.run.registry
        found = self.run.registry.get(goal.provider)
        if found is None:
            if not self.run.load_provider(goal.provider):
                raise UserError(f"unknown provider '{goal.provider}' for resource '{urn}'")
            self.targets.queue_provider(goal.provider)
            found = self.run.registry.get(goal.provider)
        return found


def wire_id(value: Any) -> Any:
    """An id as the program sent it: the unknown one is text on the wire."""
    from trifold.protocol.values import UNKNOWN

    return UNKNOWN if value == UNKNOWN_TEXT or isinstance(value, Unknown) else value
