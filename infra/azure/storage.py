"""Storage on Azure: one storage account with one private, versioned container; encryption is always on there."""

import pulumi
from pulumi import Output, ResourceOptions
from pulumi_azure_native import storage

from infra import keeping
from infra.azure import roles
from infra.azure.foundation import Foundation
from infra.capabilities.storage import StorageComponent, StorageSpec


class Storage(StorageComponent):
    """A stack's object store. account_name, account: the storage account and its id; container: the container's id, for
    grants. ready: the container with all that protects it."""

    account_name: Output[str]
    account: Output[str]
    container: Output[str]
    ready: list[pulumi.Resource]

    def __init__(
        self, name: str, spec: StorageSpec, *, foundation: Foundation, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("trifold:azure:Storage", name, None, opts)
        child = keeping.options(spec.keeps, parent=self)
        account = storage.StorageAccount(
            f"{name}-account",
            account_name=spec.names("storage"),
            resource_group_name=foundation.group,
            location=foundation.account.region,
            kind=storage.Kind.STORAGE_V2,
            sku={"name": storage.SkuName.STANDARD_LRS},
            access_tier=storage.AccessTier.HOT,
            allow_blob_public_access=False,
            # azure-native uploads a Blob with the account's key, which it fetches itself; nobody is handed one.
            allow_shared_key_access=True,
            allow_cross_tenant_replication=False,
            enable_https_traffic_only=True,
            minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
            tags=keeping.tags(spec.keeps, spec.tags),
            opts=child,
        )
        versions = self._versions(name, spec, foundation, account, child)
        container = storage.BlobContainer(
            f"{name}-container",
            container_name=spec.names("container"),
            account_name=account.name,
            resource_group_name=foundation.group,
            public_access=storage.PublicAccess.NONE,
            opts=child,
        )
        if foundation.account.principal:
            self._owner(name, spec, foundation, container)
        self.name, self.container = container.name, container.id
        self.account_name, self.account = account.name, account.id
        self.url = Output.concat("https://", account.name, ".blob.core.windows.net/", container.name)
        self.ready = [container, *versions]
        self.promise()

    def _owner(self, name: str, spec: StorageSpec, foundation: Foundation, container: storage.BlobContainer) -> None:
        """Who made the stack may use its objects: on Azure not even a subscription's owner may without this role."""
        roles.grant(
            f"{name}-owner",
            identity=f"{spec.names('container')}/owner",
            role=roles.BLOB_CONTRIBUTOR,
            principal=foundation.account.principal,
            scope=container.id,
            subscription=foundation.account.id,
            kind=None,
            # Another who runs the program later takes nothing away.
            opts=keeping.options(spec.keeps, parent=self, ignore_changes=["principalId"]),
        )

    def _versions(
        self,
        name: str,
        spec: StorageSpec,
        foundation: Foundation,
        account: storage.StorageAccount,
        child: ResourceOptions,
    ) -> list[pulumi.Resource]:
        """Old versions are kept, and go after their time."""
        service = storage.BlobServiceProperties(
            f"{name}-versions",
            blob_services_name="default",
            account_name=account.name,
            resource_group_name=foundation.group,
            is_versioning_enabled=True,
            delete_retention_policy={"enabled": True, "days": spec.keep_versions_days},
            container_delete_retention_policy={"enabled": True, "days": spec.keep_versions_days},
            opts=child,
        )
        policy = storage.ManagementPolicy(
            f"{name}-lifecycle",
            management_policy_name="default",
            account_name=account.name,
            resource_group_name=foundation.group,
            policy={"rules": [_old_versions(spec.keep_versions_days)]},
            # Rules about versions are refused on an account without any.
            opts=keeping.options(spec.keeps, parent=self, depends_on=[service]),
        )
        return [service, policy]


def _old_versions(days: int) -> storage.ManagementPolicyRuleArgsDict:
    return {
        "name": "old-versions",
        "enabled": True,
        "type": storage.RuleType.LIFECYCLE,
        "definition": {
            "filters": {"blob_types": ["blockBlob"]},
            "actions": {"version": {"delete": {"days_after_creation_greater_than": days}}},
        },
    }
