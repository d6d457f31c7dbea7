"""Explicit names hold every cloud's rules, whatever the stack is called, and never meet."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.naming import RULES, Names
from infra.tags import LONGEST, tags

KINDS = [(cloud, kind) for cloud, rules in RULES.items() for kind in rules]
# What Pulumi allows as a stack's or a project's name, up to its longest.
legal = st.from_regex(r"[A-Za-z0-9_.-]{1,100}", fullmatch=True)
LONGEST_STACK = "Q" * 100
VERSION = "0123456789ab"


def names(cloud, stack="dev", project="trifold", account="123456789012", region="here"):
    return Names(cloud, project, stack, account, region)


@pytest.mark.parametrize(("cloud", "kind"), KINDS)
@given(stack=legal, project=legal, versioned=st.booleans())
def test_a_name_is_legal_whatever_the_stack_is_called(cloud, kind, stack, project, versioned):
    rule = RULES[cloud][kind]
    made = names(cloud, stack, project)(kind, "models", VERSION if versioned else "")
    alphabet = "[a-z0-9-]" if rule.separator else "[a-z0-9]"
    assert re.fullmatch(f"[a-z]{alphabet}*[a-z0-9]", made) and "--" not in made
    assert rule.shortest <= len(made) <= rule.longest
    assert "goog" not in made
    assert not versioned or made.endswith(VERSION)


@pytest.mark.parametrize(("cloud", "kind"), KINDS)
@given(stacks=st.lists(legal, min_size=2, max_size=2, unique=True))
def test_two_stacks_never_get_one_name(cloud, kind, stacks):
    one, other = (names(cloud, stack)(kind, "models") for stack in stacks)
    assert one != other


@given(cut=st.integers(1, 9), text=st.just("aa-bb-cc-d"))
def test_a_dash_moves_no_name_from_one_project_to_another(cut, text):
    whole = {names("aws", text[i + 1 :], text[:i])("endpoint") for i in (2, 5)}
    assert len(whole) == 2


@pytest.mark.parametrize(("cloud", "kind"), [pair for pair in KINDS if RULES[pair[0]][pair[1]].shared])
def test_what_is_shared_between_accounts_differs_by_account_and_region(cloud, kind):
    made = {
        names(cloud, stack, account=account, region=region)(kind, "models")
        for stack in ("dev", LONGEST_STACK)
        for account in ("111111111111", "222222222222")
        for region in ("here", "there")
    }
    assert len(made) == 8


def test_a_name_is_the_same_in_every_run():
    assert names("aws")("bucket", "models") == "trifold-dev-models-af7512"
    assert names("aws")("endpoint") == "trifold-dev"
    assert names("gcp").number("endpoint") == "1311801336"


@given(stack=legal)
def test_a_number_has_ten_digits_and_no_leading_zero(stack):
    assert re.fullmatch(r"[1-9]\d{9}", names("gcp", stack).number("endpoint"))


@given(project=legal, stack=legal)
def test_tags_are_within_the_narrowest_rules(project, stack):
    for key, value in tags(project, stack, "storage").items():
        assert re.fullmatch(r"[a-z]+", key)
        assert re.fullmatch(r"[a-z0-9_-]*", value) and len(value) <= LONGEST


@given(stacks=st.lists(legal, min_size=2, max_size=2, unique=True))
def test_two_stacks_never_get_one_tag(stacks):
    one, other = (tags("p", stack, "storage")["stack"] for stack in stacks)
    assert one != other


@given(project=legal, stack=legal, role=legal, version=st.sampled_from(["", "0123456789abcdef"]))
def test_what_names_begin_with_is_known_without_their_role_and_version(project, stack, role, version):
    made = Names("aws", project, stack, "000000000000", "us-east-1")
    for kind in ("model", "configuration"):
        assert made(kind, role, version).startswith(made.beginning(kind))
