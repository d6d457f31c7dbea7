"""What this cloud does, by method of Google's discovery documents: the fields that act, and those that are only kept.

Paths are those of the JSON body ("model.labels"; a path covers all below it) and the names of query parameters.
"""

from trifold.local.gcp.api.discovery import Method
from trifold.local.support import Operation, Operations

CONDITIONS = ("ifGenerationMatch", "ifGenerationNotMatch", "ifMetagenerationMatch", "ifMetagenerationNotMatch")
SOURCE_CONDITIONS = (
    "ifSourceGenerationMatch",
    "ifSourceGenerationNotMatch",
    "ifSourceMetagenerationMatch",
    "ifSourceMetagenerationNotMatch",
)
BUCKET_ACTING = (
    "name",
    "location",
    "storageClass",
    "versioning",
    "iamConfiguration.publicAccessPrevention",
    "iamConfiguration.uniformBucketLevelAccess",
    "iamConfiguration.bucketPolicyOnly",
)
BUCKET_STORED = (
    "labels",
    "lifecycle",
    "rpo",
    "softDeletePolicy",
)
OBJECT_ACTING = (
    "name",
    "bucket",
    "cacheControl",
    "contentDisposition",
    "contentEncoding",
    "contentLanguage",
    "contentType",
    "metadata",
    "md5Hash",
    "crc32c",
)
OBJECT_STORED = ("storageClass", "customTime")
PAGE = ("pageSize", "pageToken")
POLICY = ("policy.bindings", "policy.etag", "policy.version")
UBLA = (
    "Of access lists (ACLs), an upload's predefinedAcl private, projectPrivate and publicRead act; others are refused."
)

STORAGE = (
    Operation("storage", "buckets.insert", ("project", *BUCKET_ACTING), BUCKET_STORED, UBLA),
    Operation("storage", "buckets.get", CONDITIONS[2:]),
    Operation("storage", "buckets.list", ("project", "prefix", "maxResults", "pageToken")),
    Operation("storage", "buckets.patch", (*CONDITIONS[2:], *BUCKET_ACTING), BUCKET_STORED),
    Operation("storage", "buckets.update", (*CONDITIONS[2:], *BUCKET_ACTING), BUCKET_STORED),
    Operation("storage", "buckets.delete", CONDITIONS[2:]),
    Operation("storage", "buckets.getIamPolicy", (), ("optionsRequestedPolicyVersion",)),
    Operation("storage", "buckets.setIamPolicy", ("bindings", "etag"), ("version",),
              "Predefined roles and the project's own act; conditions are refused."),
    Operation("storage", "buckets.testIamPermissions", ("permissions",)),
    Operation("storage", "projects.serviceAccount.get", ()),
    Operation("storage", "objects.insert", ("name", "contentEncoding", "predefinedAcl", *CONDITIONS, *OBJECT_ACTING),
              OBJECT_STORED,
              "Media, multipart and resumable uploads."),
    Operation("storage", "objects.get", ("generation", *CONDITIONS), (), "Metadata, and content whole or in ranges."),
    Operation("storage", "objects.list", ("prefix", "delimiter", "versions", "maxResults", "pageToken", "startOffset",
              "endOffset", "includeTrailingDelimiter", "matchGlob")),
    Operation("storage", "objects.patch", ("generation", *CONDITIONS, *OBJECT_ACTING[:8]), OBJECT_STORED),
    Operation("storage", "objects.update", ("generation", *CONDITIONS, *OBJECT_ACTING[:8]), OBJECT_STORED),
    Operation("storage", "objects.delete", ("generation", *CONDITIONS), (), "Nothing deleted can be restored."),
    Operation("storage", "objects.copy", ("sourceGeneration", *CONDITIONS, *SOURCE_CONDITIONS, *OBJECT_ACTING[:8]),
              OBJECT_STORED),
    Operation("storage", "objects.rewrite", ("sourceGeneration", *CONDITIONS, *SOURCE_CONDITIONS, *OBJECT_ACTING[:8]),
              OBJECT_STORED, "Always done in one call."),
    Operation("storage", "objects.move", (*CONDITIONS, *SOURCE_CONDITIONS), (), "The source goes as by a delete."),
    Operation("storage", "objects.compose", ("sourceObjects", "ifGenerationMatch", "ifMetagenerationMatch",
              *(f"destination.{field}" for field in OBJECT_ACTING[:8])), ("destination.storageClass",)),
)  # fmt: skip

# kind, its id's name, fields that act, fields that are kept
POOLS = (
    ("", "workloadIdentityPoolId", ("disabled",), ("displayName", "description"), ""),
    ("providers.", "workloadIdentityPoolProviderId",
     ("disabled", "attributeMapping", "attributeCondition", "oidc.issuerUri", "oidc.allowedAudiences"),
     ("displayName", "description"),
     "One issuer's tokens are known: that of trifold/local/issuer.py; only google.subject is mapped, and a condition "
     "compares claims with texts."),
)  # fmt: skip
ROLE = ("role.title", "role.description", "role.stage")
ACCOUNT = ("serviceAccount.displayName", "serviceAccount.description")
IAM = (
    Operation("iam", "projects.serviceAccounts.create", ("accountId",), ACCOUNT),
    Operation("iam", "projects.serviceAccounts.get", ()),
    Operation("iam", "projects.serviceAccounts.list", (), PAGE),
    Operation("iam", "projects.serviceAccounts.patch", ("updateMask",), ACCOUNT),
    Operation("iam", "projects.serviceAccounts.delete", ()),
    Operation("iam", "projects.serviceAccounts.disable", (), (), "Kept; a disabled account can still call."),
    Operation("iam", "projects.serviceAccounts.enable", ()),
    Operation("iam", "projects.serviceAccounts.getIamPolicy", (), ("options.requestedPolicyVersion",)),
    Operation("iam", "projects.serviceAccounts.setIamPolicy", POLICY[:2], ("policy.version",)),
    Operation("iam", "projects.serviceAccounts.testIamPermissions", ("permissions",)),
    Operation("iam", "projects.serviceAccounts.keys.create", (), ("privateKeyType", "keyAlgorithm"),
              "Always a credentials file with a key of 2048 bits, good until the clouds stop."),
    Operation("iam", "projects.serviceAccounts.keys.delete", ()),
    Operation("iamcredentials", "projects.serviceAccounts.generateAccessToken", ("lifetime",), ("scope",),
              "A token is good for everything its account may do."),
    *(Operation("iam", f"projects.locations.workloadIdentityPools.{kind}create", (ident, *fields), stored, note)
      for kind, ident, fields, stored, note in POOLS),
    *(Operation("iam", f"projects.locations.workloadIdentityPools.{kind}patch", ("updateMask", *fields), stored, note)
      for kind, _, fields, stored, note in POOLS),
    *(Operation("iam", f"projects.locations.workloadIdentityPools.{kind}{verb}", (), PAGE if verb == "list" else ())
      for kind in ("", "providers.") for verb in ("get", "list", "delete", "undelete", "operations.get")),
    Operation("iam", "projects.roles.create", ("roleId", "role.includedPermissions"), ROLE,
              "Permissions of this cloud's own resources act; others are kept."),
    Operation("iam", "projects.roles.get", ()),
    Operation("iam", "projects.roles.list", ("view", "showDeleted"), PAGE),
    Operation("iam", "projects.roles.patch", ("updateMask", "etag", "includedPermissions", "name"),
              ("title", "description", "stage")),
    Operation("iam", "projects.roles.delete", (), (), "The id stays taken; it can be undeleted."),
    Operation("iam", "projects.roles.undelete", ()),
    Operation("iam", "roles.get", (), (), "Of a predefined role, what is asked for of this cloud's own resources."),
)  # fmt: skip

PROJECTS = (
    Operation("cloudresourcemanager", "projects.get", ()),
    Operation("cloudresourcemanager", "projects.getIamPolicy", (), ("options.requestedPolicyVersion",)),
    Operation("cloudresourcemanager", "projects.setIamPolicy", POLICY, ("updateMask",),
              "Basic roles, the predefined roles of these services and the project's own act; conditions are refused."),
    Operation("cloudresourcemanager", "projects.testIamPermissions", ("permissions",)),
    Operation("serviceusage", "services.get", ()),
    Operation("serviceusage", "services.list", ("filter",), PAGE),
    Operation("serviceusage", "services.enable", (), (), "Acts on hostile clouds; on others it is kept."),
    Operation("serviceusage", "services.disable", (), ("disableDependentServices", "checkIfServiceHasUsage")),
    Operation("serviceusage", "services.batchEnable", ("serviceIds",)),
    Operation("serviceusage", "operations.get", ()),
    Operation("serviceusage", "services.consumerQuotaMetrics.get", ("view",), (),
              "CPUs for serving models: a number of ours, which hostile clouds enforce."),
)  # fmt: skip

REPOSITORY = ("labels", "description", "mode", "cleanupPolicies", "cleanupPolicyDryRun", "dockerConfig")
REGISTRY = (
    Operation("artifactregistry", "projects.locations.repositories.create", ("repositoryId", "format", "name"),
              REPOSITORY, "Docker repositories; nothing can be pushed to them."),
    Operation("artifactregistry", "projects.locations.repositories.get", ()),
    Operation("artifactregistry", "projects.locations.repositories.list", (), PAGE),
    Operation("artifactregistry", "projects.locations.repositories.patch", ("updateMask", "name"), REPOSITORY),
    Operation("artifactregistry", "projects.locations.repositories.delete", ()),
    Operation("artifactregistry", "projects.locations.repositories.getIamPolicy", (),
              ("options.requestedPolicyVersion",)),
    Operation("artifactregistry", "projects.locations.repositories.setIamPolicy", POLICY[:2], ("policy.version",)),
    Operation("artifactregistry", "projects.locations.repositories.testIamPermissions", ("permissions",)),
    Operation("artifactregistry", "projects.locations.operations.get", ()),
)  # fmt: skip

NOBODY_TOLD = "Kept and read back; nothing is spent here, so nobody is told."
BUDGET = ("amount.specifiedAmount", "budgetFilter.labels", "budgetFilter.projects",
          "notificationsRule.monitoringNotificationChannels")  # fmt: skip
BUDGET_STORED = (
    *("displayName", "budgetFilter.calendarPeriod", "budgetFilter.creditTypesTreatment", "thresholdRules"),
    *("notificationsRule.disableDefaultIamRecipients", "notificationsRule.enableProjectLevelRecipients"),
    *("notificationsRule.schemaVersion", "ownershipScope"),
)
CHANNEL = ("displayName", "description", "userLabels", "enabled")
BILLING = (
    Operation("billingbudgets", "billingAccounts.budgets.create", (), (*BUDGET, *BUDGET_STORED), NOBODY_TOLD),
    Operation("billingbudgets", "billingAccounts.budgets.get", ()),
    Operation("billingbudgets", "billingAccounts.budgets.list", (), PAGE),
    Operation("billingbudgets", "billingAccounts.budgets.patch", ("updateMask",), (*BUDGET, *BUDGET_STORED)),
    Operation("billingbudgets", "billingAccounts.budgets.delete", ()),
    Operation("monitoring", "projects.notificationChannels.create", (), ("type", "labels", *CHANNEL), NOBODY_TOLD),
    Operation("monitoring", "projects.notificationChannels.get", ()),
    Operation("monitoring", "projects.notificationChannels.list", (), PAGE),
    Operation("monitoring", "projects.notificationChannels.patch", ("updateMask",), ("labels", *CHANNEL)),
    Operation("monitoring", "projects.notificationChannels.delete", (), ("force",)),
)  # fmt: skip

CONTAINER = "model.containerSpec."
RESOURCES = "deployedModel.dedicatedResources."
MODELS = (
    Operation("aiplatform", "projects.locations.models.upload", (
        "parentModel", "modelId", "model.displayName", "model.versionAliases", "model.artifactUri",
        *(CONTAINER + field for field in ("imageUri", "args", "env", "ports", "predictRoute", "healthRoute",
          "deploymentTimeout", "startupProbe", "healthProbe"))),
        ("model.name", "model.description", "model.versionDescription", "model.labels", "model.etag"),
        "Files below artifactUri are copied; the image is looked up when the model is deployed."),
    Operation("aiplatform", "projects.locations.get", (), (), "The one location of this cloud."),
    Operation("aiplatform", "projects.locations.models.get", ()),
    Operation("aiplatform", "projects.locations.models.list", ("filter", "orderBy", *PAGE)),
    Operation("aiplatform", "projects.locations.models.listVersions", ("filter", "orderBy", *PAGE)),
    Operation("aiplatform", "projects.locations.models.patch", ("updateMask", "displayName"),
              ("name", "description", "labels", "versionDescription", "etag")),
    Operation("aiplatform", "projects.locations.models.mergeVersionAliases", ("versionAliases",)),
    Operation("aiplatform", "projects.locations.models.delete", ()),
    Operation("aiplatform", "projects.locations.models.deleteVersion", ()),
)  # fmt: skip

ENDPOINTS = (
    Operation("aiplatform", "projects.locations.endpoints.create", ("endpointId", "displayName",
              "dedicatedEndpointEnabled", "clientConnectionConfig"), ("name", "description", "labels", "etag")),
    Operation("aiplatform", "projects.locations.endpoints.get", ()),
    Operation("aiplatform", "projects.locations.endpoints.list", ("filter", "orderBy", *PAGE)),
    Operation("aiplatform", "projects.locations.endpoints.patch", ("updateMask", "displayName", "trafficSplit", "etag"),
              ("name", "description", "labels")),
    Operation("aiplatform", "projects.locations.endpoints.update", ("endpoint.displayName", "endpoint.trafficSplit",
              "endpoint.etag"), ("endpoint.name", "endpoint.description", "endpoint.labels")),
    Operation("aiplatform", "projects.locations.endpoints.delete", ()),
    Operation("aiplatform", "projects.locations.endpoints.deployModel", (
        "deployedModel.id", "deployedModel.model", "deployedModel.displayName", "deployedModel.serviceAccount",
        "deployedModel.automaticResources",
        f"{RESOURCES}machineSpec.machineType", f"{RESOURCES}minReplicaCount", "trafficSplit"),
        (f"{RESOURCES}maxReplicaCount", f"{RESOURCES}autoscalingMetricSpecs", "deployedModel.disableContainerLogging",
         "deployedModel.disableExplanations", "deployedModel.enableAccessLogging"),
        "minReplicaCount processes run whatever the load, without regard to the machine type's size."),
    Operation("aiplatform", "projects.locations.endpoints.undeployModel", ("deployedModelId", "trafficSplit")),
    Operation("aiplatform", "projects.locations.endpoints.mutateDeployedModel", ("updateMask", "deployedModel.id",
              f"{RESOURCES}minReplicaCount"), (f"{RESOURCES}maxReplicaCount", f"{RESOURCES}autoscalingMetricSpecs",
              f"{RESOURCES}machineSpec.machineType", "deployedModel.model", "deployedModel.displayName")),
    Operation("aiplatform", "projects.locations.endpoints.predict", ("instances", "parameters")),
    Operation("aiplatform", "projects.locations.endpoints.rawPredict", ("httpBody",)),
)  # fmt: skip

WAITS = tuple(
    Operation("aiplatform", f"projects.locations.{part}operations.{verb}", ("timeout",) if verb == "wait" else ())
    for part in ("", "models.", "endpoints.")
    for verb in ("get", "list", "wait", "cancel", "delete")
)

OPERATIONS: Operations = {
    (one.service, one.name): one
    for one in (*STORAGE, *IAM, *PROJECTS, *REGISTRY, *BILLING, *MODELS, *ENDPOINTS, *WAITS)
}  # fmt: skip

# Output-only fields that the discovery document of Cloud Storage does not mark as such: left out, as Google does.
READ_ONLY = {
    "Bucket": frozenset({
        "kind", "id", "selfLink", "etag", "projectNumber", "metageneration", "timeCreated", "updated", "owner",
        "locationType", "generation", "satisfiesPZS", "satisfiesPZI", "softDeletePolicy.effectiveTime",
        "iamConfiguration.uniformBucketLevelAccess.lockedTime", "iamConfiguration.bucketPolicyOnly.lockedTime",
    }),
    "Object": frozenset({
        "kind", "id", "selfLink", "mediaLink", "etag", "generation", "metageneration", "size", "timeCreated", "updated",
        "timeStorageClassUpdated", "timeDeleted", "timeFinalized", "componentCount", "owner", "softDeleteTime",
        "hardDeleteTime",
    }),
    "Policy": frozenset({"kind", "resourceId"}),
    "ComposeRequest": frozenset({"kind", *(f"destination.{field}" for field in (
        "kind", "id", "selfLink", "mediaLink", "etag", "generation", "metageneration", "size", "timeCreated", "updated",
        "name", "bucket"))}),
}  # fmt: skip

# Checked against the content where there is one, and said back by clients that send a whole object.
HASHES = frozenset({"md5Hash", "crc32c"})


def read_only_of(method: Method) -> frozenset[str]:
    """The output-only paths of a method's body that its schema does not mark."""
    if method.service != "storage":
        return frozenset()
    more = HASHES if method.name.startswith("objects.") and method.name != "objects.insert" else frozenset()
    return READ_ONLY.get(method.request.get("$ref", ""), frozenset()) | more
