"""The local cloud's provider in place of `pulumi-resource-azure-native`: the types the kit's stacks use."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from trifold.local.azure.provider.blobs import BLOB
from trifold.local.azure.provider.functions import FUNCTIONS
from trifold.local.azure.provider.operations import declare
from trifold.local.azure.provider.session import Session
from trifold.local.azure.provider.types import TYPES
from trifold.local.rules import rules
from trifold.protocol.declaration import Values
from trifold.protocol.declared import DeclaredProvider
from trifold.protocol.naming import NATIVE
from trifold.protocol.values import UNKNOWN, has_unknown


def normalise(session: Session, inputs: Values) -> Values:
    """A location compares without case and spaces; ids of identities and of links without case."""
    compared = dict(inputs)
    if isinstance(compared.get("location"), str):
        compared["location"] = compared["location"].replace(" ", "").lower()
    if isinstance(compared.get("identity"), Mapping):
        compared["identity"] = _sorted(compared["identity"])
    return compared


def _sorted(identity: Mapping[str, Any]) -> Values:
    listed = identity.get("userAssignedIdentities")
    return {**identity, "userAssignedIdentities": sorted(listed)} if isinstance(listed, list) else dict(identity)


class AzureProvider(DeclaredProvider):
    """A list of user-assigned identities goes in and a map comes out, which a preview must show as such."""

    def preview_create(self, token: str, inputs: Values) -> Values:
        return _shown(super().preview_create(token, inputs))

    def preview_update(self, token: str, outputs: Values, inputs: Values, old_inputs: Values) -> Values:
        return _shown(super().preview_update(token, outputs, inputs, old_inputs))


def _shown(outputs: Values) -> Values:
    identity = outputs.get("identity")
    listed = identity.get("userAssignedIdentities") if isinstance(identity, Mapping) else None
    if not isinstance(listed, list):
        return outputs
    known = UNKNOWN if has_unknown(listed) else dict.fromkeys(listed, UNKNOWN)
    return {**outputs, "identity": {**identity, "userAssignedIdentities": known}}  # type: ignore[dict-item]


def create() -> DeclaredProvider:
    """The provider."""
    return AzureProvider(
        name="azure-native",
        version=version("pulumi-azure-native"),
        types=(*(declare(one) for one in TYPES), BLOB),
        make_session=Session,
        functions=FUNCTIONS,
        configuration="pulumi_azure_native.provider:ProviderArgs",
        rules=rules,
        normalise=normalise,
        style=NATIVE,
    )
