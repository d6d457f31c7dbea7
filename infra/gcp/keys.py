"""A customer-managed key of Cloud KMS, in the words of each service that takes one; without it, Google's own.

Each service uses the key as its own agent in the project, which needs a role on the key: those are all the stack does
to it. https://cloud.google.com/kms/docs/cmek
"""

from typing import Any

import pulumi
import pulumi_gcp as gcp
from pulumi import Output, ResourceOptions

from infra import keeping
from infra.capabilities.foundation import FoundationSpec

USE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
# Cloud Storage's agent is told by a function of its own.
AGENTS = ("artifactregistry", "aiplatform")


def grants(name: str, spec: FoundationSpec, ready: ResourceOptions, parent: pulumi.Resource) -> list[pulumi.Resource]:
    """The agents' right to use the key: what is kept cannot be read without it, so it is kept, too."""
    store = gcp.storage.get_project_service_account(project=spec.account.id, opts=pulumi.InvokeOptions(parent=parent))
    members = {"storage": Output.from_input(store.member)}
    for service in AGENTS:
        agent = gcp.projects.ServiceIdentity(
            f"{name}-agent-{service}", service=f"{service}.googleapis.com", project=spec.account.id, opts=ready
        )
        members[service] = agent.member
    return [
        gcp.kms.CryptoKeyIAMMember(
            f"{name}-key-use-{service}",
            crypto_key_id=spec.brought.key,
            role=USE,
            member=member,
            opts=keeping.options(bool(spec.kept), parent=parent),
        )
        for service, member in members.items()
    ]


def of_bucket(key: str) -> dict[str, Any]:
    """A bucket's default encryption."""
    return {"encryption": {"default_kms_key_name": key}} if key else {}


def of_named(key: str) -> dict[str, Any]:
    """A repository's encryption, which cannot be changed later; or an object's own: an existing bucket may have another
    default."""
    return {"kms_key_name": key} if key else {}


def of_endpoint(key: str) -> dict[str, Any]:
    """An endpoint's encryption; models that are deployed to it need the same key."""
    return {"encryption_spec": {"kms_key_name": key}} if key else {}


def of_model(key: str) -> dict[str, Any]:
    """A model version's encryption, of the kit's own resource."""
    return {"encryption_key": key} if key else {}
