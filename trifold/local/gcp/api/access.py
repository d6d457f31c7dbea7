"""Whether a caller may do what it asks: by the project's policy, or by the resource's own."""

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from trifold.local.gcp.api import policies
from trifold.local.gcp.api.custom_roles import CustomRoles
from trifold.local.gcp.api.denials import denied_by, denied_by_storage
from trifold.local.gcp.api.errors import invalid
from trifold.local.gcp.api.policies import Held, Policy
from trifold.local.gcp.api.storage.store import Bucket
from trifold.local.gcp.cloud import ACCOUNT, PROJECT
from trifold.local.hostile import Hostile

READ_OBJECTS = ("storage.objects.get", "storage.objects.list")
# What permissions call a service, where it is not the name of its host.
SERVICES = {"billingbudgets": "billing", "cloudresourcemanager": "resourcemanager"}
# Methods whose permission is not "<service>.<resource>.<verb>" (cloud.google.com/iam/docs/permissions-reference). An
# operation is read by who knows its name: no permission for it is listed there.
PERMISSIONS = {
    **{f"aiplatform.operations.{verb}": "" for verb in ("get", "wait", "cancel", "delete")},
    "artifactregistry.operations.get": "",
    "iam.operations.get": "",
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
    "iam.roles.patch": "iam.roles.update",
    "iamcredentials.serviceAccounts.generateAccessToken": "iam.serviceAccounts.getAccessToken",
    "monitoring.notificationChannels.patch": "monitoring.notificationChannels.update",
    "billing.budgets.patch": "billing.budgets.update",
    "serviceusage.services.batchEnable": "serviceusage.services.enable",
    "iam.serviceAccounts.patch": "iam.serviceAccounts.update",
    "serviceusage.consumerQuotaMetrics.get": "serviceusage.quotas.get",
}


class Access:
    """All policies. The account in the key file that users are given owns the project, and pays for it."""

    def __init__(self, hostile: Hostile | None = None) -> None:
        self.roles = CustomRoles(hostile)
        # (address of an account of this project) -> whether policies may name it; set by who keeps them.
        self.is_account: Callable[[str], bool] = lambda address: True
        self._hostile = hostile
        self._all: WeakSet[Held] = WeakSet()
        self.project = self.policy(_bound("roles/owner", ACCOUNT), "the project")
        self._billing = _bound("roles/billing.admin", ACCOUNT)

    def policy(self, policy: Policy, about: str) -> Held:
        """A policy of something, kept from now on."""
        held = Held(policy, self._hostile, about)
        self._all.add(held)
        return held

    def replace(self, held: Held, new: Policy, http: int | None = None) -> dict[str, Any]:
        """Set a policy; gives it. Raises what Google refuses."""
        return held.set(policies.replaced(held.now, new, http, self._check))

    def account_deleted(self, address: str, unique: str) -> None:
        for held in self._all:
            held.account_deleted(address, unique)

    def allows(self, caller: str, permission: str, *held: Held) -> bool:
        """Whether the project's policy, or one of those of the resource itself, lets the caller do it."""
        found = [self._billing] if permission.startswith("billing.") else [one.seen for one in (self.project, *held)]
        return any(self.roles.has(role, permission) for policy in found for role in policies.roles_of(policy, caller))

    def require(self, caller: str, service: str, name: str, address: str, *held: Held) -> None:
        """For all services but Cloud Storage. Raises PERMISSION_DENIED."""
        permission = permission_of(service, name)
        if permission and not permission.endswith("testIamPermissions") and not self.allows(caller, permission, *held):
            raise denied_by(service, permission, f"//{service}.googleapis.com/{address.partition(':')[0]}")

    def in_project(self, caller: str, permission: str) -> None:
        """A permission that belongs to the project in Cloud Storage (creating a bucket)."""
        if not self.allows(caller, permission):
            raise denied_by_storage(caller, permission, "project")

    def on_bucket(self, caller: str, permission: str, bucket: Bucket) -> None:
        if not self.may(caller, permission, bucket):
            raise denied_by_storage(caller, permission, "object" if ".objects." in permission else "bucket")

    def may(self, caller: str, permission: str, bucket: Bucket) -> bool:
        """Buckets of other projects (Google's own) are open only to who their own policy names."""
        if self._may(caller, permission, bucket):
            return True
        reads = permission in READ_OBJECTS
        return reads and bucket.mirrors is not None and self.may(caller, permission, bucket.mirrors)

    def _may(self, caller: str, permission: str, bucket: Bucket) -> bool:
        if bucket.owner == PROJECT:
            return self.allows(caller, permission, bucket.policy)
        return any(self.roles.has(role, permission) for role in policies.roles_of(bucket.policy.seen, caller))

    def _check(self, role: str, member: str) -> None:
        """Raises INVALID_ARGUMENT for what does not exist, or is not known everywhere yet."""
        if role.startswith("projects/") and not self.roles.exists(role):
            raise invalid(f"Role ({role}) does not exist in the resource's hierarchy.")
        address = member.removeprefix("serviceAccount:")
        if member != address and not self.is_account(address):
            raise invalid(f"Service account {address} does not exist.")  # hashicorp/terraform-provider-google#9275


def permission_of(service: str, name: str) -> str:
    """The permission of a method: of "projects.locations.models.upload", "aiplatform.models.upload"; "" for none."""
    resource, _, verb = name.rpartition(".")
    plain = f"{SERVICES.get(service, service)}.{resource.rpartition('.')[2]}.{verb}"
    if "workloadIdentityPools" in resource and not plain.endswith(".operations.get"):
        kind = "workloadIdentityPoolProviders" if resource.endswith(".providers") else "workloadIdentityPools"
        return f"iam.googleapis.com/{kind}.{'update' if verb == 'patch' else verb}"
    return PERMISSIONS.get(plain, plain)


def _bound(role: str, account: str) -> dict[str, Any]:
    return policies.replaced(policies.empty(), {"bindings": [{"role": role, "members": [f"serviceAccount:{account}"]}]})
