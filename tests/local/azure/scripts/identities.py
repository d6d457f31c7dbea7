"""A user-assigned identity, a key vault, and a role for the identity on the vault's group.

After https://learn.microsoft.com/python/api/overview/azure/mgmt-authorization-readme and
https://learn.microsoft.com/python/api/overview/azure/mgmt-keyvault-readme
"""

import os
import sys
import uuid

from azure.identity import DefaultAzureCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient

credential = DefaultAzureCredential()
subscription_id = os.environ["AZURE_SUBSCRIPTION_ID"]
GROUP_NAME, IDENTITY_NAME, VAULT = sys.argv[1:4]

msi_client = ManagedServiceIdentityClient(credential, subscription_id)
identity = msi_client.user_assigned_identities.create_or_update(GROUP_NAME, IDENTITY_NAME, {"location": "eastus"})
print(identity.name, len(identity.principal_id))

keyvault_client = KeyVaultManagementClient(credential, subscription_id)
vault = keyvault_client.vaults.begin_create_or_update(
    GROUP_NAME,
    VAULT,
    {
        "location": "eastus",
        "properties": {
            "sku": {"family": "A", "name": "standard"},
            "tenantId": os.environ["AZURE_TENANT_ID"],
            "accessPolicies": [],
        },
    },
).result()
print(vault.properties.vault_uri)

authorization_client = AuthorizationManagementClient(credential, subscription_id)
(role,) = authorization_client.role_definitions.list(vault.id, filter="roleName eq 'Key Vault Secrets User'")
assignment = authorization_client.role_assignments.create(
    vault.id,
    str(uuid.uuid4()),
    {
        "role_definition_id": role.id,
        "principal_id": identity.principal_id,
        "principal_type": "ServicePrincipal",
    },
)
print(assignment.scope == vault.id, [one.name for one in keyvault_client.vaults.list_by_resource_group(GROUP_NAME)])
