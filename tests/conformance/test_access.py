"""The identities that deploy and preview are given what their stack's settings call for, and nothing more."""

import json

import pytest

from tests.conformance import brought, rig
from tests.conformance.test_stack import aslist

PROGRAM = rig.ROOT / "access" / "__main__.py"
# What each says of its stack, and something that this takes of who deploys it.
CALLS = {
    "network": (
        lambda cloud: brought.file(network=brought.NETWORKS[cloud]),
        {
            "aws": "ec2:CreateVpcEndpoint",
            "azure": "Microsoft.Network/privateEndpoints/write",
            "gcp": "storage.buckets.setIpFilter",
        },
    ),
    "key": (
        lambda cloud: brought.file(key=brought.KEYS[cloud]),
        {"aws": "kms:CreateGrant", "azure": "Microsoft.KeyVault/vaults/keys/read", "gcp": "cloudkms.cryptoKeys.get"},
    ),
    "budget": (
        lambda cloud: brought.file(features=["budget"]),
        {
            "aws": "budgets:ModifyBudget",
            "azure": "Microsoft.Consumption/budgets/write",
            "gcp": "monitoring.notificationChannels.create",
        },
    ),
    "scaling": (
        lambda cloud: brought.file(features=["scaling"]),
        {
            "aws": "application-autoscaling:RegisterScalableTarget",
            "azure": "Microsoft.Insights/autoscaleSettings/write",
            "gcp": "",
        },
    ),
    "ephemeral": (
        lambda cloud: brought.file(features=["ephemeral"]),
        {"aws": "", "azure": "Microsoft.KeyVault/locations/deletedVaults/purge/action", "gcp": ""},
    ),
}
BOUNDARY = "arn:aws:iam::000000000000:policy/team-boundary"
# Of a role's inline policies, without spaces: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST = 10_240


@pytest.fixture
def access(record, cloud):
    """access({...}) -> the program that makes the identities, for a stack that says so."""

    def run(changes=None):
        file = rig.written(rig.ROOT / "access" / f"Pulumi.{cloud}.yaml") | {"trifold:features": "[]"}
        found = record(changes, program=PROGRAM, file=file)
        assert found.error == ""
        return found

    return run


def statements(recording, kind):
    """Those of an AWS role."""
    (policy,) = (one for one in recording.custom if one.name == f"access-{kind}-may")
    return json.loads(policy.inputs["policy"])["Statement"]


def given(recording, cloud, kind):
    """Every action of an identity."""
    if cloud == "aws":
        return {action for one in statements(recording, kind) for action in aslist(one["Action"])}
    if cloud == "azure":
        (role,) = (one for one in recording.custom if one.name == f"access-{kind}-role")
        return set(role.inputs["permissions"][0]["actions"])
    roles = recording.of("gcp:projects/iAMCustomRole:IAMCustomRole")
    return {action for one in roles if one.name.startswith(f"access-{kind}") for action in one.inputs["permissions"]}


@pytest.mark.parametrize("feature", CALLS)
def test_what_a_setting_calls_for_is_given_with_it_and_not_without(access, cloud, feature):
    changes, wanted = CALLS[feature]
    plain, more = (given(access(said), cloud, "deploy") for said in ({}, changes(cloud)))
    if wanted[cloud]:
        assert wanted[cloud] in more - plain
    else:
        assert more == plain


def test_who_previews_gets_what_reads_of_it(access, cloud):
    found = access(brought.file(network=brought.NETWORKS[cloud], key=brought.KEYS[cloud], features=["budget"]))
    reading = given(found, cloud, "preview") - given(access(), cloud, "preview")
    assert reading and reading < given(found, cloud, "deploy")
    verbs = {one.replace(":", "/").replace(".", "/").rpartition("/")[2] for one in reading}
    assert all(verb.startswith(("Get", "List", "Describe", "View", "get", "read")) for verb in verbs), verbs


def test_what_a_stack_brings_along_is_not_its_deployers_to_make(access, cloud):
    parts = {part: brought.EXISTING[cloud][part] for part in ("registry", "store", "identity")}
    less = given(access(), cloud, "deploy") - given(access(brought.file(existing=parts)), cloud, "deploy")
    made = {
        "aws": {"ecr:CreateRepository", "s3:CreateBucket", "iam:CreateRole"},
        "azure": {"Microsoft.ContainerRegistry/registries/write", "Microsoft.Storage/storageAccounts/write"},
        "gcp": {"artifactregistry.repositories.create", "storage.buckets.create", "iam.serviceAccounts.create"},
    }
    assert made[cloud] <= less


@pytest.mark.never("the others' roles name no single resource", clouds=("azure", "gcp"))
def test_it_is_given_on_what_the_settings_name(access, cloud):
    said = {"network": brought.NETWORKS["aws"], "key": brought.KEYS["aws"], "existing": brought.EXISTING["aws"]}
    found = statements(access(brought.file(**said)), "deploy")
    on = {}
    for one in found:
        for action in aslist(one["Action"]):
            on.setdefault(action, set()).add(one["Resource"])
    assert on["iam:PassRole"] == on["iam:PutRolePolicy"] == {brought.EXISTING["aws"]["identity"]}
    assert on["kms:CreateGrant"] == {brought.KEYS["aws"]}
    assert on["s3:PutObject"] == {f"arn:aws:s3:::{brought.EXISTING['aws']['store']}/*"}
    named = [*brought.NETWORKS["aws"]["subnets"], brought.NETWORKS["aws"]["network"]]
    assert all(any(one.endswith(f"/{name}") for one in on["ec2:CreateVpcEndpoint"]) for name in named)


@pytest.mark.never("the others' identities have neither path nor boundary", clouds=("azure", "gcp"))
def test_its_roles_keep_to_an_organisations_rules(access, cloud):
    ours, plain = access(brought.file(role={"path": "/team/", "permissionsBoundary": BOUNDARY})), access()
    for role in ours.of("aws:iam/role:Role"):
        assert (role.inputs["path"], role.inputs["permissionsBoundary"]) == ("/team/", BOUNDARY)
    assert not any({"path", "permissionsBoundary"} & set(role.inputs) for role in plain.of("aws:iam/role:Role"))
    on = {one["Resource"] for one in statements(ours, "deploy") if "iam:CreateRole" in one["Action"]}
    assert on == {"arn:aws:iam::000000000000:role/team/foundation-endpoint-*"}
    assert "iam:PutRolePermissionsBoundary" in given(ours, cloud, "deploy") - given(plain, cloud, "deploy")
    assert "iam:DeleteRolePermissionsBoundary" not in given(ours, cloud, "deploy")


@pytest.mark.never("AWS only: it bounds how much a role's policies say", clouds=("azure", "gcp"))
def test_a_roles_policy_is_as_long_as_aws_takes_it_whatever_is_turned_on(access, cloud):
    longest = {**brought.NETWORKS["aws"], "subnets": [f"subnet-{number:017x}" for number in range(6)]}
    said = {"network": longest, "key": brought.KEYS["aws"], "features": ["scaling", "budget", "ephemeral"]}
    found = access(brought.file(**said, role={"path": "/a-long-path-of-an-organisation/"}))
    (policy,) = (one.inputs["policy"] for one in found.custom if one.name == "access-deploy-may")
    assert len("".join(policy.split())) <= LONGEST


@pytest.mark.never("the others' keys are their policies' and vaults' to share", clouds=("aws", "azure"))
def test_a_right_on_a_key_is_a_right_on_that_key_alone(access, cloud):
    found = access(brought.file(key=brought.KEYS["gcp"]))
    (may, *_) = found.of("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")
    assert may.inputs["cryptoKeyId"] == brought.KEYS["gcp"]
    for role in found.of("gcp:projects/iAMCustomRole:IAMCustomRole"):
        of_keys = [one for one in role.inputs["permissions"] if one.startswith("cloudkms.")]
        assert bool(of_keys) == role.name.endswith("-key-role")
    elsewhere = access(brought.file(key=brought.KEYS["gcp"].replace("projects/local/", "projects/of-another/")))
    assert not elsewhere.of("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")


@pytest.mark.never("the others' identities give no roles, or by name", clouds=("aws", "gcp"))
def test_only_a_stack_with_a_key_gives_the_role_to_use_one(access, cloud):
    user = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
    for changes, may in (({}, False), (brought.file(key=brought.KEYS["azure"]), True)):
        conditions = [one.inputs.get("condition") or "" for one in access(changes).custom]
        assert any(user in one for one in conditions) == may


@pytest.mark.never("the others' identities each have what knows the pipeline's tokens", clouds=("azure", "gcp"))
def test_a_second_stack_of_an_account_shares_what_knows_the_pipelines_tokens(access, cloud):
    there = "arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com"
    made, shared = access(), access({"trifold:issuerThere": there})
    assert len(made.of("aws:iam/openIdConnectProvider:OpenIdConnectProvider")) == 1
    assert not shared.of("aws:iam/openIdConnectProvider:OpenIdConnectProvider")
    for role in shared.of("aws:iam/role:Role"):
        assert {"Federated": there} in [
            one["Principal"] for one in json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        ]
