"""The settings of the program that makes identities, and the table they are made from."""

import pytest

from infra import access
from infra.capabilities.access import GITHUB
from infra.errors import SettingsError
from trifold.facts.needs import FEATURES, NEEDS, actions

ISSUERS, HOST = "arn:aws:iam::000000000000:oidc-provider", "token.actions.githubusercontent.com"
GOOD = {
    "trifold:cloud": "aws",
    "trifold:account": "000000000000",
    "aws:region": "us-east-1",
    "trifold:stack": "prod-aws",
    "trifold:deploy": '["repo:me/mine:environment:prod"]',
    "trifold:preview": '["repo:me/mine:pull_request"]',
}


def test_what_is_left_out_is_the_kits_project_and_github():
    found = access.read(GOOD, "pipeline")
    assert (found.project, found.target, found.stack, found.trust.issuer) == ("trifold", "prod-aws", "pipeline", GITHUB)
    assert found.trust.deploy == ("repo:me/mine:environment:prod",)
    assert found.tags == {"project": "trifold", "stack": "prod-aws", "capability": "access"}


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("trifold:deploy", "[]", "trifold:deploy: is required"),
        ("trifold:deploy", "repo:me/mine", "trifold:deploy: must be a list of texts"),
        ("trifold:preview", "[1]", "trifold:preview: must be a list of texts"),
        ("trifold:principal", "[]", "did you mean trifold:principals?"),
        ("trifold:size", "ml.t2.medium", "trifold:size: is not a setting"),
        ("trifold:account", "12", "'12' is no account id"),
        ("trifold:features", '["scalling"]', "trifold:features: 'scalling' is not allowed; did you mean scaling?"),
        ("trifold:features", "scaling", "trifold:features: must be a list of texts"),
        ("trifold:key", "alias/team", "trifold:key: 'alias/team' is none; it looks like arn:aws:kms:"),
        (
            "trifold:issuerThere",
            "arn:aws:iam::000000000000:role/x",
            "trifold:issuerThere: 'arn:aws:iam::000000000000:role/x'",
        ),
        (
            "trifold:issuerThere",
            "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
            "of account",
        ),
        (
            "trifold:issuerThere",
            "arn:aws:iam::000000000000:oidc-provider/gitlab.com",
            "is not of https://token.actions",
        ),
        ("trifold:role", '{"paths": "/team/"}', "trifold:role.paths: is not a setting on AWS"),
    ],
)
def test_a_wrong_setting_is_named(key, value, said):
    with pytest.raises(SettingsError) as caught:
        access.read({**GOOD, key: value}, "pipeline")
    assert said in str(caught.value.what)


def test_a_stack_that_says_nothing_turns_nothing_on():
    assert access.read(GOOD, "pipeline").features == frozenset()


def test_features_are_named_or_follow_from_what_the_stack_brings_along():
    said = {"trifold:features": '["budget"]', "trifold:existing": '{"store": "team-models"}'}
    found = access.read({**GOOD, **said}, "pipeline")
    assert found.features == {"budget", "budget.email", "existing.store"}
    assert found.brought.existing.store == "team-models"


def test_a_log_group_is_that_of_the_target_and_not_of_the_pipeline():
    """SageMaker takes one name only, which is made of the stack's."""
    group = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/trifold-prod-aws"
    found = access.read({**GOOD, "trifold:existing": f'{{"logs": "{group}"}}'}, "pipeline")
    assert found.features == {"existing.logs"}


@pytest.mark.parametrize("cloud", NEEDS)
def test_who_previews_may_do_a_part_of_what_who_deploys_may(cloud):
    all_of_it, reading = (set(actions(cloud, FEATURES, reading=only)) for only in (False, True))
    assert reading and reading < all_of_it
    changing = (
        "Put",
        "Create",
        "Delete",
        "write",
        "delete",
        "create",
        "update",
        "listKeys",
        "PassRole",
        "actAs",
        "assign",
    )
    # "deletedVaults" names what is read.
    assert not [one for one in reading if any(word in one.replace("deletedVaults", "") for word in changing)]
    assert [one for one in all_of_it - reading if any(word in one for word in changing)]
