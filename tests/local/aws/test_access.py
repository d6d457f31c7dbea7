"""The identities that deploy and preview a stack: enough for that, and nothing more."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.local.aws import working
from tests.local.aws.conftest import Cloud, separate
from tests.local.aws.working import AwsStack
from trifold.facts.grants import deploying
from trifold.facts.needs import NEEDS

RIGHTS = [(type, one.action, both) for type, one, both in deploying("aws")]
READING = [(type, action) for type, action, both in RIGHTS if both]
# S3 says nothing of why to who asks for a head.
HEADS = {"s3:ListBucket": "HeadBucket", "s3:GetObject": "HeadObject"}


@pytest.fixture(scope="module")
def friendly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with separate(tmp_path_factory.mktemp("api"), hostile=False) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def roles(friendly: Cloud) -> dict[str, str]:
    return working.identities(friendly)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return working.package(tmp_path_factory.mktemp("state"))


@pytest.fixture
def stack(friendly: Cloud, state: Path) -> Iterator[AwsStack]:
    """The kit's stack; whatever a test leaves of it, the administrator takes away."""
    with working.stack(friendly, state) as made:
        yield made
        made.as_who(friendly)
        assert made.destroy()


def test_a_stack_is_deployed_by_one_and_previewed_by_the_other(
    friendly: Cloud, roles: dict[str, str], stack: AwsStack
) -> None:
    deploys, previews = (working.assumed(friendly, roles[kind]) for kind in ("deploy", "preview"))
    assert whole_life(stack, deploys) == ""
    assert stack.as_who(deploys).up()
    assert not stack.as_who(previews).preview(refresh=True).changed
    stack.config["trifold:keepVersionsDays"] = "7"
    refused = stack.up()
    assert "is not authorized to perform: s3:PutLifecycleConfiguration" in refused.error
    assert stack.as_who(deploys).destroy()


def whole_life(stack: AwsStack, who: Cloud) -> str:
    """All that who deploys does with a stack: why the first of it failed, "" if none did."""
    stack.as_who(who)
    for change, run in steps(stack):
        stack.config |= change
        result = run()
        if result.error:
            return f"{result.error}\n{result}"
    return ""


def steps(stack: AwsStack) -> Iterator[tuple[dict[str, str], Callable[[], object]]]:
    """It is made, its tags and its configuration change, it goes."""
    yield {"trifold:expires": "2099-12-31"}, stack.up
    stack.config.pop("trifold:expires")
    yield {}, stack.up
    yield {"trifold:count": "2"}, lambda: stack.up(refresh=True)
    yield {}, stack.destroy


@pytest.fixture
def without(friendly: Cloud, roles: dict[str, str]) -> Iterator[Callable[[str, str, str], Cloud]]:
    """without(kind, type, action) -> who has assumed the role, one right of which is taken away."""
    with taking(friendly, roles) as take:
        yield take


@contextmanager
def taking(cloud: Cloud, roles: dict[str, str]) -> Iterator[Callable[[str, str, str], Cloud]]:
    """The same of any roles; what was taken away is given back."""
    iam, kept = working.client(cloud, "iam"), {}

    def take(kind: str, type: str, action: str) -> Cloud:
        role = roles[kind].rpartition("/")[2]
        (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        kept["document"] = {"RoleName": role, "PolicyName": name, "PolicyDocument": json.dumps(document)}
        less = {**document, "Statement": list(lessened(document["Statement"], type, action))}
        assert less != document
        iam.put_role_policy(**{**kept["document"], "PolicyDocument": json.dumps(less)})
        return working.assumed(cloud, roles[kind])

    yield take
    iam.put_role_policy(**kept["document"])


def lessened(statements: list[dict], type: str, action: str) -> Iterator[dict]:
    """The statements without an action on what a type needs it on."""
    on = re.sub(r"\\{\w+\\}", ".+", re.escape(NEEDS["aws"][type].on))
    for one in statements:
        left = [each for each in one["Action"] if each != action or not re.fullmatch(on, one["Resource"])]
        if left:
            yield {**one, "Action": left}


def denied(said: str, action: str) -> bool:
    head = HEADS.get(action, "")
    return f"is not authorized to perform: {action}" in said or bool(head and "403" in said and head in said)


@pytest.mark.soak
@pytest.mark.parametrize(("type", "action"), [one[:2] for one in RIGHTS], ids=[f"{a} {t}" for t, a, _ in RIGHTS])
def test_who_deploys_is_denied_without_one_of_its_rights(without, stack: AwsStack, type: str, action: str) -> None:
    said = whole_life(stack, without("deploy", type, action))
    assert denied(said, action), said or "nothing failed: it is too much"


@pytest.mark.soak
@pytest.mark.parametrize(("type", "action"), READING, ids=[f"{a} {t}" for t, a in READING])
def test_who_previews_is_denied_without_one_of_its_rights(
    friendly: Cloud, without, stack: AwsStack, type: str, action: str
) -> None:
    assert stack.as_who(friendly).up()
    said = stack.as_who(without("preview", type, action)).preview(refresh=True)
    assert denied(f"{said.error}\n{said}", action), said
