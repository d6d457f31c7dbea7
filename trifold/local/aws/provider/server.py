"""The local cloud's provider in place of `pulumi-resource-aws`: the types the kit's stacks use."""

import json
from importlib.metadata import version

from trifold.local.aws.provider import autoscaling, buckets, budgets, ecr, iam, logs, objects, oidc, sagemaker
from trifold.local.aws.provider.functions import FUNCTIONS
from trifold.local.aws.provider.lookups import LOOKUPS
from trifold.local.aws.provider.session import Session
from trifold.local.rules import rules
from trifold.protocol.declaration import Values
from trifold.protocol.declared import DeclaredProvider

TYPES = (
    *buckets.TYPES,
    *objects.TYPES,
    *iam.TYPES,
    *oidc.TYPES,
    *ecr.TYPES,
    *logs.TYPES,
    *sagemaker.TYPES,
    *autoscaling.TYPES,
    *budgets.TYPES,
)
DOCUMENTS = ("policy", "assumeRolePolicy")


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
    return DeclaredProvider(
        name="aws",
        version=version("pulumi-aws"),
        types=TYPES,
        make_session=Session,
        functions=(*FUNCTIONS, *LOOKUPS),
        configuration="pulumi_aws.provider:ProviderArgs",
        rules=rules,
        normalise=normalise,
        title="the local AWS provider",
    )
