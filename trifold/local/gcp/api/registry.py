"""Artifact Registry: repositories and their policies (artifactregistry.v1). Nothing can be pushed to them."""

from typing import Any

from trifold.local.gcp.api.access import Access
from trifold.local.gcp.api.errors import GoogleError, invalid, not_found, refused
from trifold.local.gcp.api.own_policies import OwnPolicies
from trifold.local.gcp.api.schema import mask_paths
from trifold.local.gcp.api.vertex.names import now
from trifold.local.gcp.api.wire import Call
from trifold.local.gcp.cloud import LOCATION, PROJECT

CHANGEABLE = ("labels", "description", "cleanupPolicies", "cleanupPolicyDryRun", "dockerConfig")
BASE = "projects.locations.repositories"


class Repositories:
    def __init__(self, access: Access) -> None:
        self._repositories: dict[str, dict[str, Any]] = {}
        self.policies = OwnPolicies(self._name, access)
        self._operations: dict[str, dict[str, Any]] = {}

    def handlers(self) -> dict[str, Any]:
        return {
            f"{BASE}.create": self.create,
            f"{BASE}.get": self.get,
            f"{BASE}.list": self.list,
            f"{BASE}.patch": self.patch,
            f"{BASE}.delete": self.delete,
            **self.policies.handlers(BASE),
            "projects.locations.operations.get": self.operation,
        }

    def create(self, call: Call) -> Any:
        ident = call.query.get("repositoryId", "")
        if not ident:
            raise invalid("repository_id is required")
        if call.path["locationsId"] != LOCATION:
            raise invalid(f"unsupported location {call.path['locationsId']}")
        if call.body.get("format") != "DOCKER":
            raise refused("repositories of another format than DOCKER")
        name = f"projects/{PROJECT}/locations/{LOCATION}/repositories/{ident}"
        if name in self._repositories:
            raise GoogleError("ALREADY_EXISTS", "the repository already exists")
        moment = now()
        self._repositories[name] = {
            "mode": "STANDARD_REPOSITORY",
            **call.body,
            "name": name,
            "createTime": moment,
            "updateTime": moment,
            "registryUri": f"{LOCATION}-docker.pkg.dev/{PROJECT}/{ident}",
        }
        return self._done("Repository", self._repositories[name])

    def get(self, call: Call) -> Any:
        return self._repositories[self._name(call)]

    def list(self, call: Call) -> Any:
        return {"repositories": [self._repositories[name] for name in sorted(self._repositories)]}

    def patch(self, call: Call) -> Any:
        name = self._name(call)
        paths = mask_paths(call.query.get("updateMask") or ",".join(call.body), CHANGEABLE)
        changed = {path: call.body[path] for path in paths if path in call.body}
        kept = {key: value for key, value in self._repositories[name].items() if key not in paths}
        self._repositories[name] = {**kept, **changed, "updateTime": now()}
        return self._repositories[name]

    def delete(self, call: Call) -> Any:
        name = self._name(call)
        del self._repositories[name]
        self.policies.forget(name)
        return self._done("", {})

    def operation(self, call: Call) -> Any:
        name = f"projects/{PROJECT}/locations/{LOCATION}/operations/{call.path['operationsId']}"
        if name not in self._operations:
            raise not_found(f"Operation {name} not found")
        return self._operations[name]

    def _name(self, call: Call) -> str:
        ident = call.path["repositoriesId"]
        name = f"projects/{PROJECT}/locations/{call.path['locationsId']}/repositories/{ident}"
        if name not in self._repositories:
            raise not_found("Requested entity was not found.")
        return name

    def _done(self, kind: str, response: dict[str, Any]) -> dict[str, Any]:
        name = f"projects/{PROJECT}/locations/{LOCATION}/operations/{len(self._operations) + 1}"
        packed = {"@type": f"type.googleapis.com/google.devtools.artifactregistry.v1.{kind}", **response}
        if not kind:
            packed = {"@type": "type.googleapis.com/google.protobuf.Empty"}
        metadata = {"@type": "type.googleapis.com/google.devtools.artifactregistry.v1.OperationMetadata"}
        self._operations[name] = {"name": name, "metadata": metadata, "done": True, "response": packed}
        return self._operations[name]
