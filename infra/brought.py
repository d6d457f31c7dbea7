"""What a stack brings along instead of making it: existing parts, a network, a key, how its role is to be made.

The names are the same on all clouds; the values are the cloud's own ids (infra/ids.py has their forms). A foundation
holds it as `brought`, and each component takes its own part from there. An existing part is looked up, which fails in
the preview where it is not there, and is never changed or deleted: nothing is registered of it, and nothing on it but
what the stack itself puts there (grants to the identity that its endpoints run as, the packages, the models).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

MAKE, EXISTING = "make", "existing"


@dataclass(frozen=True)
class Existing:
    """Parts that are there already; "" is made by the stack, if the cloud has it.

    home: resource group. registry: repository or registry of container images. store: bucket, storage account (a
    container is made in it) or container. identity: what endpoints run as. workspace: Azure ML. vault: the one that a
    workspace needs. logs: where an endpoint's logs go.
    """

    home: str = ""
    registry: str = ""
    store: str = ""
    identity: str = ""
    workspace: str = ""
    vault: str = ""
    logs: str = ""


@dataclass(frozen=True)
class Network:
    """A private network: endpoint, store and registry can be reached from inside it only, as far as the cloud goes.

    network: VPC or virtual network. subnets: of the endpoint's instances (AWS), or of the private endpoints (Azure).
    security_groups, route_tables: AWS's. endpoints: MAKE the private endpoints of the cloud's services, or EXISTING if
    the network has them. zones: Azure's private DNS zones by name, where others keep them; none are made then.
    trusted: who gets in from outside all the same, such as a pipeline: principals by ARN (AWS), ranges of public IP
    addresses (Azure, Google Cloud).
    """

    network: str
    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    route_tables: tuple[str, ...] = ()
    endpoints: str = MAKE
    zones: Mapping[str, str] = field(default_factory=dict)
    trusted: tuple[str, ...] = ()

    @property
    def made(self) -> bool:
        """Whether the stack makes the private endpoints."""
        return self.endpoints == MAKE


@dataclass(frozen=True)
class Role:
    """How AWS's roles are to be made, where an organisation has rules for that. path: begins and ends with a slash;
    boundary: ARN of the policy that bounds what they may do."""

    path: str = "/"
    boundary: str = ""


@dataclass(frozen=True)
class Brought:
    """All that a stack brings along. key: customer-managed key that encrypts whatever takes one, "" for the cloud's."""

    existing: Existing = Existing()
    network: Network | None = None
    key: str = ""
    role: Role = Role()
