"""Vertex AI: endpoints. What is deployed to them is the kit's own provider's work, as it is with real clouds."""

import json
from typing import Any

from trifold.local.gcp.provider.base import DELETION, gone, place
from trifold.local.gcp.provider.foundation import finished
from trifold.local.gcp.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Autoname, ResourceType, Values


class AiEndpoint(Resource):
    supported = supports(
        "dedicatedEndpointEnabled deletionPolicy description displayName labels location name project region "
        "trafficSplit"
    )

    def make(self, session: Session, inputs: Values) -> str:
        project, location = place(session, inputs)
        parent = f"projects/{project}/locations/{location}"
        body = {"displayName": inputs["displayName"], "labels": session.labels(inputs)}
        for name in ("description", "dedicatedEndpointEnabled"):
            if inputs.get(name):
                body[name] = inputs[name]
        where = f"{_base(location)}/{parent}/endpoints"
        started = session.call("POST", where, body, {"endpointId": inputs["name"]})
        finished(session, _base(location), started)
        return f"{parent}/endpoints/{inputs['name']}"

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        _, project, _, location, _, name = id.split("/")
        found = gone(lambda: session.call("GET", f"{_base(location)}/{id}"))
        if found is None:
            return None
        return {
            **session.label_outputs(found.get("labels", {})),
            "name": name,
            "project": project,
            "location": location,
            **({"region": inputs["region"]} if inputs.get("region") else {}),
            "displayName": found["displayName"],
            "description": found.get("description", ""),
            "dedicatedEndpointEnabled": bool(found.get("dedicatedEndpointEnabled")),
            "dedicatedEndpointDns": found.get("dedicatedEndpointDns", ""),
            "trafficSplit": json.dumps(found.get("trafficSplit", {}), separators=(",", ":"), sort_keys=True),
            "deployedModels": [_deployed(one) for one in found.get("deployedModels", [])],
            "modelDeploymentMonitoringJob": "",
            "etag": found["etag"],
            "createTime": found["createTime"],
            "updateTime": found["updateTime"],
            "deletionPolicy": inputs.get("deletionPolicy") or DELETION,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        location = id.split("/")[3]
        body: dict[str, Any] = {"displayName": inputs["displayName"], "description": inputs.get("description") or ""}
        body["labels"] = session.labels(inputs)
        if inputs.get("trafficSplit"):
            body["trafficSplit"] = json.loads(inputs["trafficSplit"])
        session.call("PATCH", f"{_base(location)}/{id}", body, {"updateMask": ",".join(body)})
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        base = _base(id.split("/")[3])
        started = gone(lambda: session.call("DELETE", f"{base}/{id}"))
        if started:
            finished(session, base, started)

    def find(self, session: Session, inputs: Values) -> str | None:
        project, location = place(session, inputs)
        return f"projects/{project}/locations/{location}/endpoints/{inputs['name']}"


def _base(location: str) -> str:
    return f"{location}-aiplatform.googleapis.com/v1"


def _deployed(found: Values) -> Values:
    """A deployed model as the official provider lists it."""
    names = ("id", "model", "modelVersionId", "displayName", "createTime", "serviceAccount", "enableAccessLogging")
    resources = found.get("dedicatedResources", {})
    return {**{name: found[name] for name in names if name in found}, "dedicatedResources": [resources]}


TYPES = (
    ResourceType(
        "gcp:vertex/aiEndpoint:AiEndpoint",
        "pulumi_gcp.vertex.ai_endpoint:AiEndpointArgs",
        AiEndpoint(),
        autoname=Autoname("name", 10, alphabet="0123456789"),
        volatile=("etag", "updateTime"),
    ),
)
