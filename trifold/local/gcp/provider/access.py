"""What identities are made of: custom roles, and workload identity pools with their providers."""

from typing import Any

from trifold.local.gcp.provider.base import DELETION, gone
from trifold.local.gcp.provider.session import ApiError, Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import ResourceType, Values

IAM = "iam.googleapis.com/v1"


class CustomRole(Resource):
    supported = supports("deletionPolicy description permissions project roleId stage title")

    def make(self, session: Session, inputs: Values) -> str:
        """One that was deleted is had back, as the official provider does (resource_google_project_iam_custom_role)."""
        id = self.find(session, inputs)
        found = gone(lambda: session.call("GET", f"{IAM}/{id}"))
        if found is None:
            where = f"{IAM}/{id.rpartition('/')[0]}"
            return str(session.call("POST", where, {"roleId": inputs["roleId"], "role": _role(inputs)})["name"])
        if not found.get("deleted"):
            raise ApiError(409, f"Custom project role {id} already exists and must be imported", "alreadyExists")
        session.call("POST", f"{IAM}/{id}:undelete", {})
        session.call("PATCH", f"{IAM}/{id}", _role(inputs))
        return id

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        found = gone(lambda: session.call("GET", f"{IAM}/{id}"))
        if found is None or found.get("deleted"):
            return None
        return {
            "name": found["name"],
            "roleId": found["name"].rpartition("/")[2],
            "project": found["name"].split("/")[1],
            "title": found.get("title", ""),
            "description": found.get("description", ""),
            "permissions": sorted(found.get("includedPermissions", [])),
            "stage": found.get("stage", "GA"),
            "deleted": False,
            "deletionPolicy": inputs.get("deletionPolicy") or DELETION,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        session.call("PATCH", f"{IAM}/{id}", _role(inputs))
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        if self.look(session, id, outputs) is not None:
            gone(lambda: session.call("DELETE", f"{IAM}/{id}"))

    def find(self, session: Session, inputs: Values) -> str:
        return f"projects/{inputs.get('project') or session.project}/roles/{inputs['roleId']}"


def _role(inputs: Values) -> dict[str, Any]:
    return {
        "title": inputs["title"],
        "description": inputs.get("description") or "",
        "stage": inputs.get("stage") or "GA",
        "includedPermissions": sorted(inputs["permissions"]),
    }


class _Federated(Resource):
    """ident: the input that is its id."""

    ident: str
    settings: tuple[str, ...] = ("displayName", "description", "disabled")

    def home(self, session: Session, inputs: Values) -> str:
        """Where it is made."""
        project = inputs.get("project") or session.project
        return f"projects/{project}/locations/global/workloadIdentityPools"

    def make(self, session: Session, inputs: Values) -> str:
        body = {name: inputs[name] for name in self.settings if inputs.get(name)}
        where = f"{IAM}/{self.home(session, inputs)}"
        session.call("POST", where, body, {self.ident: inputs[self.ident]})
        return self.find(session, inputs)

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        found = gone(lambda: session.call("GET", f"{IAM}/{id}"))
        if found is None or found["state"] == "DELETED":
            return None
        shown = {name: found[name] for name in ("attributeMapping", "attributeCondition", "oidc") if name in found}
        return {
            **shown,
            self.ident: id.rpartition("/")[2],
            "name": found["name"],
            "project": id.split("/")[1],
            "displayName": found.get("displayName", ""),
            "description": found.get("description", ""),
            "disabled": bool(found.get("disabled")),
            "state": found["state"],
            "deletionPolicy": inputs.get("deletionPolicy") or DELETION,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        body = {name: inputs.get(name) or "" for name in self.settings if name != "disabled"}
        body = {**body, "disabled": bool(inputs.get("disabled"))}
        session.call("PATCH", f"{IAM}/{id}", body, {"updateMask": ",".join(body)})
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        if self.look(session, id, outputs) is not None:
            gone(lambda: session.call("DELETE", f"{IAM}/{id}"))

    def find(self, session: Session, inputs: Values) -> str:
        return f"{self.home(session, inputs)}/{inputs[self.ident]}"


class Pool(_Federated):
    supported = supports("deletionPolicy description disabled displayName project workloadIdentityPoolId")
    ident = "workloadIdentityPoolId"

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        found = super().look(session, id, inputs)
        return found and {**found, "mode": ""}


class PoolProvider(_Federated):
    supported = supports(
        "attributeCondition attributeMapping deletionPolicy description disabled displayName oidc project "
        "workloadIdentityPoolId workloadIdentityPoolProviderId"
    )
    ident = "workloadIdentityPoolProviderId"
    settings = (*_Federated.settings, "attributeMapping", "attributeCondition", "oidc")

    def home(self, session: Session, inputs: Values) -> str:
        return f"{super().home(session, inputs)}/{inputs['workloadIdentityPoolId']}/providers"

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        found = super().look(session, id, inputs)
        return found and {**found, "workloadIdentityPoolId": id.split("/")[5]}


TYPES = (
    ResourceType(
        "gcp:projects/iAMCustomRole:IAMCustomRole",
        "pulumi_gcp.projects.iam_custom_role:IAMCustomRoleArgs",
        CustomRole(),
        replace=("project", "roleId"),
        defaults={"stage": "GA"},
    ),
    ResourceType(
        "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
        "pulumi_gcp.iam.workload_identity_pool:WorkloadIdentityPoolArgs",
        Pool(),
        replace=("project", "workloadIdentityPoolId"),
    ),
    ResourceType(
        "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
        "pulumi_gcp.iam.workload_identity_pool_provider:WorkloadIdentityPoolProviderArgs",
        PoolProvider(),
        replace=("project", "workloadIdentityPoolId", "workloadIdentityPoolProviderId"),
    ),
)
