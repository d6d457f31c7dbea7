"""The predefined roles of Google Cloud, and the permissions there are, for the resources that this cloud has.

From https://cloud.google.com/iam/docs/roles-permissions as it was on 2026-08-22, by way of the public copies of every
role's definition (`gcloud iam roles describe`) in github.com/iann0036/iam-dataset. Left out of each role: permissions
for resources that this cloud does not have, and those that none of its operations asks for.
"""

from collections.abc import Mapping

# resource -> the verbs that Google knows for it; a custom role that names another is refused.
VERBS: Mapping[str, str] = {
    "aiplatform.endpoints": "create delete deploy explain get getIamPolicy list predict setIamPolicy undeploy update",
    "aiplatform.locations": "evaluateInstances get list",
    "aiplatform.models": "delete export get list update upload",
    "aiplatform.operations": "list",
    "artifactregistry.locations": "get list",
    "artifactregistry.repositories": (
        "create createOnPush createTagBinding delete deleteArtifacts deleteTagBinding downloadArtifacts "
        "exportArtifacts get getIamPolicy list listEffectiveTags listTagBindings readViaVirtualRepository setIamPolicy "
        "update uploadArtifacts"
    ),
    "billing.budgets": "configureSpendCap create delete get list update",
    "iam.googleapis.com/workloadIdentityPoolProviders": "create delete get list undelete update",
    "iam.googleapis.com/workloadIdentityPools": (
        "create delete get getAttestationRules getIamPolicy list setAttestationRules setIamPolicy undelete update"
    ),
    "iam.roles": (
        "create createTagBinding delete deleteTagBinding get list listEffectiveTags listTagBindings undelete update"
    ),
    "iam.serviceAccountKeys": "create delete disable enable get list",
    "iam.serviceAccounts": (
        "actAs create createTagBinding delete deleteTagBinding disable enable get getAccessToken getIamPolicy "
        "getOpenIdToken implicitDelegation list listEffectiveTags listTagBindings setIamPolicy signBlob signJwt "
        "undelete update"
    ),
    "monitoring.notificationChannels": "create delete get getVerificationCode list sendVerificationCode update verify",
    "resourcemanager.projects": (
        "create createBillingAssignment createPolicyBinding delete deleteBillingAssignment deletePolicyBinding get "
        "getIamPolicy list move searchPolicyBindings setIamPolicy undelete update updateLiens updatePolicyBinding"
    ),
    "serviceusage.operations": "cancel delete get list",
    "serviceusage.quotas": "get update",
    "serviceusage.services": "disable enable get list use",
    "storage.buckets": (
        "create createTagBinding delete deleteTagBinding enableObjectRetention get getIamPolicy getIpFilter "
        "getObjectInsights list listEffectiveTags listTagBindings relocate restore setIamPolicy setIpFilter update "
        "viewIntelligenceDetails"
    ),
    "storage.objects": (
        "create createContext delete deleteContext get getIamPolicy list move overrideUnlockedRetention restore "
        "setIamPolicy setRetention update updateContext"
    ),
}
# role -> "resource verb verb ..." for each resource.
ROLES: Mapping[str, tuple[str, ...]] = {
    "roles/aiplatform.admin": (
        "aiplatform.endpoints create delete deploy get getIamPolicy list predict setIamPolicy undeploy update",
        "aiplatform.locations get list",
        "aiplatform.models delete get list update upload",
        "aiplatform.operations list",
        "resourcemanager.projects get list",
    ),
    "roles/aiplatform.user": (
        "aiplatform.endpoints create delete deploy get list predict undeploy update",
        "aiplatform.locations get list",
        "aiplatform.models delete get list update upload",
        "aiplatform.operations list",
        "resourcemanager.projects get list",
    ),
    "roles/aiplatform.viewer": (
        "aiplatform.endpoints get list",
        "aiplatform.locations get list",
        "aiplatform.models get list",
        "aiplatform.operations list",
        "resourcemanager.projects get list",
    ),
    "roles/artifactregistry.admin": (
        "artifactregistry.locations get list",
        (
            "artifactregistry.repositories create delete deleteArtifacts downloadArtifacts get getIamPolicy list "
            "setIamPolicy update uploadArtifacts"
        ),
        "resourcemanager.projects get",
    ),
    "roles/artifactregistry.reader": (
        "artifactregistry.locations get list",
        "artifactregistry.repositories downloadArtifacts get list",
        "resourcemanager.projects get",
    ),
    "roles/billing.admin": ("billing.budgets create delete get list update", "resourcemanager.projects get list"),
    "roles/billing.viewer": ("billing.budgets get list",),
    "roles/editor": (
        "aiplatform.endpoints create delete deploy get getIamPolicy list predict undeploy update",
        "aiplatform.locations get list",
        "aiplatform.models delete get list update upload",
        "aiplatform.operations list",
        "artifactregistry.locations get list",
        (
            "artifactregistry.repositories create delete deleteArtifacts downloadArtifacts get getIamPolicy list "
            "update uploadArtifacts"
        ),
        "iam.googleapis.com/workloadIdentityPoolProviders get list",
        "iam.googleapis.com/workloadIdentityPools get getIamPolicy list",
        "iam.roles get list",
        "iam.serviceAccountKeys create delete disable enable get list",
        "iam.serviceAccounts actAs create delete disable enable get getIamPolicy list update",
        "monitoring.notificationChannels create delete get list update",
        "resourcemanager.projects get getIamPolicy list move update",
        "serviceusage.operations get",
        "serviceusage.quotas get update",
        "serviceusage.services disable enable get list use",
        "storage.buckets create delete list",
    ),
    "roles/iam.roleAdmin": (
        "iam.roles create delete get list undelete update",
        "resourcemanager.projects get getIamPolicy",
    ),
    "roles/iam.serviceAccountAdmin": (
        "iam.serviceAccounts create delete disable enable get getIamPolicy list setIamPolicy undelete update",
        "resourcemanager.projects get list",
    ),
    "roles/iam.serviceAccountCreator": ("iam.serviceAccounts create get list", "resourcemanager.projects get list"),
    "roles/iam.serviceAccountKeyAdmin": (
        "iam.serviceAccountKeys create delete disable enable get list",
        "iam.serviceAccounts get list",
        "resourcemanager.projects get list",
    ),
    "roles/iam.serviceAccountTokenCreator": (
        "iam.serviceAccounts get getAccessToken getOpenIdToken list signBlob signJwt",
        "resourcemanager.projects get list",
    ),
    "roles/iam.serviceAccountUser": ("iam.serviceAccounts actAs get list", "resourcemanager.projects get list"),
    "roles/iam.serviceAccountViewer": (
        "iam.serviceAccountKeys get list",
        "iam.serviceAccounts get getIamPolicy list",
        "resourcemanager.projects get list",
    ),
    "roles/iam.workloadIdentityPoolAdmin": (
        "iam.googleapis.com/workloadIdentityPoolProviders create delete get list undelete update",
        "iam.googleapis.com/workloadIdentityPools create delete get getIamPolicy list setIamPolicy undelete update",
        "resourcemanager.projects get list",
    ),
    "roles/iam.workloadIdentityPoolViewer": (
        "iam.googleapis.com/workloadIdentityPoolProviders get list",
        "iam.googleapis.com/workloadIdentityPools get getIamPolicy list",
        "resourcemanager.projects get list",
    ),
    "roles/iam.workloadIdentityUser": ("iam.serviceAccounts get getAccessToken getOpenIdToken list",),
    "roles/monitoring.notificationChannelEditor": ("monitoring.notificationChannels create delete get list update",),
    "roles/monitoring.notificationChannelViewer": ("monitoring.notificationChannels get list",),
    "roles/owner": (
        "aiplatform.endpoints create delete deploy get getIamPolicy list predict setIamPolicy undeploy update",
        "aiplatform.locations get list",
        "aiplatform.models delete get list update upload",
        "aiplatform.operations list",
        "artifactregistry.locations get list",
        (
            "artifactregistry.repositories create delete deleteArtifacts downloadArtifacts get getIamPolicy list "
            "setIamPolicy update uploadArtifacts"
        ),
        "iam.googleapis.com/workloadIdentityPoolProviders create delete get list undelete update",
        "iam.googleapis.com/workloadIdentityPools create delete get getIamPolicy list setIamPolicy undelete update",
        "iam.roles create delete get list undelete update",
        "iam.serviceAccountKeys create delete disable enable get list",
        "iam.serviceAccounts actAs create delete disable enable get getIamPolicy list setIamPolicy undelete update",
        "monitoring.notificationChannels create delete get list update",
        "resourcemanager.projects delete get getIamPolicy list move setIamPolicy undelete update",
        "serviceusage.operations get",
        "serviceusage.quotas get update",
        "serviceusage.services disable enable get list use",
        "storage.buckets create delete list",
    ),
    "roles/resourcemanager.projectIamAdmin": ("resourcemanager.projects get getIamPolicy setIamPolicy",),
    "roles/serviceusage.serviceUsageAdmin": (
        "serviceusage.operations get",
        "serviceusage.quotas get update",
        "serviceusage.services disable enable get list use",
    ),
    "roles/serviceusage.serviceUsageConsumer": (
        "serviceusage.operations get",
        "serviceusage.quotas get",
        "serviceusage.services get list use",
    ),
    "roles/storage.admin": (
        "resourcemanager.projects get list",
        "storage.buckets create delete get getIamPolicy list setIamPolicy update",
        "storage.objects create delete get getIamPolicy list move setIamPolicy update",
    ),
    "roles/storage.bucketViewer": ("storage.buckets get list",),
    "roles/storage.legacyBucketOwner": (
        "storage.buckets get getIamPolicy setIamPolicy update",
        "storage.objects create delete list",
    ),
    "roles/storage.legacyBucketReader": ("storage.buckets get", "storage.objects list"),
    "roles/storage.legacyBucketWriter": ("storage.buckets get", "storage.objects create delete list"),
    "roles/storage.legacyObjectOwner": ("storage.objects get getIamPolicy setIamPolicy update",),
    "roles/storage.legacyObjectReader": ("storage.objects get",),
    "roles/storage.objectAdmin": (
        "resourcemanager.projects get list",
        "storage.objects create delete get getIamPolicy list move setIamPolicy update",
    ),
    "roles/storage.objectCreator": ("resourcemanager.projects get list", "storage.objects create"),
    "roles/storage.objectUser": (
        "resourcemanager.projects get list",
        "storage.objects create delete get list move update",
    ),
    "roles/storage.objectViewer": ("resourcemanager.projects get list", "storage.objects get list"),
    "roles/viewer": (
        "aiplatform.endpoints get getIamPolicy list predict",
        "aiplatform.locations get list",
        "aiplatform.models get list",
        "aiplatform.operations list",
        "artifactregistry.locations get list",
        "artifactregistry.repositories downloadArtifacts get getIamPolicy list",
        "iam.googleapis.com/workloadIdentityPoolProviders get list",
        "iam.googleapis.com/workloadIdentityPools get getIamPolicy list",
        "iam.roles get list",
        "iam.serviceAccountKeys get list",
        "iam.serviceAccounts get getIamPolicy list",
        "monitoring.notificationChannels get list",
        "resourcemanager.projects get getIamPolicy list",
        "serviceusage.operations get",
        "serviceusage.quotas get",
        "serviceusage.services get list",
        "storage.buckets list",
    ),
}  # fmt: skip

# Google binds the members of the basic roles to these on every new bucket, for what their own roles do not give
# (https://cloud.google.com/storage/docs/access-control/iam-roles#basic-roles-modifiable). Here it is as if it did.
ON_BUCKETS: Mapping[str, tuple[str, ...]] = {
    "roles/owner": ("roles/storage.legacyBucketOwner", "roles/storage.legacyObjectOwner"),
    "roles/editor": ("roles/storage.legacyBucketOwner", "roles/storage.legacyObjectOwner"),
    "roles/viewer": ("roles/storage.legacyBucketReader", "roles/storage.legacyObjectReader"),
}


def permissions(role: str) -> frozenset[str]:
    """What a predefined role gives; nothing where there is no such role here."""
    mine = {f"{resource}.{verb}" for resource, verbs in map(_split, ROLES.get(role, ())) for verb in verbs}
    return frozenset(mine).union(*(permissions(one) for one in ON_BUCKETS.get(role, ())))


def valid(permission: str) -> bool:
    """Whether Google knows a permission, as far as this table can tell: of other resources it knows none, and takes
    them."""
    resource, _, verb = permission.rpartition(".")
    return verb in VERBS[resource].split() if resource in VERBS else permission.count(".") >= 2


def _split(line: str) -> tuple[str, list[str]]:
    resource, *verbs = line.split()
    return resource, verbs
