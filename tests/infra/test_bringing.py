"""What a stack brings along: read as it is meant, or refused with its key, what is wrong and what it looks like."""

import json

import pytest

from infra import settings
from infra.brought import Brought, Existing
from infra.errors import SettingsError, UnsupportedCapability
from infra.package import PackageRef
from tests.conformance import brought, rig

PACKAGE = PackageRef("flights", "f" * 64, rig.ROOT, rig.ROOT)
ELSEWHERE = {"aws": ("us-east-1", "eu-west-1"), "gcp": ("us-central1", "europe-west1")}
OTHERS = {
    "aws": ("000000000000", "123456789012"),
    "azure": ("-0000000000aa", "-0000000000bb"),
    "gcp": ("local", "other"),
}


@pytest.fixture
def read(tmp_path):
    """read(cloud, existing=...) -> Settings of the cloud's own stack file with these added."""

    def read_with(cloud, **changes):
        given = {**rig.configuration(cloud), **brought.file(**changes)}
        return settings.read(given, "trifold", cloud, tmp_path, tmp_path, find=lambda *_: PACKAGE)

    return read_with


def refusal(read, cloud, **changes):
    """The text of the refusal."""
    with pytest.raises(SettingsError) as caught:
        read(cloud, **changes)
    assert f"Pulumi.{cloud}.yaml" in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("cloud", rig.CLOUDS)
def test_who_brings_nothing_gets_all_made(read, cloud):
    found = read(cloud)
    assert found.brought == Brought() and found.tags("storage").keys() == {"project", "stack", "capability"}


@pytest.mark.parametrize("cloud", rig.CLOUDS)
def test_all_that_a_cloud_has_can_be_brought(read, cloud):
    parts = {
        part: id for part, id in brought.EXISTING[cloud].items() if part not in ("vault", "logs") or cloud == "aws"
    }
    network, key = brought.trusting(brought.NETWORKS[cloud], cloud), brought.KEYS[cloud]
    found = read(cloud, existing=parts, network=network, key=key, tags=brought.TAGS[cloud])
    assert found.brought.existing == Existing(**parts) and found.brought.key == key
    assert found.brought.network.network == network["network"] and found.brought.network.made
    assert found.brought.network.trusted == (brought.TRUSTED[cloud],)
    assert brought.TAGS[cloud].items() < found.tags("storage").items()


@pytest.mark.parametrize("cloud", rig.CLOUDS)
def test_a_network_may_have_its_private_endpoints(read, cloud):
    assert not read(cloud, network=brought.CONNECTED[cloud]).brought.network.made


@pytest.mark.parametrize("part", brought.PARTS)
@pytest.mark.parametrize("cloud", rig.CLOUDS)
def test_an_id_of_the_wrong_shape_is_shown_a_right_one(read, cloud, part):
    if part in brought.EXISTING[cloud]:
        told = refusal(read, cloud, existing={part: "Not One!"})
        assert f"trifold:existing.{part}: 'Not One!' is none; it looks like " in told and "https://" in told
    else:
        with pytest.raises(UnsupportedCapability, match="https://"):
            read(cloud, existing={part: "anything"})


@pytest.mark.parametrize("cloud", OTHERS)
def test_a_part_of_another_account_is_refused(read, cloud):
    mine, other = OTHERS[cloud]
    named = {
        part: id for part, id in brought.EXISTING[cloud].items() if mine in id and (cloud, part) != ("azure", "logs")
    }
    for part, id in named.items():
        assert f"trifold:existing.{part}: " in refusal(read, cloud, existing={part: id.replace(mine, other)})
        assert read(cloud, existing={part: id})


@pytest.mark.parametrize("cloud", ELSEWHERE)
def test_what_lies_in_another_region_is_refused(read, cloud):
    here, there = ELSEWHERE[cloud]
    registry, key = brought.EXISTING[cloud]["registry"], brought.KEYS[cloud]
    told = refusal(read, cloud, existing={"registry": registry.replace(here, there)}, key=key.replace(here, there))
    assert f"trifold:existing.registry: '{registry.replace(here, there)}' is of region {there}" in told
    assert f"trifold:key: '{key.replace(here, there)}' is of region {there}, and the stack is of {here}" in told


AWS, AZURE, GCP = (brought.NETWORKS[cloud] for cloud in rig.CLOUDS)
ZONE = f"{brought.EXISTING['azure']['home']}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"
REFUSED = [
    ("aws", {"existing": []}, "existing: must be an object with any of home, registry"),
    ("aws", {"existing": {"bucket": "x"}}, "existing.bucket: is not a setting on AWS; allowed: home, registry, store"),
    (
        "aws",
        {"existing": {"logs": brought.EXISTING["aws"]["logs"] + "-other"}},
        "existing.logs: SageMaker logs this stack's endpoint to /aws/sagemaker/Endpoints/trifold-aws, and nowhere",
    ),
    ("aws", {"key": "alias/models"}, "key: 'alias/models' is none; it looks like arn:aws:kms"),
    ("aws", {"network": {**AWS, "network": "vpc-1"}}, "network.network: 'vpc-1' is none; it looks like vpc-0123"),
    ("aws", {"network": {**AWS, "subnets": AWS["subnets"][:1]}}, "network.subnets: are 1, not 2 to 16"),
    ("aws", {"network": {**AWS, "securityGroups": []}}, "network.securityGroups: are 0, not 1 to 5"),
    (
        "aws",
        {"network": {**AWS, "routeTables": []}},
        "network.routeTables: are required: S3's endpoint is one of routes",
    ),
    ("aws", {"network": {**AWS, "endpoints": "existing"}}, "network.routeTables: do nothing with network.endpoints"),
    ("aws", {"network": {**AWS, "endpoints": "some"}}, "network.endpoints: 'some' is neither; allowed: make, existing"),
    ("aws", {"network": {**AWS, "zones": {}}}, "network.zones: is not a setting on AWS"),
    ("aws", {"network": {**AWS, "trusted": ["*"]}}, "network.trusted: '*' is none; it looks like arn:aws:iam"),
    ("aws", {"role": {"path": "team"}}, "role.path: 'team' is none; it looks like /team/"),
    ("aws", {"role": {"boundary": "x"}}, "role.boundary: is not a setting on AWS; allowed: path, permissionsBoundary"),
    (
        "aws",
        {"role": {"permissionsBoundary": "arn:aws:iam::123456789012:policy/b"}},
        "role.permissionsBoundary: 'arn:aws:iam::123456789012:policy/b' is of account 123456789012",
    ),
    ("aws", {"tags": {"aws:mine": "x"}}, "tags.aws:mine: is no name of a tag there"),
    ("aws", {"tags": {"Stack": "x"}}, "tags.Stack: is the kit's own; those are project, stack, capability"),
    ("aws", {"tags": {f"t{n}": "x" for n in range(41)}}, "tags: are 41, and the kit's own come to them; at most 40"),
    ("azure", {"role": {"path": "/team/"}}, "role: is for AWS only"),
    (
        "azure",
        {"existing": {part: brought.EXISTING["azure"][part] for part in ("workspace", "vault")}},
        "existing.vault: does nothing beside existing.workspace, which has its own",
    ),
    ("azure", {"network": {**AZURE, "subnets": []}}, "network.subnets: is required: private endpoints lie in it"),
    (
        "azure",
        {"network": {**AZURE, "subnets": [AZURE["subnets"][0].replace("/hub/", "/other/")]}},
        "is none of network.network",
    ),
    ("azure", {"network": {**AZURE, "trusted": ["10.0.0.0/8"]}}, "network.trusted: '10.0.0.0/8' is no public range"),
    ("azure", {"network": {**AZURE, "trusted": ["20.42.0.1/32"]}}, "network.trusted: '20.42.0.1/32' is none"),
    (
        "azure",
        {"network": {**AZURE, "zones": {"privatelink.azurecr.io": ZONE}}},
        "network.zones: must name all of privatelink.api.azureml.ms,",
    ),
    ("azure", {"tags": {"a/b": "x"}}, "tags.a/b: is no name of a tag there"),
    ("gcp", {"network": {**GCP, "subnets": ["x"]}}, "network.subnets: is not a setting on Google Cloud"),
    ("gcp", {"tags": {"CostCenter": "x"}}, "tags.CostCenter: is no name of a tag there"),
    ("gcp", {"tags": {"cost-center": "R&D"}}, "tags.cost-center: 'R&D' is no value of a tag there"),
]


@pytest.mark.parametrize(
    ("cloud", "changes", "message"), REFUSED, ids=[f"{one[0]}-{number}" for number, one in enumerate(REFUSED)]
)
def test_what_does_not_fit_is_refused(read, cloud, changes, message):
    assert message in refusal(read, cloud, **changes)


def test_a_string_that_is_no_json_is_no_object(read):
    assert "trifold:tags: must be an object: name -> value" in refusal(read, "gcp", tags="CostCenter")
    assert read("gcp", tags=json.dumps({"cost-center": "rd"})).mandatory == {"cost-center": "rd"}
