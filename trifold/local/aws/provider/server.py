"""The local cloud's provider in place of `pulumi-resource-aws`: the types the kit's stacks use."""

import json
from importlib.metadata import version
from typing import Any

from trifold.local.aws.provider import autoscaling, buckets, ecr, iam, logs, objects, sagemaker
from trifold.local.aws.provider.functions import FUNCTIONS
from trifold.local.aws.provider.rules import rules
from trifold.local.aws.provider.session import Session
from trifold.protocol.check import INTERNAL
from trifold.protocol.declaration import Failure, Values
from trifold.protocol.declared import DeclaredProvider
from trifold.protocol.naming import Request

TYPES = (
    *buckets.TYPES,
    *objects.TYPES,
    *iam.TYPES,
    *ecr.TYPES,
    *logs.TYPES,
    *sagemaker.TYPES,
    *autoscaling.TYPES,
)
DOCUMENTS = ("policy", "assumeRolePolicy")


class AwsProvider(DeclaredProvider):
    """Refuses, at Check, what a type of the official provider takes and its counterpart here does not act on."""

    def check(self, session: Any, token: str, request: Request, olds: Values, news: Values) -> tuple[Values, list]:
        filled, failures = super().check(session, token, request, olds, news)
        supported: frozenset[str] = getattr(self.type(token).operations, "supported", frozenset())
        known = {failure.property for failure in failures}
        for name, value in filled.items():
            if value is not None and name not in supported and name not in INTERNAL and name not in known:
                failures.append(Failure(name, "is not served by the local AWS provider"))
        return filled, failures


def normalise(session: Session, inputs: Values) -> Values:
    """An unset region is the provider's; policy documents are compared by what they say."""
    compared = {**inputs, "region": inputs.get("region") or session.region}
    for name in DOCUMENTS:
        if isinstance(compared.get(name), str):
            compared[name] = _canonical(compared[name])
    return compared


def _canonical(document: str) -> str:
    try:
        return json.dumps(json.loads(document), sort_keys=True)
    except ValueError:
        return document


def create() -> DeclaredProvider:
    """The provider."""
    return AwsProvider(
        name="aws",
        version=version("pulumi-aws"),
        types=TYPES,
        make_session=Session,
        functions=FUNCTIONS,
        configuration="pulumi_aws.provider:ProviderArgs",
        rules=rules,
        normalise=normalise,
    )
