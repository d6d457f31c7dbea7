"""Google Cloud on this machine: who it is, which hosts are its own, and what a client needs to reach it."""

from pathlib import Path

from trifold.local.contract import Cloud

PROJECT = "local"
NUMBER = "1"
# What pays for the project: of a form that no real one has been seen with.
BILLING_ACCOUNT = "000000-000000-000000"
LOCATION = "us-central1"
# The caller's own account. It belongs to another project, as a person's would: this one holds what stacks made, only.
ACCOUNT = "trifold@local-users.iam.gserviceaccount.com"

VERTEX_HOSTS = (f"{LOCATION}-aiplatform.googleapis.com", "aiplatform.googleapis.com")
SERVICE_HOSTS = {
    "oauth2": ("oauth2.googleapis.com",),
    "storage": ("storage.googleapis.com", "www.googleapis.com"),
    "iam": ("iam.googleapis.com",),
    "iamcredentials": ("iamcredentials.googleapis.com",),
    "sts": ("sts.googleapis.com",),
    "cloudresourcemanager": ("cloudresourcemanager.googleapis.com",),
    "serviceusage": ("serviceusage.googleapis.com",),
    "artifactregistry": ("artifactregistry.googleapis.com",),
    "billingbudgets": ("billingbudgets.googleapis.com",),
    "monitoring": ("monitoring.googleapis.com",),
    "aiplatform": VERTEX_HOSTS,
}
KEY_FILE = "gcp-service-account.json"


def environment(state: Path) -> dict[str, str]:
    """Throw-away credentials; they also take the place of real ones that are set.

    The key file is made at the first call; nobody but the local cloud trusts it.
    """
    from trifold.local.gcp.key import ensure_key

    key = str(ensure_key(state / KEY_FILE, ACCOUNT, PROJECT))
    return {
        "GOOGLE_APPLICATION_CREDENTIALS": key,
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "GOOGLE_PROJECT": PROJECT,
        "GOOGLE_REGION": LOCATION,
        # Read by the official Pulumi provider before the application default credentials.
        "GOOGLE_CREDENTIALS": "",
        "GOOGLE_CLOUD_KEYFILE_JSON": "",
        "GCLOUD_KEYFILE_JSON": "",
        "GOOGLE_OAUTH_ACCESS_TOKEN": "",
        "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT": "",
        "GOOGLE_API_USE_CLIENT_CERTIFICATE": "false",
        "GOOGLE_API_USE_MTLS_ENDPOINT": "never",
        "CLOUDSDK_CONFIG": str(state / "gcloud"),
        "CLOUDSDK_CORE_PROJECT": PROJECT,
        "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE": key,
        "NO_GCE_CHECK": "true",
    }


CLOUD = Cloud(
    name="gcp",
    hosts=(
        *(host for hosts in SERVICE_HOSTS.values() for host in hosts),
        "*.storage.googleapis.com",
        f"*.{LOCATION}-{NUMBER}.prediction.vertexai.goog",
    ),
    grpc_hosts=VERTEX_HOSTS,
    plugin="gcp",
    api="trifold.local.gcp.api.app:create",
    grpc="trifold.local.gcp.rpc.server:create",
    provider="trifold.local.gcp.provider.server:create",
    environment=environment,
)
