"""The identities of a stack whose settings turn on more: enough for that too, and nothing more."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.naming import Names
from tests.conformance import brought
from tests.local.aws import working
from tests.local.aws.conftest import Cloud, separate
from tests.local.aws.test_access import denied, taking, whole_life
from tests.local.aws.working import AwsStack
from trifold.facts.grants import deploying
from trifold.facts.needs import FEATURES, NEEDS
from trifold.local.aws.cloud import ACCOUNT, REGION, USER_ARN

GROUP = "/aws/sagemaker/Endpoints/trifold-brings"
PARTS = {**brought.EXISTING["aws"], "logs": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}"}
# Which features a stack turns on by each of these; SageMaker scales no burstable instances.
ON = {
    "much": ("scaling", "budget", "network"),
    "brings": tuple(f"existing.{part}" for part in PARTS),
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    },
}
RIGHTS = [
    (name, type, one.action, both)
    for name, features in ON.items()
    for feature in features
    for type, one, both in deploying("aws", feature)
    if not NEEDS["aws"][type].untried
]


def settings(name: str) -> dict[str, Any]:
    """What the stack says and the access program too."""
    if name == "brings":
        return {"trifold:existing": PARTS}
    # A pipeline is outside the network, and so is who takes away what a test leaves.
    names = Names("aws", "trifold", name, ACCOUNT, REGION)
    trusted = [f"arn:aws:iam::{ACCOUNT}:role/{names('role', kind)}" for kind in ("deploy", "preview")]
    return {"trifold:network": {**brought.CONNECTED["aws"], "trusted": [*trusted, USER_ARN]}}


def said(name: str) -> dict[str, Any]:
    """What the stack says beside that."""
    more = {"trifold:maximum": "2", "trifold:size": "ml.m5.large", "trifold:budget": "900"}
    return {**settings(name), **({**more, "trifold:budgetEmail": "somebody@example.com"} if name == "much" else {})}


@dataclass(frozen=True)
class Account:
    """A local AWS with the roles of one stack, by what they are for: an account has one provider of an issuer."""

    cloud: Cloud
    name: str
    roles: dict[str, str]

    def role(self, kind: str) -> Cloud:
        return working.assumed(self.cloud, self.roles[kind])


@pytest.fixture(scope="module", params=ON)
def account(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with separate(tmp_path_factory.mktemp("api"), hostile=False) as cloud:
        prepared(cloud)
        features = {"trifold:features": ["scaling", "budget"]} if request.param == "much" else {}
        roles = working.identities(cloud, request.param, {**settings(request.param), **features})
        yield Account(cloud, request.param, roles)


def prepared(cloud: Cloud) -> None:
    """What a platform team has made."""
    working.client(cloud, "ecr").create_repository(repositoryName="team/trifold-serving")
    working.client(cloud, "logs").create_log_group(logGroupName=GROUP)
    working.client(cloud, "iam").create_role(
        Path="/team/", RoleName="endpoints", AssumeRolePolicyDocument=json.dumps(TRUST)
    )
    s3 = working.client(cloud, "s3")
    s3.create_bucket(Bucket=PARTS["store"])
    s3.put_bucket_versioning(Bucket=PARTS["store"], VersioningConfiguration={"Status": "Enabled"})


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return working.package(tmp_path_factory.mktemp("state"))


@pytest.fixture
def stack(account: Account, state: Path) -> Iterator[AwsStack]:
    with working.stack(account.cloud, state, account.name, said(account.name)) as made:
        yield made
        made.as_who(account.cloud)
        assert made.destroy()


def test_it_is_deployed_by_one_and_previewed_by_the_other(account: Account, stack: AwsStack) -> None:
    deploys, previews = account.role("deploy"), account.role("preview")
    assert whole_life(stack, deploys) == ""
    assert stack.as_who(deploys).up()
    assert not stack.as_who(previews).preview(refresh=True).changed
    assert stack.as_who(deploys).destroy()


def test_each_row_that_is_to_be_tried_is_tried_here() -> None:
    tried = {(type, action) for _, type, action, _ in RIGHTS}
    rows = {(type, one.action) for feature in FEATURES for type, one, _ in deploying("aws", feature)}
    assert {one for one in rows if not NEEDS["aws"][one[0]].untried} == tried


def each(kind: str) -> pytest.MarkDecorator:
    """Each right of who deploys or previews, in the account of the stack that needs it."""
    of_it = [one for one in RIGHTS if one[3] or kind == "deploy"]
    names = [f"{action} {type}" for _, type, action, _ in of_it]
    return pytest.mark.parametrize(
        ("account", "type", "action"), [one[:3] for one in of_it], ids=names, indirect=["account"]
    )


@pytest.mark.soak
@each("deploy")
def test_who_deploys_is_denied_without_one_of_its_rights(
    account: Account, stack: AwsStack, type: str, action: str
) -> None:
    with taking(account.cloud, account.roles) as take:
        told = whole_life(stack, take("deploy", type, action))
    assert denied(told, action), told or "nothing failed: it is too much"


@pytest.mark.soak
@each("preview")
def test_who_previews_is_denied_without_one_of_its_rights(
    account: Account, stack: AwsStack, type: str, action: str
) -> None:
    assert stack.as_who(account.cloud).up()
    with taking(account.cloud, account.roles) as take:
        told = stack.as_who(take("preview", type, action)).preview(refresh=True)
    assert denied(f"{told.error}\n{told}", action), told
