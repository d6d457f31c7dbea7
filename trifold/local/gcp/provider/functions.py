"""The provider's functions: which project, and where it works."""

from trifold.local.gcp.provider.foundation import Account, Repository
from trifold.local.gcp.provider.session import ApiError, Session
from trifold.local.gcp.provider.storage import Bucket
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


def repository(session: Session, args: Values) -> Values:
    """What is not there is an error, as with the official provider."""
    named = {**args, "location": args.get("location") or session.region}
    id = str(Repository().find(session, named))
    return {"id": id, **_found(Repository().look(session, id, {}), id)}


def bucket(session: Session, args: Values) -> Values:
    name = str(args["name"])
    return {"id": name, **_found(Bucket().look(session, name, {}), name)}


def account(session: Session, args: Values) -> Values:
    """accountId: the name, the e-mail or the full name."""
    email = str(args["accountId"]).rpartition("/")[2]
    project = args.get("project") or session.project
    email = email if "@" in email else f"{email}@{project}.iam.gserviceaccount.com"
    id = f"projects/{email.partition('@')[2].partition('.')[0]}/serviceAccounts/{email}"
    return {"id": id, **_found(Account().look(session, id, {}), id)}


def _found(found: Values | None, id: str) -> Values:
    if found is None:
        raise ApiError(404, f"{id} was not found", "NOT_FOUND")
    return {name: value for name, value in found.items() if name != "deletionPolicy"}


FUNCTIONS = (
    Function("gcp:organizations/getProject:getProject", project, ("projectId",)),
    Function("gcp:organizations/getClientConfig:getClientConfig", client_config),
    Function("gcp:artifactregistry/getRepository:getRepository", repository,
             ("location", "project", "repositoryId"), ("location", "repositoryId")),
    Function("gcp:storage/getBucket:getBucket", bucket, ("name", "project"), ("name",)),
    Function("gcp:serviceaccount/getAccount:getAccount", account, ("accountId", "project"), ("accountId",)),
)  # fmt: skip
