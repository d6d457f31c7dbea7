"""The parts of a declared provider: differences, names, checks against the official SDKs' classes, configuration."""

import pytest

from trifold.protocol.check import check_inputs
from trifold.protocol.configuration import unpack
from trifold.protocol.declaration import Autoname, InvalidInputs
from trifold.protocol.diff import Rules, compare
from trifold.protocol.naming import BRIDGED, CREATE_FIRST, NATIVE, Request, fill_name
from trifold.protocol.project import project
from trifold.protocol.secrets import rewrap
from trifold.protocol.values import Asset, Secret

BUCKET = "pulumi_aws.s3.bucket:BucketArgs"


def test_a_rule_with_elements_replaces_only_for_what_it_names():
    rules = Rules(replace=("rules[*].port",))
    old = {"rules": [{"port": 1, "note": "a"}]}
    assert compare(old, {"rules": [{"port": 1, "note": "b"}]}, rules).keys == ()
    difference = compare(old, {"rules": [{"port": 2, "note": "b"}]}, rules)
    assert difference.keys == ("rules",) and difference.replacing == {"rules[0].port"}


def test_presence_rules_replace_when_a_block_comes_or_goes():
    rules = Rules(presence=("block",))
    assert compare({"block": {"a": 1}}, {"block": {"a": 2}}, rules).keys == ()
    assert compare({}, {"block": {"a": 2}}, rules).keys == ("block",)


def test_without_rules_every_change_may_replace():
    assert dict(compare({"a": 1}, {"a": 2}, None).doubtful) == {"a": "this type is not covered by the facts"}


def test_assets_differ_by_content():
    assert compare({"a": Asset("text", "x", "11")}, {"a": Asset("path", "y", "11")}, Rules()).paths == {}
    assert compare({"a": Asset("text", "x")}, {"a": Asset("text", "y")}, Rules()).paths == {"a": "UPDATE"}


def test_keys_that_are_no_identifiers_are_quoted():
    assert compare({"tags": {"a.b": 1}}, {"tags": {"a.b": 2}}, Rules()).paths == {'tags["a.b"]': "UPDATE"}


@pytest.mark.parametrize(("style", "expected"), [(BRIDGED, "models-"), (NATIVE, "models")])
def test_names_are_made_as_the_family_does(style, expected):
    news: dict = {}
    fill_name(Autoname("bucket", 63, lower=True), style, Request("Models", b"seed"), {}, news)
    assert news["bucket"].startswith(expected) and len(news["bucket"]) == len(expected) + style.digits
    assert (CREATE_FIRST in news) == style.native


def test_a_long_name_is_cut_before_the_random_digits():
    news: dict = {}
    fill_name(Autoname("name", 12), BRIDGED, Request("a-very-long-name", b"seed"), {}, news)
    assert len(news["name"]) == 12 and news["name"].startswith("a-ve-")


def test_automatic_naming_that_is_off_asks_for_a_name():
    with pytest.raises(InvalidInputs, match="name: is required: automatic naming is off"):
        fill_name(Autoname("name", 12), BRIDGED, Request("a", b"", "disable"), {}, {})


def test_the_sdks_own_class_says_what_is_an_input():
    assert check_inputs(BUCKET, {"bucket": "a", "tags": {"a": "b"}, "forceDestroy": "true"}) == []
    (failure,) = check_inputs(BUCKET, {"buckets": "a"})
    assert str(failure.reason) == "is not a property of BucketArgs; did you mean bucket?"


def test_nested_objects_are_checked_too():
    rules = [{"id": 1, "status": "on", "expirations": {}}]
    failures = check_inputs(
        "pulumi_aws.s3.bucket_lifecycle_configuration:BucketLifecycleConfigurationArgs", {"bucket": "a", "rules": rules}
    )
    assert [failure.property for failure in failures] == ["rules[0].expirations"]


def test_provider_inputs_are_json_in_text_but_for_text():
    given = {
        "region": "us-east-1",
        "skipMetadataApiCheck": "true",
        "defaultTags": '{"tags": {"a": "b"}}',
        "allowedAccountIds": '["123456789012"]',
        "version": "7.0.0",
        "token": Secret("1"),
    }
    assert unpack("pulumi_aws.provider:ProviderArgs", given) == {
        "region": "us-east-1",
        "skipMetadataApiCheck": True,
        "defaultTags": {"tags": {"a": "b"}},
        "allowedAccountIds": ["123456789012"],
        "token": "1",
    }


def test_drift_shows_only_in_what_the_program_set():
    found = {"bucket": "a", "tags": {"a": "b", "c": "d"}, "region": "us-east-1"}
    assert project(BUCKET, found, {"bucket": "a", "tags": {"a": "b"}}) == {"bucket": "a", "tags": {"a": "b", "c": "d"}}


def test_short_secrets_are_covered_where_they_were_and_long_ones_everywhere():
    known = {"flag": Secret("true"), "key": {"inner": [Secret("a long secret")]}}
    found = rewrap({"flag": "true", "other": "true", "key": {"inner": ["x"]}, "copy": "a long secret"}, known)
    assert found == {
        "flag": Secret("true"),
        "other": "true",
        "key": {"inner": [Secret("x")]},
        "copy": Secret("a long secret"),
    }
