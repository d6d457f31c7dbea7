"""Foundation: where everything else of a stack lives. A home (resource group, where the cloud has one), a container
registry, and the identity that endpoints run as.

Each cloud implements, in infra/<cloud>/:

    account.py      def verify(settings: Pinned, opts: pulumi.InvokeOptions | None = None) -> Account
                        Asks the provider who it is (its own who-am-I function, which answers at once) and raises
                        infra.errors.WrongAccount unless that is settings.account. Called before anything is registered.
    foundation.py   class Foundation(FoundationComponent):                # type "trifold:<cloud>:Foundation"
                        def __init__(self, name: str, spec: FoundationSpec, opts: ResourceOptions | None = None)

The component registers every child with `parent=self` (so providers, transforms, protect and aliases given to it reach
all children), sets the attributes that its contract promises and calls `self.promise()`.
A child's logical name begins with the component's name.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pulumi import Output

from infra import keeping
from infra.brought import Brought
from infra.component import Component
from infra.naming import Names


@dataclass(frozen=True)
class Account:
    """Who the provider is. id: account, subscription or project; region: where it works; number: Google's project
    number; tenant: Azure's tenant; principal: ARN, object id or e-mail of the caller ("" where the cloud won't say)."""

    cloud: str
    id: str
    region: str
    principal: str = ""
    number: str = ""
    tenant: str = ""


class Pinned(Protocol):
    """Settings that pin an account. stack: whose file says so."""

    @property
    def account(self) -> str: ...

    @property
    def region(self) -> str: ...

    @property
    def stack(self) -> str: ...


@dataclass(frozen=True)
class FoundationSpec:
    """What a stack's foundation is to be.

    names: makes explicit names (`names("registry")`). tags: project, stack, capability.
    kept: the stack's stores that a destroy leaves: "registry" is made here, and what a kept one lies in stays with it.
    brought: what is used instead of being made, in this component and in those that stand on it.
    """

    account: Account
    names: Names
    tags: Mapping[str, str]
    kept: Collection[str] = keeping.ALL
    brought: Brought = field(default_factory=Brought)

    @property
    def keeps(self) -> bool:
        """Whether a destroy leaves the registry."""
        return "registry" in self.kept


class FoundationComponent(Component):
    """What every foundation promises; a cloud's own may hold more, for its own other components.

    registry: the address images are named under, without a trailing slash
    (123.dkr.ecr.us-east-1.amazonaws.com, name.azurecr.io, us-central1-docker.pkg.dev/project/repository).
    identity: the identity endpoints run as (role ARN, ARM id, e-mail).
    """

    PROMISED = ("registry", "identity")

    account: Account
    brought: Brought
    registry: Output[str]
    identity: Output[str]
