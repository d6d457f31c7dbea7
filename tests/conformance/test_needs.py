"""The table of needs has a row for whatever a stack registers or looks up, whatever its settings turn on."""

import pytest

from infra import needed
from infra.naming import Names
from infra.settings import read
from tests.conformance import brought
from tests.conformance.rig import ROOT, configuration
from tests.conformance.test_budget import TOLD
from trifold.cli.doctor import features_of
from trifold.facts.needs import FEATURES, NEEDS, needs

# Types whose rights are among those of another's row.
AMONG = {
    **dict.fromkeys(
        (
            *("aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
            *("aws:s3/bucketVersioning:BucketVersioning",),
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        ),
        ("aws:s3/bucket:Bucket",),
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": ("aws:ecr/repository:Repository",),
    "aws:iam/rolePolicy:RolePolicy": ("aws:iam/role:Role", "aws:iam/getRole:getRole"),
    "trifold:sagemaker:EndpointRollout": ("aws:sagemaker/endpoint:Endpoint",),
    **dict.fromkeys(
        ("trifold:azureml:EndpointTraffic", "azure-native:machinelearningservices:getOnlineEndpoint"),
        ("azure-native:machinelearningservices:OnlineEndpoint",),
    ),
    "trifold:gcpservices:ServicesInUse": ("gcp:projects/service:Service",),
    "gcp:storage/bucketIAMMember:BucketIAMMember": ("gcp:storage/bucket:Bucket", "gcp:storage/getBucket:getBucket"),
}
# Who the provider is takes no right, or that to the project's number.
WHO = ("getCallerIdentity", "getClientConfig", "getProject", "getClientOpenIdUserInfo")


def settings(cloud):
    """What turns on each feature: {what it is called: changes of the stack file}."""
    scaled = {"trifold:maximum": "2", "trifold:budget": "900"}
    return {
        "plain": {},
        # SageMaker scales no burstable instances.
        "scaled": {**scaled, "trifold:size": "ml.m5.large"} if cloud == "aws" else scaled,
        "told": TOLD[cloud],
        "enclosed": brought.file(network=brought.NETWORKS[cloud], key=brought.KEYS[cloud]),
        "connected": brought.file(network=brought.CONNECTED[cloud]),
        **{f"existing {part}": brought.file(existing={part: id}) for part, id in brought.EXISTING[cloud].items()},
    }


def understood(cloud, packages, changes):
    """A stack file with these changes, as `doctor` reads it."""
    return read({**configuration(cloud), **changes}, "trifold", cloud, ROOT, packages)


def turned_on(cloud, packages, changes):
    return features_of(understood(cloud, packages, changes))


@pytest.mark.parametrize("which", ["plain", "scaled", "told", "enclosed", "connected", "existing"])
def test_whatever_is_registered_or_looked_up_has_its_row(record, packages, cloud, which):
    for name, changes in settings(cloud).items():
        if name.partition(" ")[0] == which:
            found = record(changes)
            assert found.error == ""
            rows = {type.partition(" (")[0] for type in needs(cloud, turned_on(cloud, packages, changes))}
            asked = {one.type for one in found.custom} | {one["token"] for one in found.invokes}
            asked = {one for one in asked if one.rpartition(":")[2] not in WHO}
            assert {one for one in asked if not rows & {one, *AMONG.get(one, ())}} == set(), name


def test_no_row_is_of_what_nothing_registers(record, packages, cloud):
    found = [record(changes) for changes in settings(cloud).values()]
    asked = {one.type for each in found for one in each.custom} | {
        one["token"] for each in found for one in each.invokes
    }
    rows = {type.partition(" (")[0] for type in NEEDS[cloud]}
    assert rows <= asked


def test_each_row_is_of_a_feature_that_settings_turn_on(cloud, packages):
    known = {feature for need in NEEDS[cloud].values() for feature in (need.when, *need.unless) if feature}
    assert known <= set(FEATURES)
    on = {one for changes in settings(cloud).values() for one in turned_on(cloud, packages, changes)}
    assert known - {"ephemeral", "role.boundary"} <= on


def test_every_place_of_a_row_is_one_of_the_stacks(cloud, packages):
    for changes in settings(cloud).values():
        one = understood(cloud, packages, changes)
        names = Names(cloud, "trifold", cloud, one.account, one.region)
        places = needed.places(names, one.brought, one.billing_account)
        for type, need in needs(cloud, features_of(one)).items():
            assert need.targets(places) or "{routes}" in need.on, type
