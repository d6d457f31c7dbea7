"""From a RegisterResource request to what the program wants: options handed down by parents, transforms, providers."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trifold.engine import proto
from trifold.engine import urn as urns
from trifold.engine.assets import with_hashes
from trifold.engine.defaults import DefaultProviders
from trifold.engine.durations import seconds
from trifold.engine.hooks import FIELDS, NAMES
from trifold.engine.properties import Properties, dependencies, downgrade, upgrade
from trifold.engine.requests import Answer
from trifold.engine.state import Alias, Goal, Timeouts
from trifold.engine.transforms import Transforms
from trifold.errors import UserError
from trifold.protocol.values import OutputValue, decode


@dataclass(frozen=True)
class Wish:
    """A resource that the program wants, with what its children inherit: its own transforms and its options."""

    goal: Goal
    own: list[Any]
    options: Any


class Family:
    """The resources of one run so far, as far as those that come after them need to know. folder: of relative paths."""

    def __init__(self, defaults: DefaultProviders, transforms: Transforms, folder: Path) -> None:
        self.defaults, self.transforms, self.folder = defaults, transforms, folder
        self._goals: dict[str, Goal] = {}
        self._parents: dict[str, str] = {}
        self._component_providers: dict[str, dict[str, str]] = {}
        self._settled: dict[str, tuple[str, bool, bool]] = {}
        self._lock = threading.RLock()

    def wish(self, request: Any) -> Wish:
        """What the request asks for. Raises UserError or ValueError for what it may not."""
        parent = urns.check(request.parent) if request.parent else ""
        self._inherit(request, parent)
        if request.custom and request.type.count(":") != 2:
            raise UserError(f"'{request.type}' is not a resource type: package:module:name")
        properties = with_hashes(decode(request.object), self.folder)
        per_property = self._property_dependencies(request, properties)
        options = self._options(request, parent)
        own = [self.transforms.wrap(callback) for callback in request.transforms]
        transforms = own + self._inherited_transforms(parent)
        needed = list(dict.fromkeys(urns.check(urn) for urn in request.dependencies))
        if transforms:
            properties = upgrade(properties)
        if own:
            properties = _with_dependencies(properties, per_property)
        for transform in transforms:
            properties, options = transform(request, parent, properties, options)
            properties = with_hashes(properties, self.folder)
        if own:
            needed = list(dict.fromkeys(options.depends_on))
            per_property = {key: sorted(set(dependencies(value))) for key, value in properties.items()}
            needed = list(dict.fromkeys([*needed, *(urn for found in per_property.values() for urn in found)]))
        else:
            for key, value in properties.items():
                per_property[key] = list(dict.fromkeys([*per_property.get(key, ()), *dependencies(value)]))
        self._inherit_providers(request, parent, options)
        goal = self._goal(request, parent, options, downgrade(properties), needed, per_property)
        return Wish(goal, own, options)

    def _inherit(self, request: Any, parent: str) -> None:
        """Options that a child takes from its parent where it has none of its own."""
        with self._lock:
            above = self._goals.get(parent)
        if above is None:
            return
        if not request.deletedWith:
            request.deletedWith = above.deleted_with
        if not request.HasField("protect") and above.protect is not None:
            request.protect = above.protect
        if not request.HasField("retainOnDelete") and above.retain_on_delete is not None:
            request.retainOnDelete = above.retain_on_delete
        if not request.provider and above.provider:
            package = urns.package_of(urns.type_of(urns.split_reference(above.provider)[0]))
            if not request.custom or package == urns.package_of(request.type):
                request.provider = above.provider

    def _property_dependencies(self, request: Any, properties: Properties) -> dict[str, list[str]]:
        if not request.propertyDependencies:
            return {key: list(request.dependencies) for key in properties}
        return {key: list(dict.fromkeys(found.urns)) for key, found in request.propertyDependencies.items()}

    def _options(self, request: Any, parent: str) -> Any:
        """The request's options in the shape that transforms work on."""
        made = proto.resource.TransformResourceOptions(
            depends_on=request.dependencies,
            ignore_changes=request.ignoreChanges,
            replace_on_changes=request.replaceOnChanges,
            version=request.version,
            providers=request.providers,
            hide_diff=request.hideDiffs,
            plugin_download_url=request.pluginDownloadURL,
            deleted_with=request.deletedWith,
            replace_with=request.replace_with,
            additional_secret_outputs=request.additionalSecretOutputs,
            provider=self._provider(request, parent) if request.custom else request.provider,
        )
        setattr(made, "import", request.importId)
        for urn in request.aliasURNs:
            made.aliases.add(urn=urn)
        made.aliases.extend(request.aliases)
        for name, there in (
            ("protect", "protect"),
            ("retain_on_delete", "retainOnDelete"),
        ):
            if request.HasField(there):
                setattr(made, name, getattr(request, there))
        if request.deleteBeforeReplaceDefined or request.deleteBeforeReplace:
            made.delete_before_replace = request.deleteBeforeReplace
        for name, there in (
            ("custom_timeouts", "customTimeouts"),
            ("hooks", "hooks"),
            ("replacement_trigger", "replacement_trigger"),
        ):
            if request.HasField(there):
                getattr(made, name).CopyFrom(getattr(request, there))
        return made

    def _provider(self, request: Any, parent: str) -> str:
        package = urns.package_of(request.type)
        if request.provider:
            return request.provider
        if package in request.providers:
            return request.providers[package]
        with self._lock:
            return self._component_providers.get(parent, {}).get(package, "")

    def _inherited_transforms(self, parent: str) -> list[Any]:
        with self._lock:
            found, current = [], parent
            while current:
                found += self.transforms.of_resource.get(current, [])
                current = self._parents.get(current, "")
            return found + list(self.transforms.of_stack)

    def _inherit_providers(self, request: Any, parent: str, options: Any) -> None:
        with self._lock:
            above = self._component_providers.get(parent)
        if request.custom or not above:
            return
        for package, reference in above.items():
            if package not in options.providers:
                options.providers[package] = reference

    def _goal(
        self,
        request: Any,
        parent: str,
        options: Any,
        properties: Properties,
        needed: list[str],
        per_property: dict[str, list[str]],
    ) -> Goal:
        provider = ""
        if request.custom and not urns.is_provider_type(request.type):
            package = urns.package_of(request.type)
            provider = options.provider or self.defaults.reference(
                package, options.version, options.plugin_download_url
            )
        if urns.is_provider_type(request.type):
            self._provider_inputs(request, options, properties)
        trigger = None
        if options.HasField("replacement_trigger"):
            trigger = with_hashes(decode(options.replacement_trigger), self.folder)
        return Goal(
            type=request.type,
            name=request.name,
            custom=request.custom,
            properties=properties,
            parent=parent,
            protect=options.protect if options.HasField("protect") else None,
            dependencies=needed,
            provider=provider,
            property_dependencies=per_property,
            delete_before_replace=options.delete_before_replace if options.HasField("delete_before_replace") else None,
            ignore_changes=list(options.ignore_changes),
            additional_secret_outputs=list(options.additional_secret_outputs),
            aliases=[_alias(one) for one in options.aliases],
            import_id=getattr(options, "import"),
            timeouts=_timeouts(options),
            replace_on_changes=list(options.replace_on_changes),
            replacement_trigger=downgrade(trigger),
            retain_on_delete=options.retain_on_delete if options.HasField("retain_on_delete") else None,
            deleted_with=options.deleted_with,
            replace_with=list(options.replace_with),
            hide_diff=list(options.hide_diff),
            source_position=self.position(request),
            hooks={NAMES[name]: list(found) for name in FIELDS if (found := getattr(options.hooks, name))},
        )

    def _provider_inputs(self, request: Any, options: Any, properties: Properties) -> None:
        internal: dict[str, Any] = {}
        if options.version:
            properties["version"] = options.version
            properties["__internal"] = internal
        if options.plugin_download_url:
            internal["pluginDownloadURL"] = options.plugin_download_url
            properties["__internal"] = internal
        if request.envVarMappings:
            internal["envVarMappings"] = dict(request.envVarMappings)
            properties["__internal"] = internal

    def position(self, request: Any) -> str:
        position = request.sourcePosition
        if not position.uri:
            return ""
        prefix = f"file://{self.folder}/"
        uri = position.uri.replace(prefix, "project:///") if position.uri.startswith(prefix) else position.uri
        column = f",{position.column}" if position.column else ""
        return f"{uri}#{position.line}{column}"

    def remember(self, wish: Wish, answer: Answer) -> None:
        """A registration was answered."""
        goal = wish.goal
        urn = answer.state.urn
        with self._lock:
            self._goals[urn] = goal
            self._parents[urn] = goal.parent
            self.transforms.of_resource[urn] = wish.own
            if not goal.custom:
                self._component_providers[urn] = dict(wish.options.providers)
            self._settled[urn] = (goal.parent, goal.custom, bool(answer.state.id))

    def settle(self, urn: str, parent: str) -> None:
        """A resource was read."""
        with self._lock:
            self._settled[urn] = (parent, True, True)

    def provider_above(self, parent: str, package: str) -> str:
        """The provider that a parent hands down for a package, "" for none."""
        with self._lock:
            return self._component_providers.get(parent, {}).get(package, "") if parent else ""

    def unsettled(self, depends_on: Iterable[str]) -> bool:
        """Whether something that the function must see is still to be made: itself, or inside a component."""
        roots = set(depends_on)
        if not roots:
            return False
        with self._lock:
            settled = dict(self._settled)
        for urn, (_, custom, known) in settled.items():
            if custom and not known and self._within(urn, roots, settled):
                return True
        return False

    def _within(self, urn: str, roots: set[str], settled: Mapping[str, tuple[str, bool, bool]]) -> bool:
        while urn:
            if urn in roots:
                return True
            urn = settled.get(urn, ("", False, False))[0]
        return False


def _with_dependencies(properties: Properties, per_property: Mapping[str, list[str]]) -> Properties:
    """Each property as an output value that knows all it depends on, for transforms to see."""
    made = {}
    for key, value in properties.items():
        needed = set(per_property.get(key, ()))
        if not needed or needed <= set(dependencies(value)):
            made[key] = value
            continue
        inner = value if isinstance(value, OutputValue) else OutputValue(value)
        made[key] = OutputValue(inner.value, inner.secret, tuple(sorted({*inner.dependencies, *needed})))
    return made


def _alias(found: Any) -> Alias:
    if found.WhichOneof("alias") == "spec":
        spec = found.spec
        parent = spec.parentUrn if spec.WhichOneof("parent") == "parentUrn" else ""
        no_parent = spec.WhichOneof("parent") == "noParent" and spec.noParent
        return Alias("", spec.name, spec.type, spec.stack, spec.project, parent, no_parent)
    return Alias(urns.check(found.urn))


def _timeouts(options: Any) -> Timeouts:
    found = options.custom_timeouts
    return Timeouts(seconds(found.create), seconds(found.update), seconds(found.delete), seconds(found.read))
