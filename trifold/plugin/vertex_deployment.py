"""What an endpoint serves: model versions on machines, and the share of the requests each gets.

One resource owns an endpoint's deployed models and its traffic, so that a change is one movement: what is new is
deployed beside the old and gets no request until it is healthy; then all traffic moves at once; then the old goes. A
failure before the move takes away only what was new, and the old serves throughout.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from trifold.plugin.vertex_api import AWAY, FIRST_PAUSE, PASSING, Api, VertexError, api_of
from trifold.protocol.declaration import Failure, InvalidInputs, NotInitialized, Values

CPU = "aiplatform.googleapis.com/prediction/online/cpu/utilization"
# Vertex AI's own default target, said explicitly.
TARGET_PERCENT = 60
# The outputs of a deployment that is not what it is to be.
NOTHING: Mapping[str, Any] = {"deployedModels": {}, "trafficSplit": {}}
ATTEMPTS = 5
# How often what failed late is deployed again.
RETRIES = 2
# What cannot be changed while a model is deployed.
FIXED = ("model", "machineType", "serviceAccount", "accessLogging")


class DeploymentFailed(Exception):
    """The endpoint does not serve what was asked for; says why, in Vertex AI's words."""


class Deployments:
    """The id is the endpoint's name. Creating and updating are the same: the endpoint then serves what is asked for."""

    def create(self, session: Any, inputs: Values) -> tuple[str, Values]:
        """What is deployed when it fails is kept in state, so that the next run takes it up, or a destroy away."""
        api, endpoint = api_of(session, inputs["endpoint"]), inputs["endpoint"]
        try:
            return endpoint, _converge(api, inputs)
        except (DeploymentFailed, VertexError) as error:
            if not _holds(api, endpoint):
                raise
            raise NotInitialized(endpoint, inputs, {**inputs, **NOTHING}, str(error)) from error

    def update(self, session: Any, id: str, old: Values, inputs: Values) -> Values:
        return _converge(api_of(session, id), inputs)

    def read(self, session: Any, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        found = api_of(session, id).get(id)
        if found is None or not found.get("deployedModels"):
            return None
        now = {"endpoint": inputs.get("endpoint") or id, "deployments": _ordered(_shown(found), inputs)}
        return id, now, {**now, **_outputs(found)}

    def delete(self, session: Any, id: str, outputs: Values) -> None:
        """Takes all traffic away, then all deployed models; the endpoint itself is another resource."""
        api = api_of(session, id)
        if api.get(id) is None:
            return
        api.settle(id)
        found = api.call("GET", id)
        if found.get("trafficSplit"):
            _move(api, id, {})
        _undeploy(api, id, [one["id"] for one in found.get("deployedModels", [])])

    def find(self, session: Any, inputs: Values) -> str | None:
        """The endpoint, if a run that was killed has deployed something to it."""
        found = api_of(session, inputs["endpoint"]).get(inputs["endpoint"])
        return inputs["endpoint"] if found and found.get("deployedModels") else None


def _holds(api: Api, endpoint: str) -> bool:
    """Whether anything is deployed there, as far as one may look."""
    try:
        return bool((api.get(endpoint) or {}).get("deployedModels"))
    except VertexError:
        return True


def _converge(api: Api, inputs: Values) -> Values:
    endpoint, wanted = inputs["endpoint"], {title(one): one for one in inputs["deployments"]}
    _check(inputs["deployments"])
    api.settle(endpoint)
    there = {one["displayName"]: one for one in api.call("GET", endpoint).get("deployedModels", [])}
    _deploy(api, endpoint, [one for name, one in wanted.items() if name not in there])
    _resize(api, endpoint, {name: (there[name], one) for name, one in wanted.items() if name in there})
    found = api.call("GET", endpoint)
    serving = {one["displayName"]: one["id"] for one in found.get("deployedModels", [])}
    split = {serving[name]: int(one["weight"]) for name, one in wanted.items() if one["weight"]}
    if found.get("trafficSplit", {}) != split:
        _move(api, endpoint, split)
    _undeploy(api, endpoint, [one["id"] for one in found["deployedModels"] if one["displayName"] not in wanted])
    return {**inputs, **_outputs(api.call("GET", endpoint))}


def title(deployment: Mapping[str, Any]) -> str:
    """A deployed model's display name: what of it can't be changed is part of it, so that another is another."""
    fixed = [deployment.get(name) or None for name in FIXED]
    return f"{deployment['name']}-{hashlib.sha256(json.dumps(fixed).encode()).hexdigest()[:8]}"


def _check(deployments: Iterable[Mapping[str, Any]]) -> None:
    weights = [int(one["weight"]) for one in deployments]
    if sum(weights) != 100 or min(weights) < 0:
        reason = f"the weights must be 0 or more and add up to 100, they are {', '.join(map(str, weights))}"
        raise InvalidInputs(Failure("deployments", reason))


def _deploy(api: Api, endpoint: str, new: list[Mapping[str, Any]]) -> None:
    """Deploy side by side; what fails through no fault of its own is tried again. Raises DeploymentFailed after taking
    away what was deployed here."""
    made: list[str] = []
    failures = _attempt(api, endpoint, new, made)
    for _ in range(RETRIES):
        again = [one for one in new if one["name"] in failures]
        if not again or any(error.status not in PASSING.values() for error in failures.values()):
            break
        failures = _attempt(api, endpoint, again, made)
    if failures:
        _undeploy(api, endpoint, made)
        told = "; ".join(f"deployment {name}: {error}" for name, error in failures.items())
        raise DeploymentFailed(f"Vertex AI did not deploy to {endpoint}: {told}")


def _attempt(api: Api, endpoint: str, new: list[Mapping[str, Any]], made: list[str]) -> dict[str, VertexError]:
    """Deploy all at once; what failed, by name. made: gets the ids of the rest."""
    started: dict[str, Any] = {}
    failures: dict[str, VertexError] = {}

    def step(name: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except VertexError as error:
            failures[name] = error
            return None

    for one in new:
        body = {"deployedModel": _deployed_model(one)}
        started[one["name"]] = step(one["name"], partial(_start, api, endpoint, "deployModel", body))
    for name, operation in started.items():
        done = step(name, partial(api.finished, operation)) if operation else None
        if done:
            made.append(done["deployedModel"]["id"])
    return failures


def _deployed_model(one: Mapping[str, Any]) -> Values:
    made = {
        "model": one["model"],
        "displayName": title(one),
        "dedicatedResources": {"machineSpec": {"machineType": one["machineType"]}, **_replicas(one)},
        "serviceAccount": one.get("serviceAccount"),
        "enableAccessLogging": one.get("accessLogging"),
    }
    return {name: value for name, value in made.items() if value}


def _replicas(one: Mapping[str, Any]) -> Values:
    low, high = int(one["minReplicas"]), int(one["maxReplicas"])
    metrics = [{"metricName": CPU, "target": TARGET_PERCENT}] if high > low else []
    scaled = {"autoscalingMetricSpecs": metrics} if metrics else {}
    return {"minReplicaCount": low, "maxReplicaCount": high, **scaled}


def _resize(api: Api, endpoint: str, pairs: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]) -> None:
    """Other numbers of replicas for what stays."""
    operations = []
    for there, one in pairs.values():
        wanted = _replicas(one)
        if {name: there["dedicatedResources"].get(name) for name in wanted} != wanted:
            mask = ",".join(f"dedicatedResources.{name}" for name in wanted)
            body = {"deployedModel": {"id": there["id"], "dedicatedResources": wanted}, "updateMask": mask}
            operations.append(_start(api, endpoint, "mutateDeployedModel", body))
    for operation in operations:
        api.finished(operation)


def _start(api: Api, endpoint: str, verb: str, body: Any) -> dict[str, Any]:
    """Start an operation at an endpoint; where Vertex AI wants another one finished first, after that. Where it did not
    say whether it heard, what it may have done is looked for before it is asked again."""
    for attempt in range(ATTEMPTS):
        try:
            return api.call("POST", f"{endpoint}:{verb}", body, twice=False)
        except VertexError as error:
            if error.status != "ABORTED" and error.http not in AWAY:
                raise
        time.sleep(FIRST_PAUSE * 2**attempt)
        api.settle(endpoint)
        if found := _done(api, endpoint, verb, body):
            return found
    return api.call("POST", f"{endpoint}:{verb}", body, twice=False)


def _done(api: Api, endpoint: str, verb: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The operation as it would be, if what it was to do is done."""
    there = api.call("GET", endpoint).get("deployedModels", [])
    if verb == "undeployModel" and all(one["id"] != body["deployedModelId"] for one in there):
        return {"done": True, "response": {}}
    if verb == "deployModel":
        name = body["deployedModel"]["displayName"]
        return next(({"done": True, "response": {"deployedModel": one}} for one in there
                     if one["displayName"] == name), None)  # fmt: skip
    return None


def _move(api: Api, endpoint: str, split: Mapping[str, int]) -> None:
    api.call("PATCH", endpoint, {"trafficSplit": dict(split)}, {"updateMask": "trafficSplit"})


def _undeploy(api: Api, endpoint: str, idents: list[str]) -> None:
    operations = [_start(api, endpoint, "undeployModel", {"deployedModelId": ident}) for ident in idents]
    for operation in operations:
        api.finished(operation)


def _shown(found: Mapping[str, Any]) -> list[Values]:
    """What an endpoint serves, in a program's words."""
    split = found.get("trafficSplit", {})
    shown = []
    for one in found["deployedModels"]:
        resources = one["dedicatedResources"]
        low = int(resources["minReplicaCount"])
        made = {
            "name": one["displayName"].rpartition("-")[0] or one["displayName"],
            "model": one["model"] if "@" in one["model"] else f"{one['model']}@{one['modelVersionId']}",
            "weight": int(split.get(one["id"], 0)),
            "machineType": resources["machineSpec"]["machineType"],
            "minReplicas": low,
            "maxReplicas": int(resources.get("maxReplicaCount") or low),
            "serviceAccount": one.get("serviceAccount"),
            "accessLogging": one.get("enableAccessLogging"),
        }
        shown.append({name: value for name, value in made.items() if value is not None})
    return shown


def _ordered(shown: list[Values], inputs: Values) -> list[Values]:
    """In the program's order, with what it had set explicitly to nothing."""
    known = {one["name"]: one for one in inputs.get("deployments") or []}
    places = {name: place for place, name in enumerate(known)}
    ordered = sorted(shown, key=lambda one: (places.get(one["name"], len(places)), one["name"]))
    return [{**_nothings(known.get(one["name"], {})), **one} for one in ordered]


def _nothings(given: Mapping[str, Any]) -> Values:
    return {name: value for name, value in given.items() if name in ("accessLogging", "serviceAccount") and not value}


def _outputs(found: Mapping[str, Any]) -> Values:
    deployed = {one["displayName"].rpartition("-")[0]: one["id"] for one in found.get("deployedModels", [])}
    return {"deployedModels": deployed, "trafficSplit": dict(found.get("trafficSplit", {}))}
