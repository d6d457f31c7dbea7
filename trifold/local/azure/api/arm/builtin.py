"""Azure's built-in roles that stacks use, as the vendor publishes them.

https://github.com/MicrosoftDocs/azure-docs/tree/main/articles/role-based-access-control/built-in-roles (the JSON of
general.md, privileged.md, storage.md, containers.md, ai-machine-learning.md; read 2026-11). Metrics Writer and those
of Key Vault are kept by name alone: nothing here does what they allow.
"""

from collections.abc import Mapping

from trifold.local.azure.api.arm.permissions import Permissions, Role

_CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_DELEGATION = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"
_ML = "Microsoft.MachineLearningServices/workspaces"
_CONTRIBUTOR_MAY_NOT = (
    "Microsoft.Authorization/*/Delete",
    "Microsoft.Authorization/*/Write",
    "Microsoft.Authorization/elevateAccess/Action",
    "Microsoft.Blueprint/blueprintAssignments/write",
    "Microsoft.Blueprint/blueprintAssignments/delete",
    "Microsoft.Compute/galleries/share/action",
    "Microsoft.Purview/consents/write",
    "Microsoft.Purview/consents/delete",
    "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
    "Microsoft.Subscription/cancel/action",
    "Microsoft.Subscription/enable/action",
)

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
ROLES: Mapping[str, Role] = {
    OWNER: Role("Owner", Permissions(("*",))),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": Role("Contributor", Permissions(("*",), _CONTRIBUTOR_MAY_NOT)),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": Role("Reader", Permissions(("*/read",))),
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": Role(
        "Role Based Access Control Administrator",
        Permissions(
            (
                "Microsoft.Authorization/roleAssignments/write",
                "Microsoft.Authorization/roleAssignments/delete",
                "*/read",
                "Microsoft.Support/*",
            )
        ),
    ),
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": Role(
        "User Access Administrator", Permissions(("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"))
    ),
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": Role(
        "Storage Blob Data Reader",
        Permissions((f"{_CONTAINERS}/read", _DELEGATION), data_actions=(f"{_CONTAINERS}/blobs/read",)),
    ),
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": Role(
        "Storage Blob Data Contributor",
        Permissions(
            (f"{_CONTAINERS}/delete", f"{_CONTAINERS}/read", f"{_CONTAINERS}/write", _DELEGATION),
            data_actions=tuple(
                f"{_CONTAINERS}/blobs/{verb}" for verb in ("delete", "read", "write", "move/action", "add/action")
            ),
        ),
    ),
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": Role(
        "Storage Blob Data Owner",
        Permissions((f"{_CONTAINERS}/*", _DELEGATION), data_actions=(f"{_CONTAINERS}/blobs/*",)),
    ),
    "17d1049b-9a84-46fb-8f53-869881c3d3ab": Role(
        "Storage Account Contributor",
        Permissions(
            (
                "Microsoft.Authorization/*/read",
                "Microsoft.Insights/alertRules/*",
                "Microsoft.Insights/diagnosticSettings/*",
                "Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action",
                "Microsoft.ResourceHealth/availabilityStatuses/read",
                "Microsoft.Resources/deployments/*",
                "Microsoft.Resources/subscriptions/resourceGroups/read",
                "Microsoft.Storage/storageAccounts/*",
                "Microsoft.Support/*",
            )
        ),
    ),
    "7f951dda-4ed3-4680-a7ca-43fe172d538d": Role(
        "AcrPull", Permissions(("Microsoft.ContainerRegistry/registries/pull/read",))
    ),
    "8311e382-0749-4cb8-b61a-304f252e45ec": Role(
        "AcrPush",
        Permissions(
            ("Microsoft.ContainerRegistry/registries/pull/read", "Microsoft.ContainerRegistry/registries/push/write")
        ),
    ),
    "f6c7c914-8db3-469d-8ca1-694a8f32e121": Role(
        "AzureML Data Scientist",
        Permissions(
            tuple(f"{_ML}/*/{verb}" for verb in ("read", "action", "delete", "write")),
            (
                *(f"{_ML}/{verb}" for verb in ("delete", "write")),
                *(f"{_ML}/computes/*/{verb}" for verb in ("write", "delete")),
                f"{_ML}/computes/listKeys/action",
                f"{_ML}/listKeys/action",
                *(f"{_ML}/{kind}/{verb}" for kind in ("hubs", "featurestores") for verb in ("write", "delete")),
            ),
        ),
    ),
    "635dd51f-9968-44d3-b7fb-6d9a6bd613ae": Role(
        "AzureML Metrics Writer (preview)", Permissions((f"{_ML}/metrics/*/write",))
    ),
    "00482a5a-887f-4fb3-b363-3b7fe8e74483": Role(
        "Key Vault Administrator", Permissions(data_actions=("Microsoft.KeyVault/vaults/*",))
    ),
    "e147488a-f6f5-4113-8e2d-b22465e65bf6": Role("Key Vault Crypto Service Encryption User", Permissions()),
    "4633458b-17de-408a-b874-0445c86b69e6": Role("Key Vault Secrets User", Permissions()),
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": Role("Key Vault Secrets Officer", Permissions()),
}
