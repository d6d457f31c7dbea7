"""The local cloud's provider in place of `pulumi-resource-gcp`: the types the kit's stacks use."""

from importlib.metadata import version

from trifold.local.gcp.provider import access, budgets, foundation, policies, storage, vertex
from trifold.local.gcp.provider.functions import FUNCTIONS
from trifold.local.gcp.provider.session import Session
from trifold.local.rules import rules
from trifold.protocol.declaration import Values
from trifold.protocol.declared import DeclaredProvider

TYPES = (*storage.TYPES, *foundation.TYPES, *policies.TYPES, *vertex.TYPES, *budgets.TYPES, *access.TYPES)


def normalise(session: Session, inputs: Values) -> Values:
    """An unset project or region is the provider's; a location is the same in either case, a bucket with its prefix."""
    compared = {**inputs, "project": inputs.get("project") or session.project}
    if isinstance(compared.get("location"), str):
        compared["location"] = compared["location"].lower()
    if isinstance(compared.get("bucket"), str):
        compared["bucket"] = compared["bucket"].removeprefix("b/")
    return compared


def create() -> DeclaredProvider:
    """The provider."""
    return DeclaredProvider(
        name="gcp",
        version=version("pulumi-gcp"),
        types=TYPES,
        make_session=Session,
        functions=FUNCTIONS,
        configuration="pulumi_gcp.provider:ProviderArgs",
        rules=rules,
        normalise=normalise,
        title="the local Google Cloud provider",
    )
