"""The provider's functions: which project, and where it works."""

from trifold.local.gcp.provider.session import Session
from trifold.protocol.declaration import Function, Values


def project(session: Session, args: Values) -> Values:
    wanted = args.get("projectId") or session.project
    found = session.call("GET", f"cloudresourcemanager.googleapis.com/v1/projects/{wanted}")
    return {
        "id": f"projects/{found['projectId']}",
        "projectId": found["projectId"],
        "number": found["projectNumber"],
        "name": found["name"],
        "labels": {},
        "effectiveLabels": {},
        "pulumiLabels": {},
        "autoCreateNetwork": False,
        "billingAccount": "",
        "deletionPolicy": "",
        "folderId": "",
        "orgId": "",
        "tags": {},
    }


def client_config(session: Session, args: Values) -> Values:
    return {
        "id": f'projects/"{session.project}"/regions/"{session.region}"/zones/""',
        "project": session.project,
        "region": session.region,
        "zone": "",
        "accessToken": "",
        "defaultLabels": session.default_labels,
    }


FUNCTIONS = (
    Function("gcp:organizations/getProject:getProject", project, ("projectId",)),
    Function("gcp:organizations/getClientConfig:getClientConfig", client_config),
)
