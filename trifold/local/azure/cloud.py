"""Azure on this machine: who it is, which hosts are its own, and what a client needs to reach it."""

from pathlib import Path

from trifold.local.contract import Cloud, Sidecar
from trifold.local.sidecars import azurite_command

SUBSCRIPTION = "00000000-0000-0000-0000-0000000000aa"
TENANT = "00000000-0000-0000-0000-0000000000bb"
LOCATION = "eastus"
CLIENT_ID = "00000000-0000-0000-0000-0000000000c1"
OBJECT_ID = "00000000-0000-0000-0000-0000000000c2"
CLIENT_SECRET = "local-only-no-tenant-has-this-secret"

LOGIN_HOST = "login.microsoftonline.com"
MANAGEMENT_HOST = "management.azure.com"
BLOB_SUFFIX = ".blob.core.windows.net"
SCORING_SUFFIX = ".inference.ml.azure.com"

# Azurite's accounts are fixed at its start: a pool that the blob service in front of it hands out, one for each
# storage account, and one more for each to keep overwritten versions in.
POOL = tuple(f"pool{number:02d}" for number in range(48))
POOL_KEY = "dHJpZm9sZC1sb2NhbC1henVyaXRlLWludGVybmFsLWtleQ=="


def azurite(folder: Path, ports: tuple[int, ...]) -> list[str]:
    """Azurite's blob service alone, on loopback."""
    return azurite_command(folder, ports[0], "--skipApiVersionCheck")


def environment(state: Path) -> dict[str, str]:
    """Throw-away credentials; they also take the place of real ones that are set."""
    return {
        "AZURE_TENANT_ID": TENANT,
        "AZURE_CLIENT_ID": CLIENT_ID,
        "AZURE_CLIENT_SECRET": CLIENT_SECRET,
        "AZURE_CLIENT_CERTIFICATE_PATH": "",
        "AZURE_FEDERATED_TOKEN_FILE": "",
        "AZURE_USERNAME": "",
        "AZURE_PASSWORD": "",
        "AZURE_AUTHORITY_HOST": f"https://{LOGIN_HOST}",
        "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION,
        "AZURE_STORAGE_CONNECTION_STRING": "",
        "AZURE_STORAGE_KEY": "",
        "AZURE_STORAGE_SAS_TOKEN": "",
        "AZURE_CONFIG_DIR": str(state / "azure-config"),
        "AZUREML_CURRENT_CLOUD": "AzureCloud",
        "ARM_TENANT_ID": TENANT,
        "ARM_CLIENT_ID": CLIENT_ID,
        "ARM_CLIENT_SECRET": CLIENT_SECRET,
        "ARM_SUBSCRIPTION_ID": SUBSCRIPTION,
        "ARM_USE_MSI": "false",
        "ARM_USE_OIDC": "false",
        "ARM_ENVIRONMENT": "public",
        "ARM_DISABLE_PULUMI_PARTNER_ID": "true",
    }


CLOUD = Cloud(
    name="azure",
    hosts=(LOGIN_HOST, MANAGEMENT_HOST, f"*{BLOB_SUFFIX}", f"*{SCORING_SUFFIX}"),
    plain_hosts=(f"*{BLOB_SUFFIX}",),
    plugin="azure-native",
    api="trifold.local.azure.api.app:create",
    provider="trifold.local.azure.provider.server:create",
    environment=environment,
    sidecars=(
        Sidecar(
            name="azurite",
            command=azurite,
            environment={"AZURITE_ACCOUNTS": ";".join(f"{name}:{POOL_KEY}" for name in POOL)},
        ),
    ),
)
