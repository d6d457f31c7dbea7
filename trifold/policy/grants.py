"""Which resource types grant something, and in which of their properties; the names of the widest roles."""

from typing import Final

# AWS: the properties that hold a policy document of rights (not a resource policy), and those that name policies.
AWS_DOCUMENTS: Final = {
    "aws:iam/policy:Policy": ("policy",),
    "aws:iam/rolePolicy:RolePolicy": ("policy",),
    "aws:iam/userPolicy:UserPolicy": ("policy",),
    "aws:iam/groupPolicy:GroupPolicy": ("policy",),
    "aws:iam/role:Role": ("inlinePolicies[*].policy",),
}
AWS_ATTACHMENTS: Final = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("policyArn",),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": ("policyArn",),
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": ("policyArn",),
    "aws:iam/policyAttachment:PolicyAttachment": ("policyArn",),
    "aws:iam/role:Role": ("managedPolicyArns[*]",),
}
# Google Cloud: grants on a project, folder or organization, and those on one resource; one member, or all of a role.
GCP_WIDE: Final = tuple(
    f"gcp:{level}/iAM{kind}:IAM{kind}"
    for level in ("projects", "folder", "organizations")
    for kind in ("Member", "Binding")
)
_ONE: Final = {
    "artifactregistry": ("repositoryIam{0}:RepositoryIam{0}",),
    "cloudfunctions": ("functionIam{0}:FunctionIam{0}",),
    "cloudfunctionsv2": ("functionIam{0}:FunctionIam{0}",),
    "cloudrun": ("iam{0}:Iam{0}",),
    "cloudrunv2": ("serviceIam{0}:ServiceIam{0}",),
    "kms": ("cryptoKeyIAM{0}:CryptoKeyIAM{0}",),
    "serviceaccount": ("iAM{0}:IAM{0}",),
    "storage": ("bucketIAM{0}:BucketIAM{0}",),
    "vertex": ("aiEndpointIam{0}:AiEndpointIam{0}",),
}
GCP_NARROW: Final = tuple(
    f"gcp:{module}/{name.format(kind)}"
    for module, names in _ONE.items()
    for name in names
    for kind in ("Member", "Binding")
)
GCP_MEMBERS: Final = tuple(one for one in (*GCP_WIDE, *GCP_NARROW) if one.endswith("Member"))
GCP_BINDINGS: Final = tuple(one for one in (*GCP_WIDE, *GCP_NARROW) if one.endswith("Binding"))
GCP_BASIC: Final = ("roles/owner", "roles/editor", "roles/viewer")
GCP_IMPERSONATING: Final = ("roles/iam.serviceAccountUser", "roles/iam.serviceAccountTokenCreator")

# Azure's built-in roles by id (https://learn.microsoft.com/en-us/azure/role-based-access-control/built-in-roles).
AZURE_WIDE: Final = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}
