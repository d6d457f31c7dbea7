"""What is there already on Azure, looked up by azure-native's own functions and never changed."""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import Output
from pulumi_azure_native import (
    containerregistry,
    keyvault,
    machinelearningservices,
    managedidentity,
    operationalinsights,
    resources,
    storage,
)

from infra.existing import find, unfit


@dataclass(frozen=True)
class Arm:
    """An id of Resource Manager's, taken apart. names: one a level."""

    subscription: str
    group: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, id: str) -> "Arm":
        steps = id.split("/")
        return cls(steps[2], steps[4], tuple(steps[8::2]))


@dataclass(frozen=True)
class Registry:
    """A container registry."""

    id: Output[str]
    login_server: Output[str]


@dataclass(frozen=True)
class Identity:
    """A user-assigned identity. expected: its id, known before it is made; principal: its object id."""

    id: Output[str]
    expected: str
    principal: Output[str]


def group(id: str, parent: pulumi.Resource) -> str:
    """The name of a resource group."""
    name = Arm.of(id).group
    find("existing.home", id, lambda opts: resources.get_resource_group(name, opts=opts), parent)
    return name


def registry(id: str, parent: pulumi.Resource) -> Registry:
    """The registry with an id."""
    arm = Arm.of(id)
    found: Any = find(
        "existing.registry",
        id,
        lambda opts: containerregistry.get_registry(arm.names[0], arm.group, opts=opts),
        parent,
    )
    return Registry(Output.from_input(found.id), Output.from_input(found.login_server))


def identity(id: str, parent: pulumi.Resource) -> Identity:
    """The identity with an id."""
    arm = Arm.of(id)
    found: Any = find(
        "existing.identity",
        id,
        lambda opts: managedidentity.get_user_assigned_identity(arm.group, arm.names[0], opts=opts),
        parent,
    )
    return Identity(Output.from_input(found.id), found.id, Output.from_input(found.principal_id))


def store(id: str, parent: pulumi.Resource) -> Arm:
    """The account, or the container, with an id."""
    arm = Arm.of(id)
    account = arm.names[0]
    find("existing.store", id, lambda opts: storage.get_storage_account(account, None, arm.group, opts=opts), parent)
    if len(arm.names) > 1:
        container = arm.names[-1]
        find(
            "existing.store",
            id,
            lambda opts: storage.get_blob_container(account, container, arm.group, opts=opts),
            parent,
        )
    return arm


def workspace(id: str, region: str, private: bool, parent: pulumi.Resource) -> Arm:
    """The Azure ML workspace with an id. Raises SettingsError for one of another region, where no endpoint can be, and
    in a private network for one that manages none: its deployments would go out by the internet."""
    arm = Arm.of(id)
    found: Any = find(
        "existing.workspace",
        id,
        lambda opts: machinelearningservices.get_workspace(arm.group, arm.names[0], opts=opts),
        parent,
    )
    if found.location.replace(" ", "").lower() != region:
        raise unfit("existing.workspace", id, f"is in {found.location}, and the stack is in {region}")
    mode = getattr(found.managed_network, "isolation_mode", None)
    if private and mode in (None, "Disabled"):
        raise unfit("existing.workspace", id, "has no managed network, which trifold:network needs of it")
    return arm


def vault(id: str, parent: pulumi.Resource) -> Output[str]:
    """The id of a vault, as it was given, once it is known to be there."""
    arm = Arm.of(id)
    found: Any = find("existing.vault", id, lambda opts: keyvault.get_vault(arm.group, arm.names[0], opts=opts), parent)
    return Output.from_input(found.id)


def logs(id: str, subscription: str, parent: pulumi.Resource) -> Output[str]:
    """The id of a Log Analytics workspace. In another subscription, where it often is, the provider cannot look."""
    arm = Arm.of(id)
    if arm.subscription.lower() == subscription:
        find(
            "existing.logs",
            id,
            lambda opts: operationalinsights.get_workspace(arm.group, arm.names[0], opts=opts),
            parent,
        )
    return Output.from_input(id)


def key(id: str, subscription: str, parent: pulumi.Resource) -> Arm:
    """The key with an id. In another subscription the provider cannot look."""
    arm = Arm.of(id)
    if arm.subscription.lower() == subscription:
        vault, name = arm.names[0], arm.names[1]
        find("key", id, lambda opts: keyvault.get_key(name, arm.group, vault, opts=opts), parent)
    return arm
