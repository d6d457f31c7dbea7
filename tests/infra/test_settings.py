"""A stack's settings: what is wrong is named, with its key, the stack's file and what is allowed, all at once."""

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from infra import settings
from infra.errors import SettingsError
from infra.offers import OFFERS

IMAGE = "trifold-serving@sha256:" + "a" * 64
GOOD = {
    "trifold:cloud": "aws",
    "trifold:account": "000000000000",
    "aws:region": "us-east-1",
    "trifold:package": "flights",
    "trifold:image": IMAGE,
    "trifold:size": "ml.m5.large",
    "trifold:budget": "100",
}


@pytest.fixture
def read(tmp_path):
    """read(**changes) -> Settings; a key that is None is left out."""
    for name, digit in (("flights", "1"), ("digits", "2")):
        home = tmp_path / "packages" / name / (digit * 64)
        (home / "package").mkdir(parents=True)
        (home / "package" / "manifest.json").write_text(json.dumps({"name": name, "digest": digit * 64}))
        (home / "model.tar.gz").write_bytes(b"")
        (home.parent / "current").symlink_to(digit * 64)

    def read_with(changes):
        given = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
        return settings.read(given, "trifold", "prod-aws", tmp_path, tmp_path)

    return read_with


def test_the_defaults_are_one_variant_of_one_instance(read):
    found = read({})
    (variant,) = found.variants
    assert (variant.name, variant.weight, variant.count, variant.autoscaled) == ("main", 100, 1, False)
    assert (found.cloud, found.region, found.ephemeral) == ("aws", "us-east-1", False)
    assert found.package.digest == "1" * 64 and found.package.archive.is_file()


def test_a_package_may_be_given_by_its_folder(read):
    assert read({"trifold:package": "./packages/digits/current"}).package.name == "digits"


def test_variants_change_the_default_one(read):
    given = {"blue": {"weight": 90}, "green": {"weight": 10, "package": "digits", "maximum": 3}}
    blue, green = read({"trifold:variants": json.dumps(given)}).variants
    assert (blue.weight, blue.package.name, blue.size) == (90, "flights", "ml.m5.large")
    assert (green.weight, green.package.name, green.maximum, green.autoscaled) == (10, "digits", 3, True)


WRONG = [
    ({"trifold:sise": "x"}, "trifold:sise: is not a setting; did you mean trifold:size? allowed: cloud, account,"),
    ({"trifold:cloud": "ibm"}, "trifold:cloud: 'ibm' is not allowed; allowed: aws, azure, gcp"),
    ({"trifold:cloud": None}, "trifold:cloud: is required; allowed: aws, azure, gcp"),
    ({"trifold:account": "12"}, "trifold:account: '12' is no account id; it looks like 123456789012"),
    ({"trifold:account": None}, "trifold:account: is required: the account to pin; it looks like 123456789012"),
    (
        {"aws:region": "us-east-9"},
        "aws:region: 'us-east-9' is not allowed; did you mean us-east-2? allowed: us-east-1,",
    ),
    ({"aws:region": None}, "aws:region: is required; allowed: us-east-1,"),
    ({"trifold:size": "ml.huge"}, "trifold:size: 'ml.huge' is not allowed; allowed: ml.t2.medium,"),
    ({"trifold:image": "trifold-serving:latest"}, "trifold:image: 'trifold-serving:latest' is not pinned by digest"),
    ({"trifold:package": "trains"}, "trifold:package: the package 'trains' is not there: manifest.json is missing"),
    ({"trifold:count": "many"}, "trifold:count: 'many' is not a whole number from 1 to 100"),
    ({"trifold:count": "0"}, "trifold:count: '0' is not a whole number from 1 to 100"),
    ({"trifold:requestTimeout": "61"}, "trifold:requestTimeout: '61' is not a whole number from 1 to 60"),
    (
        {"trifold:onDestroy": "burn"},
        "trifold:onDestroy: must be keep, delete, or an object with any of storage",
    ),
    (
        {"trifold:onDestroy": '{"vault": "keep"}'},
        "trifold:onDestroy.vault: is no data store; allowed: storage",
    ),
    ({"trifold:onDestroy": '{"storage": "maybe"}'}, "trifold:onDestroy.storage: 'maybe' is neither; allowed: keep, d"),
    (
        {"trifold:onDestroy": "keep", "trifold:ephemeral": "true"},
        "trifold:onDestroy.storage: cannot be kept: trifold:ephemeral: true deletes every store",
    ),
    ({"trifold:ephemeral": "maybe"}, "trifold:ephemeral: 'maybe' is neither; allowed: true, false"),
    ({"trifold:count": "2", "trifold:maximum": "1"}, "trifold:maximum: the count 2 is not within its bounds, 2 to 1"),
    (
        {"trifold:size": "ml.t2.medium", "trifold:maximum": "2"},
        "trifold:maximum: ml.t2.medium cannot be scaled by load",
    ),
    ({"trifold:variants": "[1]"}, "trifold:variants: must be an object"),
    ({"trifold:variants": '{"a": {"weight": 1}}'}, "trifold:variants: the weights add up to 1, not to 100"),
    ({"trifold:variants": '{"A b": {"weight": 100}}'}, "trifold:variants.A b: is no name for a variant"),
    ({"trifold:variants": '{"a": {"weight": 100, "sise": 1}}'}, "trifold:variants.a.sise: is not a setting; allowed:"),
    ({"trifold:variants": '{"a": {"weight": 100, "size": "x"}}'}, "trifold:variants.a.size: 'x' is not allowed"),
    ({"trifold:variants": '{"a": 100}'}, "trifold:variants.a: must be an object with any of weight,"),
]


@pytest.mark.parametrize(
    ("changes", "message"), WRONG, ids=[message.split(":")[1] + str(n) for n, (_, message) in enumerate(WRONG)]
)
def test_a_wrong_setting_is_named_with_its_file_and_what_is_allowed(read, changes, message):
    with pytest.raises(SettingsError) as caught:
        read(changes)
    assert message in str(caught.value)
    assert "Pulumi.prod-aws.yaml" in str(caught.value)


def test_all_that_is_wrong_is_said_at_once(read):
    with pytest.raises(SettingsError, match="2 settings are wrong, nothing was changed"):
        read({"trifold:size": "x", "aws:region": "y"})


@given(value=st.text(max_size=30))
@example(value="~0")
@example(value="\x00")
def test_no_text_in_a_setting_is_a_traceback(tmp_path_factory, value):
    folder = tmp_path_factory.getbasetemp()
    for key in (*GOOD, "trifold:count", "trifold:variants", "trifold:ephemeral", f"trifold:{value}"):
        with pytest.raises(SettingsError):
            settings.read({**GOOD, key: value}, "trifold", "dev", folder, folder)


@pytest.mark.parametrize("cloud", OFFERS)
def test_the_stack_files_of_the_local_clouds_are_right(read, tmp_path, cloud, pytestconfig):
    text = (pytestconfig.rootpath / "stacks" / f"Pulumi.{cloud}.yaml").read_text()
    written = yaml.safe_load(text)["config"]
    given = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in written.items()}
    found = settings.read(given, "trifold", cloud, tmp_path, tmp_path)
    assert found.cloud == cloud and found.ephemeral and found.package.name == "flights"
    assert "encryptionsalt" not in text
