"""Explicit names: for what people and other systems address. The rest is left to Pulumi's auto-naming.

A name is a function of project, stack, role and (for what is immutable) version; where the name is global to the cloud,
or shared with other accounts, a short hash of account and region is part of it. It is within the cloud's length and
alphabet whatever the stack is called, and the same in every run. What was shortened or changed to fit also carries a
hash, so that two stacks never get one name.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

LOWER = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
HASH = 6
VERSION = 16
# Words that no bucket of Google's may hold, nor an account name of Azure's begin with.
RESERVED = ("goog", "g00g", "microsoft", "windows", "login")


@dataclass(frozen=True)
class Rule:
    """A cloud's rule for one kind of name. Names begin with a letter and end in a letter or digit on all clouds here.

    shortest, longest: characters. separator: "-", or "" where the alphabet has letters and digits only.
    shared: the name must be unique beyond the account (globally, or in a region).
    source: the vendor's page that says so.
    """

    shortest: int
    longest: int
    separator: str
    shared: bool
    source: str


_ARM = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"
_ECR = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html"
_SAGEMAKER = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html"
_AML = "https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas"
_AWS_BUDGET = "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html"
_AZURE_BUDGET = "https://learn.microsoft.com/rest/api/consumption/budgets/create-or-update"
_GCP_BUDGET = "https://cloud.google.com/billing/docs/reference/budget/rest/v1/billingAccounts.budgets"
_ROLE = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"
_CUSTOM_ROLE = "https://cloud.google.com/iam/docs/creating-custom-roles"
_POOL = "https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools/create"
_GCS = "https://cloud.google.com/storage/docs/buckets#naming"
_ACCOUNT = "https://cloud.google.com/iam/docs/service-accounts-create"
_ARTIFACTS = "https://cloud.google.com/artifact-registry/docs/repositories/create-repos"
_VERTEX = "https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints"

RULES: Mapping[str, Mapping[str, Rule]] = {
    "aws": {
        "bucket": Rule(3, 63, "-", True, _S3),
        "registry": Rule(2, 256, "-", False, _ECR),
        "budget": Rule(1, 100, "-", False, _AWS_BUDGET),
        "role": Rule(1, 64, "-", False, _ROLE),
        "model": Rule(1, 63, "-", False, _SAGEMAKER),
        "configuration": Rule(1, 63, "-", False, _SAGEMAKER),
        "endpoint": Rule(1, 63, "-", False, _SAGEMAKER),
    },
    "azure": {
        "group": Rule(1, 90, "-", False, _ARM),
        "storage": Rule(3, 24, "", True, _ARM),
        "container": Rule(3, 63, "-", False, _ARM),
        "registry": Rule(5, 50, "", True, _ARM),
        "identity": Rule(3, 128, "-", False, _ARM),
        "budget": Rule(1, 63, "-", False, _AZURE_BUDGET),
        "vault": Rule(3, 24, "-", True, _ARM),
        "insights": Rule(1, 255, "-", False, _ARM),
        "workspace": Rule(3, 33, "-", False, _ARM),
        "model": Rule(1, 255, "-", False, _ARM),
        "environment": Rule(1, 255, "-", False, _ARM),
        "endpoint": Rule(3, 32, "-", True, _AML),
        "deployment": Rule(3, 32, "-", False, _AML),
    },
    "gcp": {
        "bucket": Rule(3, 63, "-", True, _GCS),
        "registry": Rule(1, 63, "-", False, _ARTIFACTS),
        "account": Rule(6, 30, "-", False, _ACCOUNT),
        "budget": Rule(1, 60, "-", False, _GCP_BUDGET),
        "role": Rule(3, 64, "", False, _CUSTOM_ROLE),
        "pool": Rule(4, 32, "-", False, _POOL),
        "model": Rule(1, 63, "-", False, _VERTEX),
        "endpoint": Rule(1, 63, "-", False, _VERTEX),
        "deployment": Rule(1, 63, "-", False, _VERTEX),
    },
}


@dataclass(frozen=True)
class Names:
    """Makes the explicit names of one stack: `names("bucket", "models")`, `names("model", "flights", version)`."""

    cloud: str
    project: str
    stack: str
    account: str
    region: str

    def __call__(self, kind: str, role: str = "", version: str = "") -> str:
        """The name of a kind of thing (a key of RULES[cloud]); KeyError for one without a rule.

        role: tells several of a kind apart. version: hex digits of what is immutable; never shortened.
        """
        rule = RULES[self.cloud][kind]
        wanted = [self.project, self.stack, *([role] if role else [])]
        begun = _begun(wanted, rule.separator)
        endings = [version] if version else []
        # Without a separator in the project, and unchanged, the parts can be told from the name: no hash is needed.
        exact = begun == rule.separator.join(wanted) and rule.separator and rule.separator not in self.project
        room = rule.longest - sum(len(rule.separator) + len(ending) for ending in endings)
        if rule.shared or not exact or not rule.shortest <= len(begun) <= room:
            endings.insert(0, self._hash(kind, role, rule.shared))
            room -= len(rule.separator) + HASH
        return rule.separator.join([begun[:room].rstrip("-"), *endings])

    def beginning(self, kind: str) -> str:
        """What the names of a kind begin with, whatever their role and version: for grants on all of them."""
        rule = RULES[self.cloud][kind]
        begun = _begun([self.project, self.stack], rule.separator)
        if begun == "t":  # of neither anything fits, so names begin with what does
            return ""
        # A name gives way to a hash and a version, each with its separator.
        return begun[: rule.longest - HASH - VERSION - 2].rstrip("-")

    def number(self, kind: str, role: str = "", digits: int = 10) -> str:
        """A decimal name without a leading zero, for what is named by number only (Vertex AI endpoints: 10 digits)."""
        found = int(hashlib.sha256("/".join(self._identity(kind, role, True)).encode()).hexdigest(), 16)
        return str(10 ** (digits - 1) + found % (9 * 10 ** (digits - 1)))

    def _hash(self, kind: str, role: str, shared: bool) -> str:
        return hashlib.sha256("/".join(self._identity(kind, role, shared)).encode()).hexdigest()[:HASH]

    def _identity(self, kind: str, role: str, shared: bool) -> list[str]:
        place = [self.account, self.region] if shared else []
        return [self.cloud, kind, *place, self.project, self.stack, role]


def _begun(parts: list[str], separator: str) -> str:
    """The parts as one text that begins with a letter."""
    plain = separator.join(fitted for part in parts if (fitted := _fit(part, separator)))
    return plain if plain[:1] in set(LOWER) else f"t{plain}"


def _fit(text: str, separator: str) -> str:
    """Lower case, and letters and digits only; what else there is becomes one separator."""
    kept = "".join(letter if letter in LOWER + DIGITS else " " for letter in text.lower())
    for word in RESERVED:
        kept = kept.replace(word, " ")
    return separator.join(kept.split())
