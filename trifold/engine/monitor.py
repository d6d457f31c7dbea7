"""Serves Pulumi's ResourceMonitor to the program: turns its calls into requests to the run, and answers them."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2

from trifold.engine import proto
from trifold.engine import urn as urns
from trifold.engine.answers import ProviderError
from trifold.engine.assets import with_hashes
from trifold.engine.callbacks import Callbacks
from trifold.engine.config import Resolved
from trifold.engine.defaults import DefaultProviders
from trifold.engine.family import Family
from trifold.engine.hooks import Hook
from trifold.engine.properties import downgrade
from trifold.engine.refusals import refusal
from trifold.engine.requests import Answer, Closed, ProgramEnded, Read, Register, RegisterOutputs
from trifold.engine.transforms import Transforms
from trifold.engine.wire import Form
from trifold.errors import UserError
from trifold.protocol.values import decode, has_unknown

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
        self.callbacks = Callbacks()
        self.transforms = Transforms(self.callbacks)
        self.family = Family(DefaultProviders(self._ask, config), self.transforms, folder)
        self.finished = threading.Event()

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
            self.run.inbox.post(ProgramEnded())
        except Closed:
            self._abort(context)
        self.finished.wait()
        return empty_pb2.Empty()

    def RegisterPackage(self, request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, str(refusal("parameterized provider", name=request.name)))

    def Call(self, request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, str(refusal("method", token=request.tok)))

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
            raise refusal("remote component", type=request.type, name=request.name)
        if request.state_migrations:
            raise refusal("state migrations")
        wish = self.family.wish(request)
        answer = self._ask(Register(wish.goal))
        if answer.outcome != "success" and not request.supportsResultReporting:
            raise UserError("resource registration failed")
        self.family.remember(wish, answer)
        return self._response(request, answer)

    def _ask(self, request: Register | Read) -> Answer:
        self.run.inbox.post(request)
        return request.answer.result()

    def _response(self, request: Any, answer: Answer) -> Any:
        outputs = answer.state.outputs if request.custom else {}
        if not request.supportsPartialValues:
            outputs = {key: value for key, value in outputs.items() if not has_unknown(value)}
        form = Form(unknowns=True, secrets=request.acceptSecrets, references=request.acceptResources)
        # Numbers, since the SDK's classes have no name for the last yet.
        result = {"success": 0, "failed": 1, "skipped": 2}[answer.outcome]
        return proto.resource.RegisterResourceResponse(
            urn=answer.state.urn,
            id=answer.state.id,
            object=form(outputs),
            result=result,
            unknown=answer.unknown,
        )

    def RegisterResourceOutputs(self, request: Any, context: grpc.ServicerContext) -> Any:
        try:
            outputs = downgrade(with_hashes(decode(request.outputs), self.folder))
            registration = RegisterOutputs(urns.check(request.urn), outputs)
            self.run.inbox.post(registration)
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
            provider = self.family.defaults.reference(package, request.version, request.pluginDownloadURL)
        read = Read(
            type=request.type,
            name=request.name,
            id=wire_id(request.id),
            provider=provider,
            parent=urns.check(request.parent) if request.parent else "",
            properties=downgrade(decode(request.properties)),
            dependencies=[urns.check(urn) for urn in request.dependencies],
            additional_secret_outputs=list(request.additionalSecretOutputs),
            source_position=self.family.position(request),
        )
        answer = self._ask(read)
        self.family.settle(answer.state.urn, read.parent)
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
        args = downgrade(decode(request.args))
        package = request.tok.partition(":")[0]
        options = proto.resource.TransformInvokeOptions(
            provider=request.provider or self.family.provider_above(request.parent, package),
            version=request.version,
            plugin_download_url=request.pluginDownloadURL,
        )
        for transform in list(self.transforms.of_invokes):
            args, options = transform(request.tok, args, options)
        reference = options.provider or self.family.defaults.reference(
            package, options.version, options.plugin_download_url
        )
        if self.family.unsettled(request.dependsOn):
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
