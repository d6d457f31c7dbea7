"""Endpoints: made, deployed to, and their traffic split (aiplatform.v1: projects.locations.endpoints)."""

from collections.abc import Mapping, Sequence
from typing import Any

from trifold.local.gcp.api.errors import GoogleError, invalid, not_found
from trifold.local.gcp.api.hostile import limits
from trifold.local.gcp.api.schema import mask_paths
from trifold.local.gcp.api.vertex.deployment import Deployment
from trifold.local.gcp.api.vertex.endpoint import NEW, Endpoint, check_split
from trifold.local.gcp.api.vertex.filters import page
from trifold.local.gcp.api.vertex.lro import EMPTY, TYPES, LongRunning
from trifold.local.gcp.api.vertex.models import Models
from trifold.local.gcp.api.vertex.names import (
    ENDPOINT_IDENT,
    PARENT,
    check_display_name,
    check_labels,
    check_parent,
    new_id,
    now,
)
from trifold.local.gcp.api.vertex.replicas import Launcher
from trifold.local.gcp.api.wire import Call

BASE = "projects.locations.endpoints"
CHANGEABLE = ("displayName", "description", "labels", "trafficSplit")


class Endpoints:
    def __init__(self, operations: LongRunning, models: Models, launcher: Launcher) -> None:
        self._operations, self._models, self._launcher = operations, models, launcher
        self._endpoints: dict[str, Endpoint] = {}
        models.deployments = self.deployments_of

    def handlers(self) -> dict[str, Any]:
        return {
            f"{BASE}.create": self.create,
            f"{BASE}.get": self.get,
            f"{BASE}.list": self.list,
            f"{BASE}.patch": self.patch,
            f"{BASE}.update": self.update,
            f"{BASE}.delete": self.delete,
            f"{BASE}.deployModel": self.deploy,
            f"{BASE}.undeployModel": self.undeploy,
            f"{BASE}.mutateDeployedModel": self.mutate,
        }

    def find(self, call: Call) -> Endpoint:
        """Raises NOT_FOUND."""
        check_parent(call.path)
        ident = call.path["endpointsId"]
        if ident not in self._endpoints:
            raise not_found(f"The Endpoint does not exist: {PARENT}/endpoints/{ident}")
        return self._endpoints[ident]

    def deployments_of(self, model: str, version: str) -> list[tuple[str, str]]:
        found = []
        for endpoint in self._endpoints.values():
            for one in endpoint.all_deployments():
                if one.model == model and version in ("", one.version):
                    found.append((endpoint.name, one.ident))
        return found

    def create(self, call: Call) -> Any:
        check_parent(call.path)
        check_display_name(call.body.get("displayName", ""), "endpoint")
        check_labels(call.body.get("labels", {}))
        ident = call.query.get("endpointId", "") or new_id()
        if call.query.get("endpointId") and not ENDPOINT_IDENT.fullmatch(ident):
            raise invalid(
                f"Invalid endpoint_id: {ident}. It must be a number of at most 10 digits, without leading zeros."
            )
        if ident in self._endpoints:
            raise GoogleError("ALREADY_EXISTS", f"Endpoint {PARENT}/endpoints/{ident} already exists.")
        moment = now()
        kept = {name: value for name, value in call.body.items() if value and name not in ("name", "etag")}
        meta = {**kept, "createTime": moment, "updateTime": moment, "etag": f"AMEw9y{new_id(12)}"}
        endpoint = self._endpoints[ident] = Endpoint(ident, meta)
        response = {"@type": f"{TYPES}Endpoint", **endpoint.view()}
        return self._operations.done(endpoint.name, "CreateEndpoint", response)

    def get(self, call: Call) -> Any:
        return self.find(call).view()

    def list(self, call: Call) -> Any:
        check_parent(call.path)
        return page(call, "endpoints", [one.view() for one in self._endpoints.values()])

    def patch(self, call: Call) -> Any:
        endpoint = self.find(call)
        paths = mask_paths(call.query.get("updateMask", ""), CHANGEABLE)
        self._change(endpoint, paths, call.body)
        return endpoint.view()

    def update(self, call: Call) -> Any:
        endpoint, given = self.find(call), call.body.get("endpoint", {})
        self._change(endpoint, [name for name in CHANGEABLE if name in given], given)
        response = {"@type": f"{TYPES}Endpoint", **endpoint.view()}
        return self._operations.done(endpoint.name, "UpdateEndpoint", response)

    def delete(self, call: Call) -> Any:
        endpoint = self.find(call)
        held = [one.ident for one in endpoint.all_deployments()]
        if held:
            which = f"deployed or being-deployed DeployedModel(s) with ID(s): {', '.join(held)}"
            message = f'The Endpoint "{endpoint.name}" has {which}.'
            raise GoogleError("FAILED_PRECONDITION", message)
        del self._endpoints[endpoint.ident]
        return self._operations.done(endpoint.name, "Delete", EMPTY)

    def deploy(self, call: Call) -> Any:
        endpoint, given = self.find(call), call.body.get("deployedModel", {})
        model, version = self._models.find(given.get("model", ""))
        ident = given.get("id") or new_id()
        if endpoint.has(ident):
            raise GoogleError("ALREADY_EXISTS", f"DeployedModel {ident} already exists at {endpoint.name}.")
        split = _named(call.body.get("trafficSplit", {}), ident)
        if split:
            check_split(split, {*endpoint.deployments, ident})
        plan = self._launcher.plan(call.caller, endpoint, ident, given, model, version)
        self._check_cpus(plan.meta["dedicatedResources"])
        deployment = endpoint.starting[ident] = Deployment(plan, self._launcher)

        async def work() -> Mapping[str, Any]:
            try:
                await deployment.start()
                limits.fail_late(self._launcher.hostile, f"deployModel {endpoint.name}")
            except BaseException:
                await deployment.stop()
                raise
            finally:
                del endpoint.starting[ident]
            endpoint.deployments[ident] = deployment
            if split:
                endpoint.set_split({key: share for key, share in split.items() if endpoint.has(key)})
            return {"@type": f"{TYPES}DeployModelResponse", "deployedModel": deployment.view()}

        return self._operations.start(endpoint.name, "DeployModel", work)

    def undeploy(self, call: Call) -> Any:
        endpoint, ident = self.find(call), call.body.get("deployedModelId", "")
        deployment = endpoint.deployment(ident)
        rest = {key for key in endpoint.deployments if key != ident}
        split = {key: int(share) for key, share in call.body.get("trafficSplit", {}).items() if int(share)}
        if split:
            check_split(split, rest)
        elif rest and endpoint.split.get(ident):
            message = f"DeployedModel {ident} still has traffic assigned to it; give it to other DeployedModels first."
            raise GoogleError("FAILED_PRECONDITION", message)
        endpoint.set_split(split or {key: share for key, share in endpoint.split.items() if key != ident})
        del endpoint.deployments[ident]
        endpoint.stopping[ident] = deployment

        async def work() -> Mapping[str, Any]:
            try:
                await deployment.stop()
            finally:
                del endpoint.stopping[ident]
            return {"@type": f"{TYPES}UndeployModelResponse"}

        return self._operations.start(endpoint.name, "UndeployModel", work)

    def mutate(self, call: Call) -> Any:
        endpoint, given = self.find(call), call.body.get("deployedModel", {})
        deployment = endpoint.deployment(given.get("id", ""))
        mask_paths(call.query.get("updateMask") or call.body.get("updateMask", ""), ("dedicatedResources",))
        resources = {**deployment.meta["dedicatedResources"], **given.get("dedicatedResources", {})}
        self._launcher.check_resources(resources)

        async def work() -> Mapping[str, Any]:
            await deployment.resize(resources)
            response = {"@type": f"{TYPES}MutateDeployedModelResponse", "deployedModel": deployment.view()}
            return response

        return self._operations.start(endpoint.name, "MutateDeployedModel", work)

    async def close(self) -> None:
        for endpoint in self._endpoints.values():
            for deployment in endpoint.all_deployments():
                await deployment.stop(drain=False)

    def _check_cpus(self, wanted: Mapping[str, Any]) -> None:
        if self._launcher.hostile is not None:
            held = (one for endpoint in self._endpoints.values() for one in endpoint.all_deployments())
            limits.check_cpus((one.meta["dedicatedResources"] for one in held), wanted)

    def _change(self, endpoint: Endpoint, paths: Sequence[str], given: Mapping[str, Any]) -> None:
        if given.get("etag") and given["etag"] != endpoint.meta["etag"]:
            raise GoogleError("ABORTED", "The Endpoint was changed in the meantime: its etag is another one.")
        check_labels(given.get("labels", {}))
        if any(path.split(".")[0] == "trafficSplit" for path in paths):
            split = {key: int(share) for key, share in given.get("trafficSplit", {}).items() if int(share)}
            check_split(split, set(endpoint.deployments))
            endpoint.set_split(split)
        for path in paths:
            if path != "trafficSplit":
                endpoint.meta[path] = given.get(path, {} if path == "labels" else "")
        endpoint.touch()


def _named(split: Mapping[str, Any], ident: str) -> dict[str, int]:
    """A split in which "0" stands for the model that is being deployed."""
    return {ident if key == NEW else key: int(share) for key, share in split.items() if int(share)}
