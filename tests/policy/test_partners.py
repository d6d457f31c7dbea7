"""Which settings belong to which bucket, where names are known and where they are not."""

from typing import Any

import pytest

from tests.policy.cases import BLOCK, BLOCKED, BUCKET, SETTINGS
from trifold.policy.check import findings
from trifold.policy.resource import UNKNOWN, Preview, Resource
from trifold.policy.rule import Context
from trifold.policy.rules import all_rules

(RULE,) = (rule for rule in all_rules() if rule.id == "storage-public-access")
NAME = {"known": "b", "unknown": UNKNOWN, "absent": None}


def made(type: str, name: str, bucket: Any, parent: str = "", **inputs: Any) -> Resource:
    given = {**inputs, **({} if bucket is None else {"bucket": bucket})}
    return Resource(f"urn:pulumi:s::p::{parent}{type}::{name}", type, name, given)


def open_buckets(*resources: Resource, absent: int = 0) -> list[tuple[str, str]]:
    context = Context(Preview(resources, absent), SETTINGS)
    return [(one.name, one.kind) for each in resources for one in findings(each, [RULE], context)]


@pytest.mark.parametrize("bucket", NAME)
def test_the_only_block_is_the_only_buckets(bucket):
    """Most programs name a bucket by its id, which nobody knows before it is up, even where its name is known."""
    one, block = made(BUCKET, "one", NAME[bucket]), made(BLOCK, "block", UNKNOWN, **BLOCKED)
    assert open_buckets(one, block) == []
    assert open_buckets(one) == [("one", "violation")]


def test_of_two_buckets_the_one_of_the_same_component_has_it():
    one, other = made(BUCKET, "one", None, "my:own:A$"), made(BUCKET, "other", None, "my:own:B$")
    assert open_buckets(one, other, made(BLOCK, "block", UNKNOWN, "my:own:A$", **BLOCKED)) == [("other", "violation")]


def test_a_block_that_names_another_bucket_is_not_this_ones():
    one, other = made(BUCKET, "one", "b"), made(BUCKET, "other", "c")
    assert open_buckets(one, other, made(BLOCK, "block", "b", **BLOCKED)) == [("other", "violation")]
    # One that nobody can place yet can only be of the bucket that no other names.
    assert open_buckets(one, other, made(BLOCK, "block", "b", **BLOCKED), made(BLOCK, "more", UNKNOWN, **BLOCKED)) == []


def test_as_many_blocks_as_buckets_are_enough_and_fewer_leave_it_open():
    buckets = [made(BUCKET, name, name) for name in "ab"]
    blocks = [made(BLOCK, f"block-{name}", UNKNOWN, **BLOCKED) for name in "ab"]
    assert open_buckets(*buckets, *blocks) == []
    assert open_buckets(*buckets, blocks[0]) == [("a", "note"), ("b", "note")]


def test_what_a_digest_does_not_show_is_not_taken_for_missing():
    assert open_buckets(made(BUCKET, "one", "b"), absent=3) == [("one", "note")]
