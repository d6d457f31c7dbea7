"""Storage on Azure: one storage account with one private, versioned container; encryption is always on there."""

import pulumi
from pulumi import Output, ResourceOptions
from pulumi_azure_native import storage

from infra import keeping
from infra.azure import existing, keys, network, roles
from infra.azure.foundation import Foundation
from infra.capabilities.storage import StorageComponent, StorageSpec


class Storage(StorageComponent):
    """A stack's object store. account_name, account, group: the storage account, its id and its resource group's name;
    container: the container's id, for grants. ready: the container with all that protects it, as far as it is made."""

    group: Output[str]
    account_name: Output[str]
    account: Output[str]
    container: Output[str]
    ready: list[pulumi.Resource]

    def __init__(
        self, name: str, spec: StorageSpec, *, foundation: Foundation, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("trifold:azure:Storage", name, None, opts)
        there = foundation.brought.existing.store
        if there:
            arm = existing.store(there, self)
            id = there.partition("/blobServices/")[0]
            self.account_name, self.account, self.group = (
                Output.from_input(one) for one in (arm.names[0], id, arm.group)
            )
            self.ready: list[pulumi.Resource] = []
        else:
            arm, self.group = None, foundation.group
            self._make_account(name, spec, foundation)
        if arm and len(arm.names) > 1:
            self.name, self.container = Output.from_input(arm.names[-1]), Output.from_input(there)
        else:
            self._make_container(name, spec, foundation)
        self.url = Output.concat("https://", self.account_name, ".blob.core.windows.net/", self.name)
        self.promise()

    def _make_account(self, name: str, spec: StorageSpec, foundation: Foundation) -> None:
        child, private = keeping.options(spec.keeps, parent=self), foundation.brought.network
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
            **network.of_account(private),
            **keys.of_account(foundation.key),
            tags=keeping.tags(spec.keeps, spec.tags),
            opts=child,
        )
        network.connect(name, foundation.private, "blob", account.id, ResourceOptions(parent=self))
        self.account_name, self.account = account.name, account.id
        self.ready = self._versions(name, spec, foundation, account, child)

    def _make_container(self, name: str, spec: StorageSpec, foundation: Foundation) -> None:
        container = storage.BlobContainer(
            f"{name}-container",
            container_name=spec.names("container"),
            account_name=self.account_name,
            resource_group_name=self.group,
            public_access=storage.PublicAccess.NONE,
            opts=keeping.options(spec.keeps, parent=self),
        )
        if foundation.account.principal:
            self._owner(name, spec, foundation, container)
        self.name, self.container = container.name, container.id
        self.ready = [container, *self.ready]

    def _owner(self, name: str, spec: StorageSpec, foundation: Foundation, container: storage.BlobContainer) -> None:
        """Who made the stack may use its objects: on Azure not even a subscription's owner may without this role."""
        granted = roles.grant(
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
        roles.in_effect(
            f"{name}-owner-uses",
            granted,
            role=roles.BLOB_CONTRIBUTOR,
            scope=container.id,
            opts=keeping.options(spec.keeps, parent=self),
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
