"""The local cloud's provider in place of `pulumi-resource-gcp`: the types the kit's stacks use."""

from importlib.metadata import version
from typing import Any

from trifold.facts import replacement
from trifold.local.gcp.provider import foundation, policies, storage, vertex
from trifold.local.gcp.provider.functions import FUNCTIONS
from trifold.local.gcp.provider.session import Session
from trifold.protocol.check import INTERNAL
from trifold.protocol.declaration import Failure, Values
from trifold.protocol.declared import DeclaredProvider
from trifold.protocol.diff import Rules
from trifold.protocol.naming import Request

TYPES = (*storage.TYPES, *foundation.TYPES, *policies.TYPES, *vertex.TYPES)


class GcpProvider(DeclaredProvider):
    """Refuses, at Check, what a type of the official provider takes and its counterpart here does not act on."""

    def check(self, session: Any, token: str, request: Request, olds: Values, news: Values) -> tuple[Values, list]:
        filled, failures = super().check(session, token, request, olds, news)
        supported: frozenset[str] = getattr(self.type(token).operations, "supported", frozenset())
        known = {failure.property for failure in failures}
        for name, value in filled.items():
            if value is not None and name not in supported and name not in INTERNAL and name not in known:
                failures.append(Failure(name, "is not served by the local Google Cloud provider"))
        return filled, failures


def rules(token: str) -> Rules | None:
    """What replaces a type, from the facts' records; None where they do not cover it."""
    record = replacement(token)
    if record is None:
        return None
    unread = dict.fromkeys(record.not_settled, "the facts do not settle whether this replaces")
    return Rules(record.replace, record.replace_on_add_remove, {**unread, **(record.conditional or {})})


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
    return GcpProvider(
        name="gcp",
        version=version("pulumi-gcp"),
        types=TYPES,
        make_session=Session,
        functions=FUNCTIONS,
        configuration="pulumi_gcp.provider:ProviderArgs",
        rules=rules,
        normalise=normalise,
    )
