"""Whether a caller may do what it asks: the project's policy, then the resource's own."""

from collections.abc import Mapping
from typing import Any

from trifold.local.gcp.api import policies
from trifold.local.gcp.api.errors import GoogleError, denied
from trifold.local.gcp.api.storage.store import Bucket
from trifold.local.gcp.cloud import ACCOUNT, PROJECT

# Methods whose permission is not "<service>.<resource>.<verb>" (cloud.google.com/iam/docs/permissions-reference).
PERMISSIONS = {
    "aiplatform.models.listVersions": "aiplatform.models.list",
    "aiplatform.models.deleteVersion": "aiplatform.models.delete",
    "aiplatform.models.mergeVersionAliases": "aiplatform.models.update",
    "aiplatform.models.patch": "aiplatform.models.update",
    "aiplatform.endpoints.patch": "aiplatform.endpoints.update",
    "aiplatform.endpoints.deployModel": "aiplatform.endpoints.deploy",
    "aiplatform.endpoints.undeployModel": "aiplatform.endpoints.undeploy",
    "aiplatform.endpoints.mutateDeployedModel": "aiplatform.endpoints.update",
    "aiplatform.endpoints.rawPredict": "aiplatform.endpoints.predict",
    "artifactregistry.repositories.patch": "artifactregistry.repositories.update",
    "iam.keys.create": "iam.serviceAccountKeys.create",
    "iam.keys.delete": "iam.serviceAccountKeys.delete",
    "iam.serviceAccounts.patch": "iam.serviceAccounts.update",
    "serviceusage.consumerQuotaMetrics.get": "serviceusage.quotas.get",
    "cloudresourcemanager.projects.get": "resourcemanager.projects.get",
    "cloudresourcemanager.projects.getIamPolicy": "resourcemanager.projects.getIamPolicy",
    "cloudresourcemanager.projects.setIamPolicy": "resourcemanager.projects.setIamPolicy",
}


class Access:
    """policy: the project's. The account in the key file that users are given owns the project."""

    def __init__(self) -> None:
        self.policy = policies.replaced(
            policies.empty(), {"bindings": [{"role": "roles/owner", "members": [f"serviceAccount:{ACCOUNT}"]}]}
        )

    def require(self, caller: str, service: str, name: str, address: str) -> None:
        """For all services but Cloud Storage. Raises PERMISSION_DENIED."""
        permission = permission_of(service, name)
        if permission.endswith("testIamPermissions"):
            return
        if not policies.allowed_of([self.policy], caller, permission):
            raise denied(permission, f"//{service}.googleapis.com/{address.partition(':')[0]}")

    def in_project(self, caller: str, permission: str) -> None:
        """A permission that belongs to the project in Cloud Storage (creating a bucket)."""
        if not policies.allowed_of([self.policy], caller, permission):
            raise _storage_denied(caller, permission, "project")

    def on_bucket(self, caller: str, permission: str, bucket: Bucket) -> None:
        if not self.may(caller, permission, bucket):
            raise _storage_denied(caller, permission, "object" if ".objects." in permission else "bucket")

    def may(self, caller: str, permission: str, bucket: Bucket) -> bool:
        """Buckets of other projects (Google's own) are open only to who their own policy names."""
        own: Mapping[str, Any] = self.policy if bucket.owner == PROJECT else {}
        if policies.allowed_of([own, bucket.policy], caller, permission):
            return True
        reads = permission in policies.READ_OBJECTS
        return reads and bucket.mirrors is not None and self.may(caller, permission, bucket.mirrors)


def permission_of(service: str, name: str) -> str:
    """The permission of a method: of "projects.locations.models.upload", "aiplatform.models.upload"."""
    resource, _, verb = name.rpartition(".")
    plain = f"{service}.{resource.rpartition('.')[2]}.{verb}"
    return PERMISSIONS.get(plain, plain)


def _storage_denied(caller: str, permission: str, kind: str) -> GoogleError:
    """The denial as Cloud Storage words it."""
    who = caller or "Anonymous caller"
    text = (
        f"{who} does not have {permission} access to the Google Cloud {'Storage ' if kind != 'project' else ''}{kind}."
    )
    message = f"{text} Permission '{permission}' denied on resource (or it may not exist)."
    if not caller:
        return GoogleError("UNAUTHENTICATED", message, reason="required")
    return GoogleError("PERMISSION_DENIED", message)
