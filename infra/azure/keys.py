"""A customer-managed key in Key Vault, in the words of each service that takes one; without it, Microsoft's own.

An identity of its own may use the key and nothing else, and each service uses it as that identity. The vault is its
owner's: it must keep what is deleted (soft delete and purge protection) and let Azure's services in.
https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
"""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import Output
from pulumi_azure_native import containerregistry, machinelearningservices, managedidentity, storage

from infra import keeping
from infra.azure import existing, roles
from infra.capabilities.foundation import FoundationSpec


@dataclass(frozen=True)
class Key:
    """vault: its id. name: of the key; version: 32 hex digits. identity: who may use it, there once it may; client:
    that one's client id."""

    vault: str
    name: str
    version: str
    identity: Output[str]
    client: Output[str]

    @property
    def vault_uri(self) -> str:
        return f"https://{self.vault.rpartition('/')[2]}.vault.azure.net"

    @property
    def uri(self) -> str:
        """Of no version: what is named so follows the key's rotation."""
        return f"{self.vault_uri}/keys/{self.name}"


def make(name: str, spec: FoundationSpec, group: Output[str], parent: pulumi.Resource) -> Key | None:
    """The key that a stack brings along, and the identity that uses it; None without one."""
    id = spec.brought.key
    if not id:
        return None
    arm = existing.key(id, spec.account.id, parent)
    # What is kept cannot be read without it.
    child = keeping.options(bool(spec.kept), parent=parent)
    identity = managedidentity.UserAssignedIdentity(
        f"{name}-key",
        resource_name_=spec.names("identity", "key"),
        resource_group_name=group,
        location=spec.account.region,
        tags=keeping.tags(bool(spec.kept), spec.tags),
        opts=child,
    )
    used = roles.grant(
        f"{name}-key-use",
        identity=spec.names("identity", "key"),
        role=roles.KEY_USER,
        principal=identity.principal_id,
        scope=id.partition("/versions/")[0],
        subscription=arm.subscription,
        opts=child,
    )
    return Key(
        vault=id.partition("/keys/")[0],
        name=arm.names[1],
        version=arm.names[2],
        identity=roles.of([used], identity.id),
        client=roles.of([used], identity.client_id),
    )


def of_account(key: Key | None) -> dict[str, Any]:
    """A storage account's encryption."""
    if key is None:
        return {}
    return {
        "identity": storage.IdentityArgs(
            type=storage.IdentityType.USER_ASSIGNED, user_assigned_identities=[key.identity]
        ),
        "encryption": storage.EncryptionArgs(
            key_source=storage.KeySource.MICROSOFT_KEYVAULT,
            key_vault_properties=storage.KeyVaultPropertiesArgs(key_name=key.name, key_vault_uri=key.vault_uri),
            encryption_identity=storage.EncryptionIdentityArgs(encryption_user_assigned_identity=key.identity),
        ),
    }


def of_registry(key: Key | None) -> dict[str, Any]:
    """A registry's encryption: of the Premium tier only, and from its beginning on.
    https://learn.microsoft.com/azure/container-registry/tutorial-enable-customer-managed-keys"""
    if key is None:
        return {}
    return {
        "identity": containerregistry.IdentityPropertiesArgs(
            type=containerregistry.ResourceIdentityType.USER_ASSIGNED,
            user_assigned_identities=key.identity.apply(lambda id: {id: {}}),
        ),
        "encryption": containerregistry.EncryptionPropertyArgs(
            status=containerregistry.EncryptionStatus.ENABLED,
            key_vault_properties=containerregistry.KeyVaultPropertiesArgs(identity=key.client, key_identifier=key.uri),
        ),
    }


def of_workspace(key: Key | None) -> dict[str, Any]:
    """An Azure ML workspace's identity and encryption; it takes a version of a key, and does not follow its rotation.
    https://learn.microsoft.com/azure/machine-learning/concept-customer-managed-keys"""
    kinds = machinelearningservices.ManagedServiceIdentityType
    if key is None:
        return {"identity": {"type": kinds.SYSTEM_ASSIGNED}}
    return {
        "identity": {"type": kinds.SYSTEM_ASSIGNED_USER_ASSIGNED, "user_assigned_identities": [key.identity]},
        "encryption": machinelearningservices.EncryptionPropertyArgs(
            status=machinelearningservices.EncryptionStatus.ENABLED,
            identity=machinelearningservices.IdentityForCmkArgs(user_assigned_identity=key.identity),
            key_vault_properties=machinelearningservices.KeyVaultPropertiesArgs(
                key_vault_arm_id=key.vault, key_identifier=f"{key.uri}/{key.version}"
            ),
        ),
    }
