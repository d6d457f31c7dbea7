"""Runs a Pulumi program against a monitor that records what it registers and makes nothing. In a process of its own.

    python -m tests.conformance.recorder CLOUD < jobs > recordings          # a line of JSON each

A job: {"program": path, "stack": name, "configuration": {key: text}, "account": id, "preview": true or false}. Each
runs in a process forked from one that has the cloud's SDK imported: that takes longer than the program does.
Transforms are run as the engine runs them (a resource's own, its ancestors', the stack's), on what is registered. In a
preview, what only the cloud will tell is unknown.
"""

import asyncio
import importlib
import json
import os
import runpy
import sys
import traceback
from typing import Any

import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime import mocks, rpc
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.rpc import serialize_properties
from pulumi.runtime.stack import run_in_stack

from infra import clouds
from tests.conformance import invention
from trifold.errors import UserError
from trifold.protocol.values import UNKNOWN, decode, encode, reveal, to_wire

# What a private network is made with, by cloud.
NETWORKS = {"aws": ("pulumi_aws.ec2", "VpcEndpoint"), "azure": ("pulumi_azure_native.network", "PrivateEndpoint")}


class Monitor(mocks.MockMonitor):
    """Records every request in full. `recording` is JSON: resources in order, invokes, and each URN's outputs."""

    def __init__(self, account: str, preview: bool) -> None:
        super().__init__(mocks=None)  # type: ignore[arg-type]
        self._account, self._preview = account, preview
        self.recording: dict[str, Any] = {"resources": [], "invokes": [], "outputs": {}, "error": ""}
        self._transforms: dict[str, list[Any]] = {}

    def Invoke(self, request: Any) -> Any:
        args = reveal(decode(request.args))
        self.recording["invokes"].append({"token": request.tok, "args": args, "provider": request.provider})
        answer = invention.FUNCTIONS.get(request.tok)
        if answer is None:
            raise LookupError(f"the rig has no answer for {request.tok}")
        return resource_pb2.ResourceInvokeResponse(**{"return": encode(answer(self._account, args))})

    def RegisterResource(self, request: Any) -> Any:
        urn = self.make_urn(request.parent, request.type, request.name)
        self._transforms[urn] = [
            *mocks._resolve_callbacks(request.transforms),
            *self._transforms.get(request.parent, []),
        ]
        given = self._transformed(urn, request)
        self.recording["resources"].append(self._record(urn, request, given))
        if not request.custom:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if request.type.startswith("pulumi:providers:"):
            return resource_pb2.RegisterResourceResponse(urn=urn, id=request.name, object=request.object)
        if self._preview:
            echoed = invention.echoed(request.type, given)
            unknown = dict.fromkeys(invention.promised(request.type), UNKNOWN)
            return resource_pb2.RegisterResourceResponse(urn=urn, object=encode({**unknown, **echoed}))
        made = invention.outputs(request.type, request.name, given)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=f"{request.name}-id", object=encode(made))

    def RegisterResourceOutputs(self, request: Any) -> Any:
        self.recording["outputs"][request.urn] = to_wire(decode(request.outputs))
        return empty_pb2.Empty()

    def _record(self, urn: str, request: Any, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "urn": urn,
            "type": request.type,
            "name": request.name,
            "parent": request.parent,
            "custom": request.custom,
            "inputs": to_wire(given),
            "protect": request.protect,
            "retain": request.retainOnDelete,
            "provider": request.provider,
            "providers": dict(request.providers),
            "ignored": list(request.ignoreChanges),
            "dependencies": list(request.dependencies),
            "aliases": [alias.urn or alias.spec.name for alias in request.aliases],
        }

    def _transformed(self, urn: str, request: Any) -> dict[str, Any]:
        found = self._transforms[urn] + self._stack_transforms
        if not found or request.type == "pulumi:pulumi:Stack":
            return decode(request.object)
        props = rpc.deserialize_properties(request.object)
        for transform in found:
            args = pulumi.ResourceTransformArgs(
                request.custom, request.type, request.name, props, pulumi.ResourceOptions()
            )
            answer = transform(args)
            props = props if answer is None else answer.props
        return decode(mocks._sync_await(serialize_properties(props, {})))


def record(job: dict[str, Any]) -> dict[str, Any]:
    """The recording of one run; `error` has the text of what ended it, if anything did."""
    monitor = Monitor(job["account"], job["preview"])
    features = set(monitor.GetDeploymentInfo(empty_pb2.Empty()).supportedFeatures)
    settings = mocks.MockSettings(
        monitor=monitor,
        monitor_features=features,
        engine=mocks.MockEngine(None),
        project="trifold",
        stack=job["stack"],
        dry_run=job["preview"],
        organization="organization",
        callbacks=None,
    )
    pulumi.runtime.configure(settings)
    pulumi.runtime.set_all_config(job["configuration"])
    try:
        asyncio.run(run_in_stack(lambda: runpy.run_path(job["program"], run_name="__main__") and None))
    except UserError as error:
        monitor.recording["error"] = str(error)
    except Exception:
        monitor.recording["error"] = traceback.format_exc()
    return monitor.recording


def serve(cloud: str) -> None:
    """Answer jobs until there are no more."""
    clouds.load(cloud)
    for line in sys.stdin:
        if "trifold:network" in line and cloud in NETWORKS:
            # The SDK loads a module where it is first used, and these are big: once here, not in each child.
            module, name = NETWORKS[cloud]
            getattr(importlib.import_module(module), name)
        child = os.fork()
        if not child:
            print(json.dumps(record(json.loads(line))), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    serve(sys.argv[1])
