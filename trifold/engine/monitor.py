"""Serves Pulumi's ResourceMonitor to the program: turns its calls into requests to the run, and answers them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import CancelledError
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2

from trifold.engine import proto
from trifold.engine import urn as urns
from trifold.engine.assets import with_hashes
from trifold.engine.callbacks import Callbacks
from trifold.engine.config import Resolved
from trifold.engine.defaults import DefaultProviders
from trifold.engine.durations import seconds
from trifold.engine.hooks import FIELDS, NAMES, Hook
from trifold.engine.plugin import ProviderError
from trifold.engine.properties import Properties, dependencies, downgrade
from trifold.engine.requests import Answer, Closed, ProgramEnded, Read, Register, RegisterOutputs
from trifold.engine.state import Alias, Goal, Timeouts
from trifold.engine.transforms import Transforms
from trifold.engine.wire import Form
from trifold.errors import UserError
from trifold.protocol.values import OutputValue, decode, has_unknown

if TYPE_CHECKING:
    from trifold.engine.deployment import Deployment

FEATURES = (
    "SECRETS",
    "RESOURCE_REFERENCES",
    "OUTPUT_VALUES",
    "ALIAS_SPECS",
    "REPLACEMENT_TRIGGER",
    "DELETED_WITH",
    "REPLACE_WITH",
    "TRANSFORMS",
    "INVOKE_TRANSFORMS",
    "PARAMETERIZATION",
    "RESOURCE_HOOKS",
    "ERROR_HOOKS",
    "SENDS_OPTIONS_TO_HOOKS",
    "INVOKE_DEPENDS_ON",
    "INVOKE_PARENT",
)
# As the older question asks for them.
OLD_NAMES = {
    "secrets": "SECRETS",
    "resourceReferences": "RESOURCE_REFERENCES",
    "outputValues": "OUTPUT_VALUES",
    "aliasSpecs": "ALIAS_SPECS",
    "replacementTrigger": "REPLACEMENT_TRIGGER",
    "deletedWith": "DELETED_WITH",
    "replaceWith": "REPLACE_WITH",
    "transforms": "TRANSFORMS",
    "invokeTransforms": "INVOKE_TRANSFORMS",
    "parameterization": "PARAMETERIZATION",
    "resourceHooks": "RESOURCE_HOOKS",
    "errorHooks": "ERROR_HOOKS",
    "sendsOptionsToHooks": "SENDS_OPTIONS_TO_HOOKS",
}


class Monitor(proto.resource_rpc.ResourceMonitorServicer):
    """One run's monitor. folder: what relative paths in assets start from."""

    def __init__(self, run: Deployment, config: Resolved, folder: Path, organization: str) -> None:
        self.run, self.config, self.folder, self.organization = run, config, folder, organization
        self.defaults = DefaultProviders(self._ask, config)
        self.callbacks = Callbacks()
        self.transforms = Transforms(self.callbacks)
        self.finished = threading.Event()
        self._goals: dict[str, Goal] = {}
        self._parents: dict[str, str] = {}
        self._component_providers: dict[str, dict[str, str]] = {}
        self._settled: dict[str, tuple[str, bool, bool]] = {}
        self._lock = threading.RLock()

    def close(self) -> None:
        """Let whoever waits for the end go on."""
        self.finished.set()

    # ---- about the run -------------------------------------------------------------------------------------------

    def GetDeploymentInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return proto.resource.DeploymentInfo(
            project=self.run.project_name,
            stack=self.run.stack,
            organization=self.organization,
            config=dict(self.config.values),
            configSecretKeys=self.config.secret_keys,
            dryRun=self.run.preview,
            parallel=self.run.options.parallel,
            supportedFeatures=[
                proto.resource.ResourceMonitorFeature.Value(f"RESOURCE_MONITOR_FEATURE_{name}") for name in FEATURES
            ],
        )

    def SupportsFeature(self, request: Any, context: grpc.ServicerContext) -> Any:
        return proto.resource.SupportsFeatureResponse(hasSupport=OLD_NAMES.get(request.id) in FEATURES)

    def SignalAndWaitForShutdown(self, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            self.run.post(ProgramEnded())
        except Closed:
            self._abort(context)
        self.finished.wait()
        return empty_pb2.Empty()

    def RegisterPackage(self, request: Any, context: grpc.ServicerContext) -> Any:
        what = f"the parameterized provider '{request.name}'"
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{what} is not supported by this engine; use `pulumi`")

    def Call(self, request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            f"methods of remote components ({request.tok}) are not supported by this engine",
        )

    # ---- registering ---------------------------------------------------------------------------------------------

    def RegisterResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return self._register(request)
        except (Closed, CancelledError):
            self._abort(context)
        except (UserError, ProviderError, ValueError) as error:
            self._refuse(context, str(error))

    def _register(self, request: Any) -> Any:
        if request.remote:
            raise UserError(
                f"remote components are not supported by this engine: {request.type} '{request.name}'",
                next="use `pulumi`",
            )
        if request.state_migrations:
            raise UserError("state migrations are not supported by this engine")
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
        if own:
            properties = _with_dependencies(properties, per_property)
        for transform in transforms:
            properties, options = transform(request, parent, properties, options)
        if own:
            needed = list(dict.fromkeys(options.depends_on))
            per_property = {key: sorted(set(dependencies(value))) for key, value in properties.items()}
            needed = list(dict.fromkeys([*needed, *(urn for found in per_property.values() for urn in found)]))
        else:
            for key, value in properties.items():
                per_property[key] = list(dict.fromkeys([*per_property.get(key, ()), *dependencies(value)]))
        self._inherit_providers(request, parent, options)
        goal = self._goal(request, parent, options, downgrade(properties), needed, per_property)
        answer = self._ask(Register(goal))
        if answer.outcome != "success" and not request.supportsResultReporting:
            raise UserError("resource registration failed")
        self._remember(goal, answer, own, options)
        return self._response(request, answer)

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
        trigger = decode(options.replacement_trigger) if options.HasField("replacement_trigger") else None
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
            source_position=self._position(request),
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
            raise UserError("environment variable mappings of providers are not supported by this engine")

    def _position(self, request: Any) -> str:
        position = request.sourcePosition
        if not position.uri:
            return ""
        prefix = f"file://{self.folder}/"
        uri = position.uri.replace(prefix, "project:///") if position.uri.startswith(prefix) else position.uri
        column = f",{position.column}" if position.column else ""
        return f"{uri}#{position.line}{column}"

    def _ask(self, request: Register | Read) -> Answer:
        self.run.post(request)
        return request.answer.result()

    def _remember(self, goal: Goal, answer: Answer, own: list[Any], options: Any) -> None:
        urn = answer.state.urn
        with self._lock:
            self._goals[urn] = goal
            self._parents[urn] = goal.parent
            self.transforms.of_resource[urn] = own
            if not goal.custom:
                self._component_providers[urn] = dict(options.providers)
            self._settled[urn] = (goal.parent, goal.custom, bool(answer.state.id))

    def _response(self, request: Any, answer: Answer) -> Any:
        outputs = answer.state.outputs if request.custom else {}
        if not request.supportsPartialValues:
            outputs = {key: value for key, value in outputs.items() if not has_unknown(value)}
        form = Form(unknowns=True, secrets=request.acceptSecrets, references=request.acceptResources)
        result = {"success": "SUCCESS", "failed": "FAIL", "skipped": "SKIP"}[answer.outcome]
        return proto.resource.RegisterResourceResponse(
            urn=answer.state.urn,
            id=answer.state.id,
            object=form(outputs),
            result=proto.resource.Result.Value(result),
            unknown=answer.unknown,
        )

    def RegisterResourceOutputs(self, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            outputs = downgrade(with_hashes(decode(request.outputs), self.folder))
            registration = RegisterOutputs(urns.check(request.urn), outputs)
            self.run.post(registration)
            registration.answer.result()
        except (Closed, CancelledError):
            self._abort(context)
        except (UserError, ValueError) as error:
            self._refuse(context, str(error))
        return empty_pb2.Empty()

    # ---- reading and calling -------------------------------------------------------------------------------------

    def ReadResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return self._read(request)
        except (Closed, CancelledError):
            self._abort(context)
        except (UserError, ProviderError, ValueError) as error:
            self._refuse(context, str(error))

    def _read(self, request: Any) -> Any:
        from trifold.engine.generator import wire_id

        provider = request.provider
        if not provider and not urns.is_provider_type(request.type):
            package = urns.package_of(request.type)
            provider = self.defaults.reference(package, request.version, request.pluginDownloadURL)
        read = Read(
            type=request.type,
            name=request.name,
            id=wire_id(request.id),
            provider=provider,
            parent=urns.check(request.parent) if request.parent else "",
            properties=downgrade(decode(request.properties)),
            dependencies=[urns.check(urn) for urn in request.dependencies],
            additional_secret_outputs=list(request.additionalSecretOutputs),
            source_position=self._position(request),
        )
        answer = self._ask(read)
        with self._lock:
            self._settled[answer.state.urn] = (read.parent, True, True)
        form = Form(unknowns=True, secrets=request.acceptSecrets, references=request.acceptResources)
        return proto.resource.ReadResourceResponse(urn=answer.state.urn, properties=form(answer.state.outputs))

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return self._invoke(request)
        except (Closed, CancelledError):
            self._abort(context)
        except (UserError, ProviderError, ValueError, KeyError) as error:
            self._refuse(context, f"invocation of {request.tok} returned an error: {error}")

    def _invoke(self, request: Any) -> Any:
        args = decode(request.args)
        package = request.tok.partition(":")[0]
        options = proto.resource.TransformInvokeOptions(
            provider=request.provider or self._provider_above(request.parent, package),
            version=request.version,
            plugin_download_url=request.pluginDownloadURL,
        )
        for transform in list(self.transforms.of_invokes):
            args, options = transform(request.tok, args, options)
        reference = options.provider or self.defaults.reference(package, options.version, options.plugin_download_url)
        if self._unsettled(request.dependsOn):
            return proto.resource.ResourceInvokeResponse(unknown=True)
        provider = self.run.registry.get(reference)
        if provider is None:
            raise UserError(f"unknown provider '{reference}' for the function {request.tok}")
        result, failures = provider.invoke(request.tok, downgrade(args), preview=self.run.preview)
        keep = request.acceptResources or request.tok == "pulumi:pulumi:getResource"
        answer = proto.resource.ResourceInvokeResponse(
            failures=[proto.provider.CheckFailure(property=name, reason=reason) for name, reason in failures]
        )
        getattr(answer, "return").CopyFrom(Form(unknowns=True, references=keep)(result))
        return answer

    def _provider_above(self, parent: str, package: str) -> str:
        with self._lock:
            return self._component_providers.get(parent, {}).get(package, "") if parent else ""

    def _unsettled(self, depends_on: Iterable[str]) -> bool:
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

    # ---- functions of the program --------------------------------------------------------------------------------

    def RegisterStackTransform(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.transforms.of_stack.append(self.transforms.wrap(request))
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.transforms.of_invokes.append(self.transforms.wrap_invoke(request))
        return empty_pb2.Empty()

    def RegisterResourceHook(self, request: Any, context: grpc.ServicerContext) -> Any:
        call = self.callbacks.function(request.callback)
        return self._add_hook(Hook(request.name, call, request.on_dry_run, request.ignore_errors), context)

    def RegisterErrorHook(self, request: Any, context: grpc.ServicerContext) -> Any:
        return self._add_hook(Hook(request.name, self.callbacks.function(request.callback)), context)

    def _add_hook(self, hook: Hook, context: grpc.ServicerContext) -> Any:
        try:
            self.run.hooks.register(hook)
        except ValueError as error:
            self._refuse(context, str(error))
        return empty_pb2.Empty()

    def _abort(self, context: grpc.ServicerContext) -> None:
        context.abort(grpc.StatusCode.UNAVAILABLE, "resource monitor shut down")

    def _refuse(self, context: grpc.ServicerContext, text: str) -> None:
        context.abort(grpc.StatusCode.UNKNOWN, text)


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
