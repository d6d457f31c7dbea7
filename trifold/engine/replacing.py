"""From a difference to steps: leave, update, or replace; and what must be replaced along with a resource."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trifold.engine import paths
from trifold.engine.answers import Difference
from trifold.engine.progress import Progress
from trifold.engine.requests import Register
from trifold.engine.state import Goal, Resource
from trifold.engine.steps import Create, Delete, Replace, Step, Update
from trifold.protocol.values import UNKNOWN

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment

INIT_ERROR = "#initerror"


@dataclass(frozen=True)
class Decision:
    """All that is known of a resource that was there before."""

    request: Register
    goal: Goal
    urn: str
    old: Resource
    new: Resource
    provider: Any
    seed: bytes
    difference: Difference
    triggered: bool


class Replacing:
    """Makes the steps of changed resources for one run."""

    def __init__(self, run: "Deployment", progress: Progress) -> None:
        self.run, self.progress = run, progress

    def steps(self, one: Decision, forced: bool) -> list[Step]:
        """The steps that the difference asks for, none if nothing is to do. `forced`: inputs were checked anew."""
        difference = with_replace_on_changes(one.difference, one.goal.replace_on_changes, bool(one.old.init_errors))
        if difference.changes == "some" or one.old.pending_replacement:
            if difference.replaces or one.triggered or one.old.pending_replacement:
                return self._replace(one, difference, forced)
            return self._update(one, difference)
        return self._update(one, difference) if one.old.init_errors else []

    def _update(self, one: Decision, difference: Difference) -> list[Step]:
        self.progress.updates.add(one.urn)
        return [Update(one.old, one.new, one.request, difference=difference)]

    def _replace(self, one: Decision, difference: Difference, forced: bool) -> list[Step]:
        from trifold.engine.generator import Bail

        old, new, keys = one.old, one.new, difference.replace_keys
        if new.protect and old.protect and not self.run.options.ignore_protect:
            self._refuse_protected(one.urn, "")
        if one.goal.import_id:
            text = (
                "previously-imported resources that still specify an ID may not be replaced; please remove the "
                f"`import` declaration from your program (changed: {', '.join(keys)})"
            )
            if not self.run.preview:
                raise Bail(text)
            self.run.warn(one.urn, text)
        self.progress.replaces.add(one.urn)
        if one.provider is not None and not forced:
            # The defaults of before are no longer those of this resource.
            inputs, failures = self.run.check(one.provider, one.urn, {}, one.goal.properties, one.seed)
            if self.run.report_failures(new, failures):
                raise Bail("")
            new.inputs = inputs
        first = one.goal.delete_before_replace
        if first if first is not None else difference.delete_before_replace:
            return self._delete_first(one, difference)
        return [
            Create(old, new, one.request, keys=keys, difference=difference, replacing=True, delete_later=True),
            Replace(old, new, keys=keys, difference=difference),
        ]

    def _refuse_protected(self, urn: str, because: str) -> None:
        from trifold.engine.generator import Bail

        text = (
            f'unable to replace resource "{urn}"{because}\nas it is currently marked for protection. To unprotect the '
            "resource, remove the `protect` flag from the resource in your program and run `up`"
        )
        self.run.error(urn, text)
        self.progress.failed = True
        # A preview goes on, to show what asks for the replacement.
        if because or not self.run.preview:
            raise Bail("")

    def _delete_first(self, one: Decision, difference: Difference) -> list[Step]:
        old, progress = one.old, self.progress
        with_it: list[tuple[Resource, list[str]]] = []
        if not self.run.preview or old in self.run.graph:
            with_it = self.dependents(old)
        with_it += self.cascading(one.urn)
        steps: list[Step] = []
        for resource, keys in reversed(with_it):
            if resource in progress.pending_deletes:
                continue
            progress.dependent_keys[resource.urn] = keys
            if resource.delete:
                steps.append(Delete(resource, None, others=progress.deletes))
            else:
                if resource.protect and not self.run.options.ignore_protect:
                    self._refuse_protected(resource.urn, f' as part of replacing "{one.urn}"')
                steps.append(Delete(resource, None, replacing=True, keep_entry=True, others=progress.deletes))
            progress.deletes[resource.urn] = True
            progress.pending_deletes.add(resource)
        self.run.load_provider(old.provider)
        if not old.pending_replacement:
            progress.deletes[old.urn] = True
            steps.append(Delete(old, None, replacing=True, keep_entry=True, others=progress.deletes))
        keys = difference.replace_keys
        return [
            *steps,
            Replace(old, one.new, keys=keys, difference=difference),
            Create(old, one.new, one.request, keys=keys, difference=difference, replacing=True),
        ]

    # ---- what goes along -----------------------------------------------------------------------------------------

    def dependents(self, root: Resource) -> list[tuple[Resource, list[str]]]:
        """The resources that a replacement of `root` would replace, with the properties that do so, in order."""
        found: list[tuple[Resource, list[str]]] = []
        replaced = {root.urn}
        for candidate in self.run.graph.depending_on(root, self.progress.seen()):
            keys = self._replaced_by(candidate, replaced)
            if keys is not None:
                found.append((candidate, keys))
                replaced.add(candidate.urn)
        return found

    def _replaced_by(self, resource: Resource, replaced: set[str]) -> list[str] | None:
        """The properties that replace the resource once the `replaced` ones are others; None if it may stay."""
        if not resource.custom or resource.external:
            return None
        if resource.provider_urn in replaced:
            self.run.load_provider(resource.provider)
            return []
        if resource.deleted_with in replaced:
            return []
        touched = {
            key
            for key in resource.inputs
            if any(urn in replaced for urn in resource.property_dependencies.get(key, ()))
        }
        if not touched:
            return None
        news = {key: UNKNOWN if key in touched else value for key, value in resource.inputs.items()}
        if resource.is_provider:
            self.run.registry.same(resource, after_check=False)
            provider: Any = self.run.registry
        else:
            self.run.load_provider(resource.provider)
            provider = self.run.registry.get(resource.provider)
        difference = self.run.diff(resource, resource, news, provider, unknowns=True)
        difference = with_replace_on_changes(difference, resource.replace_on_changes, False)
        return difference.replace_keys if difference.replaces else None

    def cascading(self, urn: str) -> list[tuple[Resource, list[str]]]:
        """The resources that asked to be replaced with this one."""
        found: dict[str, Resource] = {}
        for known in (self.run.news, self.run.olds):
            for other, resource in list(known.items()):
                if other not in found and (urn in resource.replace_with or resource.deleted_with == urn):
                    found[other] = resource
        return [(resource, []) for resource in found.values()]


def with_replace_on_changes(difference: Difference, wanted: list[str], init_errors: bool) -> Difference:
    """The difference, with changes under the given paths made into replacing ones."""
    if difference.changes != "some" and not init_errors:
        return difference
    outer = [paths.parse(text) for text in wanted]

    def replaces(text: str) -> bool:
        try:
            inner = paths.parse(text)
        except ValueError:
            return False
        return any(paths.covers(path, inner) for path in outer)

    detailed = difference.detailed
    if detailed is not None:
        detailed = {path: (to_replace(kind) if replaces(path) else kind, own) for path, (kind, own) in detailed.items()}
    keys = list(difference.replace_keys)
    keys += [key for key in difference.changed_keys if key not in keys and replaces(key)]
    changes = difference.changes
    if init_errors and replaces(INIT_ERROR):
        keys.append(INIT_ERROR)
        if detailed is not None:
            detailed[INIT_ERROR] = ("UPDATE_REPLACE", False)
        changes = "some"
    return Difference(
        changes, keys, difference.changed_keys, difference.stable_keys, detailed, difference.delete_before_replace
    )


def to_replace(kind: str) -> str:
    return kind if kind.endswith("_REPLACE") else f"{kind}_REPLACE"
