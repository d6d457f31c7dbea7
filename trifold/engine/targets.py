"""--target and --exclude: which resources a run may touch, and what happens to those it may not."""

from typing import TYPE_CHECKING

from trifold.engine import urn as urns
from trifold.engine.progress import Progress
from trifold.engine.requests import Register
from trifold.engine.state import Resource
from trifold.engine.steps import Same, Step
from trifold.errors import UserError

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment


class Targets:
    """The choice of one run, grown by dependents as they come up."""

    def __init__(self, run: "Deployment", progress: Progress) -> None:
        self.run, self.progress, self.options = run, progress, run.options
        self._targets, self._excludes = run.options.targets.copy(), run.options.excludes.copy()
        self._queued: list[Step] = []
        self._queued_urns: set[str] = set()

    def implied(self, urn: str) -> bool:
        """Providers and the stack itself always take part."""
        return urns.is_provider_type(urns.type_of(urn)) or urns.is_root(urn)

    def includes(self, resource: Resource) -> bool:
        """Whether the resource takes part in the run."""
        if self.options.targets.given:
            return self._targeted(resource)
        return not (self.options.excludes.given and self._excluded(resource))

    def _targeted(self, resource: Resource) -> bool:
        if self.options.targets.given and resource.urn in self.options.targets:
            return True
        return self.options.target_dependents and self._depends(resource, self._targets)

    def _excluded(self, resource: Resource) -> bool:
        if resource.urn in self.options.excludes:
            return True
        return self.options.exclude_dependents and self._depends(resource, self._excludes)

    def _depends(self, resource: Resource, names: object) -> bool:
        needed = [*resource.needs(), *filter(None, [resource.provider_urn])]
        return any(urn in names for urn in needed)  # type: ignore[operator]

    def follow(self, urn: str, resource: Resource, targeted: bool) -> None:
        """Remember the resource, so that its dependents are chosen with it."""
        if self.options.excludes.given and not targeted and self._excluded(resource):
            self._excludes.add(urn)
        elif targeted and self._targeted(resource):
            self._targets.add(urn)

    def untouched(self, old: Resource, request: Register | None) -> list[Step]:
        """The steps that leave a resource as it is, those of what it needs first."""
        if old.delete:
            return []
        self.progress.urns.add(old.urn)
        self.progress.sames.add(old.urn)
        if request is not None:
            new_urn = urns.make(
                self.run.stack, self.run.project_name, request.goal.parent, request.goal.type, request.goal.name
            )
            self.progress.sames.add(new_urn)
            self._refuse_unregistered(old, new_urn)
        steps: list[Step] = []
        provider = self._provider_of(old)
        if provider is not None and not self._dealt_with(provider.urn):
            steps += self.untouched(provider, None)
        for urn in dict.fromkeys(old.needs()):
            if self._dealt_with(urn):
                continue
            needed = self.run.olds.get(urn)
            if needed is None:
                raise UserError(f"{urn}, which the untargeted resource {old.urn} needs, has no old state")
            steps += self.untouched(needed, None)
        return [*steps, self._as_it_is(old, request)]

    def _refuse_unregistered(self, old: Resource, urn: str) -> None:
        """What stays as it is keeps its provider, which the program has to register before it: as Pulumi wants it."""
        if not old.provider or self.run.registry.get(old.provider) is not None:
            return
        if self._provider_of(old) is None:
            raise UserError(f"could not find provider {old.provider} in old state")
        raise UserError(
            f"provider {old.provider} for resource {urn} has not been registered yet, this is due to a change of "
            "providers mixed with --target. Change your program back to the original providers"
        )

    def _dealt_with(self, urn: str) -> bool:
        """Whether there is a step for it, under this name or its new one.

        Pulumi asks for the new one of a provider only, and saves a renamed component twice where a child of it stays
        as it is: a state that it then refuses to read.
        """
        return self.progress.has_step(urn) or self.progress.operated_on(urn)

    def _as_it_is(self, old: Resource, request: Register | None) -> Step:
        new = old.copy()
        new.id = ""
        return Same(old, new, request, untargeted=True)

    def _provider_of(self, resource: Resource) -> Resource | None:
        if not resource.provider:
            return None
        urn, ident = urns.split_reference(resource.provider)
        found = self.run.olds.get(urn)
        return found if found is not None and found.id == ident else None

    # ---- what a targeted resource needs, and nobody registers ------------------------------------------------------

    def queue_dependencies(self, new: Resource) -> None:
        """Have the old resources that `new` needs, and that nothing registers, stay as they are, before it."""
        if self.options.targets.given:
            for urn in new.needs():
                self._queue(urn)

    def queue_provider(self, reference: str) -> None:
        self._queue_one(self.run.olds[urns.split_reference(reference)[0]])

    def _queue(self, urn: str) -> None:
        old = self.run.olds.get(urn)
        if old is None or old.delete or self.progress.has_step(urn) or urn in self._queued_urns:
            return
        provider = self._provider_of(old)
        self._queued_urns.add(urn)
        if provider is not None:
            self._queue(provider.urn)
        for needed in old.needs():
            self._queue(needed)
        self._queued.append(self._as_it_is(old, None))

    def _queue_one(self, old: Resource) -> None:
        if old.urn not in self._queued_urns:
            self._queued_urns.add(old.urn)
            self._queued.append(self._as_it_is(old, None))

    def validate(self, steps: list[Step]) -> list[Step]:
        """The steps, the queued ones first. A step that needs what the targets leave out is an error."""
        first = []
        for step in self._queued:
            if not self._dealt_with(step.urn):
                self.progress.urns.add(step.urn)
                self.progress.sames.add(step.urn)
                first.append(step)
        self._queued = []
        # With --exclude Pulumi lets it pass, and saves a state that names what is not there, which it then refuses.
        if self.options.targets.given or self.options.replace.given or self.options.excludes.given:
            for step in steps:
                self._refuse_left_out(step)
        return first + steps

    def _refuse_left_out(self, step: Step) -> None:
        from trifold.engine.generator import Bail

        if step.new is None or (isinstance(step, Same) and step.skipped):
            return
        needed = [*step.new.needs(), *filter(None, [step.new.provider_urn])]
        for urn in needed:
            if urn in self.progress.skipped_creates:
                left_out = "was was not specified in --target list."
                if self.options.excludes.given:
                    left_out = "was excluded, and is not there."
                self.run.error(step.urn, f"Resource '{step.urn}' depends on '{urn}' which {left_out}")
                self.progress.failed = True
                if not self.run.preview:
                    raise Bail("")
                self.progress.skipped_creates.discard(urn)

    # ---- deletes ---------------------------------------------------------------------------------------------------

    def deletable(self) -> "Deletable":
        """Which old resources a run may delete."""
        if self.options.targets.given:
            return Deletable(allowed=self._allowed())
        if self.options.excludes.given:
            return Deletable(forbidden=self._forbidden())
        return Deletable()

    def _allowed(self) -> set[str]:
        """The targets, what needs them, and what their replacement would replace."""
        allowed: set[str] = set()
        for root in [one for one in self.run.base.resources if one.urn in self.options.targets]:
            chosen = [root, *self.run.graph.depending_on(root, children=True)]
            for one in chosen:
                allowed.add(one.urn)
                allowed |= {other.urn for other, _ in self.run.generator.replacing.dependents(one)}
                allowed |= {other.urn for other, _ in self.run.generator.replacing.cascading(one.urn)}
        return allowed

    def _forbidden(self) -> set[str]:
        """The excluded, and all that they need."""
        kept: set[str] = set()
        todo = [one for one in self.run.base.resources if one.urn in self.options.excludes]
        while todo:
            one = todo.pop()
            if one.urn in kept:
                continue
            kept.add(one.urn)
            todo += self.run.graph.dependencies_of(one)
            if self.options.exclude_dependents:
                todo += self.run.graph.depending_on(one, kept, children=True)
        return {urn for urn in kept if urn in self.run.olds}


class Deletable:
    """A choice of URNs: the allowed ones, or all but the forbidden."""

    def __init__(self, allowed: set[str] | None = None, forbidden: set[str] | None = None) -> None:
        self._allowed, self._forbidden = allowed, forbidden

    def __contains__(self, resource: Resource) -> bool:
        if self._allowed is not None:
            return resource.urn in self._allowed
        return self._forbidden is None or resource.urn not in self._forbidden
