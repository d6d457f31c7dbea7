"""The settings of the program that makes identities, and the table they are made from."""

import pytest

from infra import access
from infra.capabilities.access import GITHUB
from infra.errors import SettingsError
from trifold.facts.needs import NEEDS, actions

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
    ],
)
def test_a_wrong_setting_is_named(key, value, said):
    with pytest.raises(SettingsError) as caught:
        access.read({**GOOD, key: value}, "pipeline")
    assert said in str(caught.value.what)


@pytest.mark.parametrize("cloud", NEEDS)
def test_who_previews_may_do_a_part_of_what_who_deploys_may(cloud):
    all_of_it, reading = set(actions(cloud)), set(actions(cloud, reading=True))
    assert reading and reading < all_of_it
    changing = ("Put", "Create", "Delete", "write", "delete", "create", "update", "Keys", "PassRole", "actAs", "assign")
    # "deletedVaults" names what is read.
    assert not [one for one in reading if any(word in one.replace("deletedVaults", "") for word in changing)]
    assert [one for one in all_of_it - reading if any(word in one for word in changing)]
