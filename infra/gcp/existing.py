"""What is there already on Google Cloud, looked up by the provider's own functions and never changed."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_gcp as gcp
from pulumi import Output

from infra.existing import find, unfit


@dataclass(frozen=True)
class Account:
    """A service account. member: as grants name it."""

    email: Output[str]
    member: Output[str]


def registry(id: str, parent: pulumi.Resource) -> Output[str]:
    """The address of a repository. Raises SettingsError for one of something else than images."""
    _, project, _, location, _, name = id.split("/")
    found: Any = find(
        "existing.registry",
        id,
        lambda opts: gcp.artifactregistry.get_repository(location, project, name, opts=opts),
        parent,
    )
    if found.format != "DOCKER":
        raise unfit("existing.registry", id, f"holds {found.format}, not DOCKER")
    return Output.from_input(f"{location}-docker.pkg.dev/{project}/{name}")


def account(email: str, parent: pulumi.Resource) -> Account:
    """The service account with an e-mail."""
    found: Any = find("existing.identity", email, lambda opts: gcp.serviceaccount.get_account(email, opts=opts), parent)
    return Account(Output.from_input(found.email), Output.from_input(found.member))


def bucket(name: str, region: str, parent: pulumi.Resource) -> Output[str]:
    """The URL of a bucket. Raises SettingsError for one of another region: models are read in their own."""
    found: Any = find("existing.store", name, lambda opts: gcp.storage.get_bucket(name, opts=opts), parent)
    if found.location.lower() != region:
        raise unfit("existing.store", name, f"is in {found.location.lower()}, and the stack is in {region}")
    return Output.from_input(found.url)


def key(id: str, parent: pulumi.Resource) -> str:
    """The id of a key, as it was given. Raises SettingsError for one that cannot encrypt."""
    ring, _, name = id.partition("/cryptoKeys/")
    found: Any = find("key", id, lambda opts: gcp.kms.get_kms_crypto_key(ring, name, opts=opts), parent)
    if found.purpose != "ENCRYPT_DECRYPT":
        raise unfit("key", id, f"is for {found.purpose}; what encrypts here is ENCRYPT_DECRYPT")
    return id
