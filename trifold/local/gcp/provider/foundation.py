"""What a stack stands on: enabled services, service accounts, container repositories."""

import time
from typing import Any

from trifold.local.gcp.provider.base import DELETION, gone, place
from trifold.local.gcp.provider.session import ApiError, Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Autoname, ResourceType, Values

LOOK = 0.1
SERVICE_USAGE = "serviceusage.googleapis.com/v1"
WAIT = 600.0
# How long a new account is looked for where there is nothing that comes late.
SEEN = 3.0


class Service(Resource):
    supported = supports(
        "checkIfServiceHasUsageOnDestroy deletionPolicy disableDependentServices disableOnDestroy project service"
    )

    def make(self, session: Session, inputs: Values) -> str:
        """As resource_google_project_service.go: what is listed as enabled is left, else waited for."""
        project, service = inputs.get("project") or session.project, inputs["service"]
        if not self._listed(session, project, service):
            started = session.call("POST", f"{self._address(project, service)}:enable", {})
            finished(session, SERVICE_USAGE, started)
            limit = time.monotonic() + WAIT
            while not self._listed(session, project, service) and time.monotonic() < limit:
                time.sleep(LOOK)
        return f"{project}/{service}"

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        project, _, service = id.partition("/")
        session.call("GET", f"cloudresourcemanager.googleapis.com/v1/projects/{project}")
        if not self._listed(session, project, service):
            return None
        kept = {name: inputs[name] for name in self.supported if inputs.get(name) is not None}
        return {"deletionPolicy": DELETION, **kept, "project": project, "service": service}

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        """Only what happens on destroy can change."""
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        project, _, service = id.partition("/")
        if outputs.get("disableOnDestroy"):
            finished(session, SERVICE_USAGE, session.call("POST", f"{self._address(project, service)}:disable", {}))

    def find(self, session: Session, inputs: Values) -> str | None:
        return f"{inputs.get('project') or session.project}/{inputs['service']}"

    def _listed(self, session: Session, project: str, service: str) -> bool:
        """Whether it is on, as the official provider asks: it never gets one by its name."""
        query = {"filter": "state:ENABLED", "fields": "services/name,nextPageToken", "pageSize": 200}
        found = session.call("GET", f"{SERVICE_USAGE}/projects/{project}/services", query=query)
        return any(one["name"].endswith(f"/services/{service}") for one in found.get("services", []))

    def _address(self, project: str, service: str) -> str:
        return f"{SERVICE_USAGE}/projects/{project}/services/{service}"


class Account(Resource):
    supported = supports("accountId deletionPolicy description disabled displayName project")

    def make(self, session: Session, inputs: Values) -> str:
        project = inputs.get("project") or session.project
        described = {name: inputs[name] for name in ("displayName", "description") if inputs.get(name)}
        body = {"accountId": inputs["accountId"], "serviceAccount": described}
        made = session.call("POST", f"iam.googleapis.com/v1/projects/{project}/serviceAccounts", body)
        self._until_seen(session, made["name"])
        if inputs.get("disabled"):
            session.call("POST", f"iam.googleapis.com/v1/{made['name']}:disable", {})
        return str(made["name"])

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        found = gone(lambda: session.call("GET", f"iam.googleapis.com/v1/{id}"))
        if found is None:
            return None
        return {
            "name": found["name"],
            "accountId": found["email"].partition("@")[0],
            "email": found["email"],
            "member": f"serviceAccount:{found['email']}",
            "uniqueId": found["uniqueId"],
            "project": found["projectId"],
            "displayName": found.get("displayName", ""),
            "description": found.get("description", ""),
            "disabled": bool(found.get("disabled")),
            "deletionPolicy": inputs.get("deletionPolicy") or DELETION,
        }

    def _until_seen(self, session: Session, name: str) -> None:
        """As resource_google_service_account.go: until it is found three times in a row, and some more."""
        limit, seen = time.monotonic() + max(SEEN, session.paced(300.0)), 0
        while seen < 3 and time.monotonic() < limit:
            try:
                session.call("GET", f"iam.googleapis.com/v1/{name}")
                seen += 1
            except ApiError as error:
                if error.http not in (403, 404):
                    break
                seen = 0
                time.sleep(LOOK)
        session.wait(10.0)

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        described = {name: inputs.get(name) or "" for name in ("displayName", "description")}
        body = {"serviceAccount": described, "updateMask": "displayName,description"}
        session.call("PATCH", f"iam.googleapis.com/v1/{id}", body)
        if bool(inputs.get("disabled")) != bool(old.get("disabled")):
            session.call("POST", f"iam.googleapis.com/v1/{id}:{'disable' if inputs.get('disabled') else 'enable'}", {})
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        gone(lambda: session.call("DELETE", f"iam.googleapis.com/v1/{id}"))

    def find(self, session: Session, inputs: Values) -> str | None:
        project = inputs.get("project") or session.project
        return f"projects/{project}/serviceAccounts/{inputs['accountId']}@{project}.iam.gserviceaccount.com"


class Repository(Resource):
    supported = supports(
        "cleanupPolicies cleanupPolicyDryRun deletionPolicy description dockerConfig format labels location mode "
        "project repositoryId"
    )

    def make(self, session: Session, inputs: Values) -> str:
        project, location = place(session, inputs)
        parent = f"projects/{project}/locations/{location}"
        body = {"format": inputs["format"], **_changeable(inputs), "labels": session.labels(inputs)}
        if inputs.get("mode"):
            body["mode"] = inputs["mode"]
        where = f"artifactregistry.googleapis.com/v1/{parent}/repositories"
        started = session.call("POST", where, body, {"repositoryId": inputs["repositoryId"]})
        finished(session, "artifactregistry.googleapis.com/v1", started)
        return f"{parent}/repositories/{inputs['repositoryId']}"

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        found = gone(lambda: session.call("GET", f"artifactregistry.googleapis.com/v1/{id}"))
        if found is None:
            return None
        _, project, _, location, _, ident = id.split("/")
        kept = {
            name: inputs[name] for name in ("cleanupPolicies", "cleanupPolicyDryRun") if inputs.get(name) is not None
        }
        docker = {"dockerConfig": found["dockerConfig"]} if found.get("dockerConfig") else {}
        return {
            **session.label_outputs(found.get("labels", {})),
            **kept,
            **docker,
            "name": ident,
            "repositoryId": ident,
            "project": project,
            "location": location,
            "format": found["format"],
            "mode": found["mode"],
            "description": found.get("description", ""),
            "createTime": found["createTime"],
            "updateTime": found["updateTime"],
            "registryUri": found["registryUri"],
            "vulnerabilityScanningConfig": {},
            "deletionPolicy": inputs.get("deletionPolicy") or DELETION,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        body = {**_changeable(inputs), "labels": session.labels(inputs)}
        mask = ",".join(["labels", "description", "dockerConfig", "cleanupPolicies", "cleanupPolicyDryRun"])
        session.call("PATCH", f"artifactregistry.googleapis.com/v1/{id}", body, {"updateMask": mask})
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        started = gone(lambda: session.call("DELETE", f"artifactregistry.googleapis.com/v1/{id}"))
        if started:
            finished(session, "artifactregistry.googleapis.com/v1", started)

    def find(self, session: Session, inputs: Values) -> str | None:
        project, location = place(session, inputs)
        return f"projects/{project}/locations/{location}/repositories/{inputs['repositoryId']}"


def _changeable(inputs: Values) -> dict[str, Any]:
    made = {name: inputs[name] for name in ("description", "dockerConfig", "cleanupPolicyDryRun") if inputs.get(name)}
    policies = {one["id"]: _policy(one) for one in inputs.get("cleanupPolicies") or []}
    return {**made, **({"cleanupPolicies": policies} if policies else {})}


def _policy(given: Values) -> Values:
    """One clean-up policy; the API says "packageNamePrefixes" and "keepCount" where Pulumi does."""
    return {name: value for name, value in given.items() if value is not None}


def finished(session: Session, base: str, operation: Values) -> Values:
    """The response of a long-running operation. Raises ApiError with the operation's own error."""
    limit = time.monotonic() + WAIT
    while not operation.get("done"):
        if time.monotonic() > limit:
            raise ApiError(504, f"{operation['name']} did not finish in {WAIT:.0f} s", "DEADLINE_EXCEEDED")
        time.sleep(LOOK)
        operation = session.call("GET", f"{base}/{operation['name']}")
    if "error" in operation:
        raise ApiError(400, operation["error"]["message"], str(operation["error"].get("code", "")))
    return operation.get("response", {})


TYPES = (
    ResourceType(
        "gcp:projects/service:Service",
        "pulumi_gcp.projects.service:ServiceArgs",
        Service(),
        defaults={"disableOnDestroy": False},
    ),
    ResourceType(
        "gcp:serviceaccount/account:Account",
        "pulumi_gcp.serviceaccount.account:AccountArgs",
        Account(),
        autoname=Autoname("accountId", 30, lower=True),
    ),
    ResourceType(
        "gcp:artifactregistry/repository:Repository",
        "pulumi_gcp.artifactregistry.repository:RepositoryArgs",
        Repository(),
        defaults={"mode": "STANDARD_REPOSITORY"},
        volatile=("updateTime",),
    ),
)
