"""Google Cloud: by permission, asked of the project where nothing else is said, else of a thing by its full name."""

from collections.abc import Mapping

from trifold.facts.needs.need import Need

_ADMIN = "roles/serviceusage.serviceUsageAdmin"
# Of what is not the project's own: who may give rights to it is another's to say.
BILLING, KEY = "//cloudbilling.googleapis.com/{billing}", "//cloudkms.googleapis.com/{key}"
ELSEWHERE = (BILLING, KEY)

NO_KEYS = "no local cloud has a key service"
NO_FILTER = "the local Google Cloud has no network, and refuses a filter of addresses"
NO_BILLING = "the local billing account is its one administrator's, who alone makes budgets"
NOT_BROUGHT = "no test of who deploys brings such a part along on the local Google Cloud yet"


def _gcp(
    resource: str, verbs: str, role: str, on: str = "*", when: str = "", unless: tuple[str, ...] = (), untried: str = ""
) -> Need:
    return Need(tuple(f"{resource}.{verb}" for verb in verbs.split()), on, role, when, unless, untried)


NEEDS: Mapping[str, Need] = {
    "gcp:projects/service:Service": _gcp("serviceusage.services", "enable list", _ADMIN),
    "gcp:projects/service:Service (until it is on)": _gcp("serviceusage.operations", "get", _ADMIN),
    "gcp:projects/service:Service (the project's number)": _gcp("resourcemanager.projects", "get", "roles/browser"),
    "gcp:artifactregistry/repository:Repository": _gcp(
        "artifactregistry.repositories",
        "create get update delete",
        "roles/artifactregistry.admin",
        unless=("existing.registry",),
    ),
    "gcp:serviceaccount/account:Account": _gcp(
        "iam.serviceAccounts", "create get delete", "roles/iam.serviceAccountAdmin", unless=("existing.identity",)
    ),
    "gcp:storage/bucket:Bucket": _gcp(
        "storage.buckets",
        "create get update delete getIamPolicy setIamPolicy",
        "roles/storage.admin",
        unless=("existing.store",),
    ),
    "gcp:storage/bucketObject:BucketObject": _gcp(
        "storage.objects", "create get list delete", "roles/storage.admin", on="{store}"
    ),
    "gcp:vertex/aiEndpoint:AiEndpoint": _gcp(
        "aiplatform.endpoints", "create get update delete", "roles/aiplatform.admin"
    ),
    "trifold:vertex:Model": _gcp("aiplatform.models", "upload get list update delete", "roles/aiplatform.admin"),
    "trifold:vertex:ModelDeployment": _gcp("aiplatform.endpoints", "deploy undeploy", "roles/aiplatform.admin"),
    "trifold:vertex:ModelDeployment (until it serves)": _gcp("aiplatform.operations", "list", "roles/aiplatform.admin"),
    "trifold:vertex:ModelDeployment (as the endpoint's account)": _gcp(
        "iam.serviceAccounts", "actAs", "roles/iam.serviceAccountUser", on="{identity}"
    ),
    # https://cloud.google.com/billing/docs/reference/budget/rest/v1/billingAccounts.budgets/create
    "gcp:billing/budget:Budget": _gcp(
        "billing.budgets",
        "create get update delete",
        "roles/billing.costsManager",
        on=BILLING,
        when="budget",
        untried=NO_BILLING,
    ),
    "gcp:monitoring/notificationChannel:NotificationChannel": _gcp(
        "monitoring.notificationChannels",
        "create get update delete",
        "roles/monitoring.notificationChannelEditor",
        when="budget.email",
        untried=NO_BILLING,
    ),
    # https://cloud.google.com/storage/docs/create-ip-filter
    "gcp:storage/bucket:Bucket (its filter)": _gcp(
        "storage.buckets",
        "getIpFilter setIpFilter",
        "roles/storage.admin",
        when="network",
        unless=("existing.store",),
        untried=NO_FILTER,
    ),
    "gcp:kms/getKMSCryptoKey:getKMSCryptoKey": _gcp(
        "cloudkms.cryptoKeys", "get", "roles/cloudkms.viewer", on=KEY, when="key", untried=NO_KEYS
    ),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": _gcp(
        "cloudkms.cryptoKeys", "getIamPolicy setIamPolicy", "roles/cloudkms.admin", on=KEY, when="key", untried=NO_KEYS
    ),
    # To make a service's agent takes no permission: https://cloud.google.com/iam/docs/create-service-agents
    "gcp:projects/serviceIdentity:ServiceIdentity (until it is made)": _gcp(
        "serviceusage.operations", "get", _ADMIN, when="key", untried=NO_KEYS
    ),
    # https://cloud.google.com/storage/docs/access-control/iam-json
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": _gcp(
        "resourcemanager.projects", "get", "roles/browser", when="key", untried=NO_KEYS
    ),
    "gcp:artifactregistry/getRepository:getRepository": _gcp(
        "artifactregistry.repositories",
        "get",
        "roles/artifactregistry.reader",
        on="{registry}",
        when="existing.registry",
        untried=NOT_BROUGHT,
    ),
    "gcp:serviceaccount/getAccount:getAccount": _gcp(
        "iam.serviceAccounts",
        "get",
        "roles/iam.serviceAccountViewer",
        on="{identity}",
        when="existing.identity",
        untried=NOT_BROUGHT,
    ),
    "gcp:storage/getBucket:getBucket": _gcp(
        "storage.buckets",
        "get getIamPolicy setIamPolicy",
        "roles/storage.admin",
        on="{store}",
        when="existing.store",
        untried=NOT_BROUGHT,
    ),
}
