"""Bring your own: what is there already is used and left as it is; keys and a private network reach everything."""

import json
import re
import typing

import pytest

from tests.conformance import brought, invention, rig
from tests.conformance.test_stack import aslist, taggable, texts
from trifold.protocol.shapes import alternatives, is_object, load, shape

# What is not made where a part is brought along: by cloud and part, the names of resources.
MADE = {
    "aws": {
        "registry": {"foundation-registry", "foundation-registry-lifecycle"},
        "store": {
            "storage-bucket",
            *(f"storage-{what}" for what in ("private", "versions", "encryption", "lifecycle", "tls")),
        },
        "identity": {"foundation-endpoint"},
        "logs": {"endpoint-logs"},
    },
    "azure": {
        "home": {"foundation-group"},
        "registry": {"foundation-registry"},
        "store": {
            *(f"storage-{what}" for what in ("account", "container", "versions", "lifecycle", "owner", "owner-uses"))
        },
        "identity": {"foundation-endpoint"},
        "workspace": {f"endpoint-{what}" for what in ("workspace", "vault", "insights", "logs", "freed-names")},
        "vault": {"endpoint-vault"},
        "logs": {"endpoint-logs"},
    },
    "gcp": {
        "registry": {"foundation-registry"},
        "store": {"storage-bucket"},
        "identity": {"foundation-endpoint"},
    },
}
# What may name an existing part as its own place or target: grants, and what the stack itself puts there.
PUT_THERE = (
    *("aws:iam/rolePolicy:RolePolicy", "aws:s3/bucketObjectv2:BucketObjectv2", "aws:sagemaker/model:Model"),
    *("azure-native:authorization:RoleAssignment", "azure-native:storage:Blob"),
    *("gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:storage/bucketObject:BucketObject"),
    *("trifold:vertex:Model", "trifold:vertex:ModelDeployment", "trifold:azureml:EndpointTraffic"),
)
PARTS = [(cloud, part) for cloud in rig.CLOUDS for part in brought.PARTS]


def by_name(recording):
    return {one.name: one for one in recording.custom}


def version_free(name):
    """A resource's name without what hangs on settings: versions of models and configurations."""
    return re.sub(r"-[0-9a-f]{12,}$", "", name)


@pytest.mark.parametrize("part", brought.PARTS)
def test_a_part_that_is_there_is_used_and_not_made(record, cloud, part):
    if part not in MADE[cloud]:
        found = record(brought.file(existing={part: "anything"}))
        assert "cannot give" in found.error and "https://" in found.error
        assert [one.type for one in found.resources] == ["pulumi:pulumi:Stack"]
        return
    found = record(brought.file(existing={part: brought.EXISTING[cloud][part]}))
    assert found.error == ""
    before, after = ({version_free(name) for name in by_name(one)} for one in (record(), found))
    assert before - after == MADE[cloud][part] and not after - before
    assert used(brought.EXISTING[cloud][part], found)


def used(id, recording):
    """Whether a part is named by something that is registered, by its last name or its whole id."""
    last = re.split(r"[/:]", id)[-1]
    said = [text for one in recording.custom for text in texts(one.inputs)]
    return any(last in text for text in said)


@pytest.mark.parametrize("part", brought.PARTS)
def test_nothing_of_an_existing_part_is_changed(record, cloud, part):
    if part not in MADE[cloud]:
        pytest.skip("the cloud has no such part")
    found = record(brought.file(existing={part: brought.EXISTING[cloud][part]}))
    id = brought.EXISTING[cloud][part]
    name = id.rpartition(":log-group:")[2] if part == "logs" else id.rpartition("/")[2].partition("@")[0]
    named = [one for one in found.custom if one.type not in PUT_THERE and name in addressed_by(one)]
    assert not named or part in ("home", "workspace"), [one.urn for one in named]
    # In a group and in a workspace the stack's own things lie; the two themselves are not registered, see above.


def addressed_by(one):
    """The inputs that say which thing a resource is, or is a setting of."""
    keys = ("name", "bucket", "repository", "registryName", "accountName", "containerName", "repositoryId", "vaultName")
    return {one.inputs.get(key) for key in (*keys, "accountId", "resourceName", "workspaceName")}


@pytest.mark.parametrize("part", brought.PARTS)
def test_a_part_that_is_not_there_fails_the_preview(record, cloud, part):
    if part not in MADE[cloud]:
        pytest.skip("the cloud has no such part")
    id = brought.EXISTING[cloud][part]
    missing = re.sub(r"(team|endpoints|shared)(?!.*(team|endpoints|shared))", "missing", id)
    if part == "logs" and cloud == "aws":
        found = record(brought.file(existing={part: id.replace("trifold-aws", "missing")}), stack="missing")
        assert "nowhere else" in found.error  # the name is the stack's, so a missing one is first of all another one's
        return
    found = record(brought.file(existing={part: missing}), preview=True)
    assert f"trifold:existing.{part}" in found.error and "ResourceNotFound" in found.error
    assert f"Pulumi.{cloud}.yaml" in found.error and "bring-your-own-foundation" in found.error


ELSEWHERE = {
    "aws": {"store": "elsewhere-models"},
    "azure": {"workspace": brought.EXISTING["azure"]["workspace"].replace("/team", "/elsewhere")},
    "gcp": {"store": "elsewhere-models"},
}


def test_what_lies_in_another_region_is_refused(record, cloud):
    ((part, id),) = ELSEWHERE[cloud].items()
    found = record(brought.file(existing={part: id}))
    assert f"trifold:existing.{part}" in found.error and "and the stack is in" in found.error


def test_a_role_that_sagemaker_may_not_assume_is_refused(record, cloud):
    if cloud != "aws":
        pytest.skip("the others' identities trust nobody: what runs as them is said where it runs")
    found = record(brought.file(existing={"identity": "arn:aws:iam::000000000000:role/team/elsewhere"}))
    assert "cannot be assumed by sagemaker.amazonaws.com" in found.error
    moved = record(brought.file(existing={"identity": "arn:aws:iam::000000000000:role/endpoints"}))
    assert "was not found: the role endpoints is arn:aws:iam::000000000000:role/team/endpoints" in moved.error


# ---- an account that is there, a container that is made in it ------------------------------------------------------


def test_a_container_is_made_in_an_account_that_is_there(record, cloud):
    if cloud != "azure":
        pytest.skip("a bucket is both")
    account = brought.EXISTING["azure"]["store"].partition("/blobServices/")[0]
    found = by_name(record(brought.file(existing={"store": account})))
    assert found["storage-container"].inputs["accountName"] == "teammodels"
    assert found["storage-container"].inputs["resourceGroupName"] == "shared"
    assert "storage-account" not in found and "storage-versions" not in found


# ---- keys ----------------------------------------------------------------------------------------------------------

KEY = re.compile(r"kms|encryption|cmk|keyvault", re.IGNORECASE)
# Arguments that sound like a key and are none, or are one that a stack cannot bring.
NO_KEY = {
    "blockedEncryptionTypes": "which encryption callers may not ask for",
    "customerEncryption": "a key that every caller has to bring",
    "customerManagedEncryptionEnforcementConfig": "which encryption callers may ask for",
    "customerSuppliedEncryptionEnforcementConfig": "which encryption callers may ask for",
    "defaultEncryptionScope": "another key for a part of an account",
    "denyEncryptionScopeOverride": "another key for a part of an account",
    "enableServiceSideCMKEncryption": "where a workspace's metadata lies, not what encrypts it",
    "enabledForDiskEncryption": "what a vault may be used for",
    "encryptionFederatedIdentityClientId": "for a vault in another tenant",
    "forceCmkForQuery": "a rule for queries that people save",
    "googleManagedEncryptionEnforcementConfig": "which encryption callers may ask for",
    "keyVault": "the vault of a workspace's secrets",
    "requireInfrastructureEncryption": "a second layer, of the cloud's own keys",
    "serverSideEncryptionConfiguration": "a bucket's, which a type of its own sets",
}
# What a key's argument says where all is well, beside the key itself: how it is used, and as whom.
SAID = {
    "aws": (brought.KEYS["aws"], "aws:kms", "KMS"),
    "azure": ("team-vault", "foundation-key"),
    "gcp": (brought.KEYS["gcp"],),
}


def key_arguments(arguments, given, where=""):
    """(where, what it says) of every argument that takes a key, by the SDK's classes, at any depth of what is given."""
    for name, hint in shape(arguments).inputs.items():
        value = given.get(name)
        if KEY.search(name) and name not in NO_KEY:
            yield f"{where}{name}", value
        inner = list(classes(hint))
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and inner:
                yield from key_arguments(inner[0], item, f"{where}{name}.")


def classes(hint):
    """The SDK's argument classes in a type: it, or what a list or a map of it holds."""
    for one in alternatives(hint):
        if is_object(one):
            yield one
        else:
            yield from (found for held in typing.get_args(one) for found in classes(held))


def all_key_arguments(recording):
    """The same of all resources, with the resource's name in front."""
    for one in recording.custom:
        yield from key_arguments(load(invention.arguments(one.type)), one.inputs, f"{one.name}: ")


# How many there are is the SDK's to say; fewer than these would mean that none is looked for.
LEAST = {"aws": 8, "azure": 10, "gcp": 5}


def test_a_key_encrypts_all_that_takes_one(record, cloud):
    found = record(brought.file(key=brought.KEYS[cloud]))
    assert found.error == ""
    takes = list(all_key_arguments(found))
    assert len(takes) >= LEAST[cloud]
    without = [where for where, said in takes if not any(word in json.dumps(said) for word in SAID[cloud])]
    assert without == []


def test_without_a_key_the_clouds_own_encrypt(recording, cloud):
    said = [value for _, value in all_key_arguments(recording)]
    assert not any(word in json.dumps(value) for value in said for word in SAID[cloud])


def test_only_who_must_may_use_the_key(record, cloud):
    found = record(brought.file(key=brought.KEYS[cloud]))
    if cloud == "aws":
        (grant,) = (one for one in found.custom if one.name == "foundation-endpoint-decrypt")
        (statement,) = json.loads(grant.inputs["policy"])["Statement"]
        assert statement["Action"] == "kms:Decrypt" and statement["Resource"] == brought.KEYS["aws"]
        assert statement["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    elif cloud == "azure":
        (grant,) = (one for one in found.custom if one.name == "foundation-key-use")
        assert grant.inputs["scope"] == brought.KEYS["azure"].partition("/versions/")[0]
        assert grant.inputs["roleDefinitionId"].endswith("e147488a-f6f5-4113-8e2d-b22465e65bf6")
        assert "foundation-key" in grant.inputs["principalId"]
    else:
        grants = found.of("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")
        assert len(grants) == 3 and {one.inputs["cryptoKeyId"] for one in grants} == {brought.KEYS["gcp"]}
        assert {one.inputs["role"] for one in grants} == {"roles/cloudkms.cryptoKeyEncrypterDecrypter"}


def test_a_key_that_cannot_encrypt_is_refused(record, cloud):
    if cloud != "aws":
        pytest.skip("the others' look-ups tell of a key that is not there; see the next test")
    found = record(brought.file(key=f"{brought.KEYS['aws'][:-12]}{'d' * 12}"))
    assert "trifold:key" in found.error and "is Disabled" in found.error


def test_a_key_that_is_not_there_fails_the_preview(record, cloud):
    if cloud == "aws":
        pytest.skip("a key's id is its own; see the test before")
    found = record(brought.file(key=brought.KEYS[cloud].replace("/models", "/missing")), preview=True)
    assert "trifold:key" in found.error and "ResourceNotFound" in found.error


# ---- a private network ---------------------------------------------------------------------------------------------

PUBLIC = re.compile(r"public_?network_?access", re.IGNORECASE)


def said_of(value, pattern):
    """Every (key, value) of the inputs, at any depth, whose key fits."""
    if isinstance(value, dict):
        for key, item in value.items():
            if pattern.search(key):
                yield key, item
            yield from said_of(item, pattern)
    elif isinstance(value, list):
        for item in value:
            yield from said_of(item, pattern)


@pytest.mark.parametrize("endpoints", ["make", "existing"])
def test_in_a_private_network_nothing_is_public(record, cloud, endpoints):
    network = {"make": brought.NETWORKS, "existing": brought.CONNECTED}[endpoints][cloud]
    found = record(brought.file(network=network))
    assert found.error == ""
    if cloud == "azure":
        for one in found.custom:
            takes = {name for name in shape(load(invention.arguments(one.type))).inputs if PUBLIC.search(name)}
            if one.type.startswith("azure-native:"):
                assert all(one.inputs.get(name) == "Disabled" for name in takes), one.urn
            said = {key: text for key, text in said_of(one.inputs, PUBLIC) if key != "egressPublicNetworkAccess"}
            assert set(said.values()) <= {"Disabled", None}, one.urn
        # A deployment's egress does not apply in a network that the workspace manages: infra/azure/network.py.
        (workspace,) = found.of("azure-native:machinelearningservices:Workspace")
        assert workspace.inputs["managedNetwork"]["isolationMode"] == "AllowOnlyApprovedOutbound"
        assert "foundation-registry" in workspace.inputs["containerRegistry"]
    elif cloud == "aws":
        (model,) = found.of("aws:sagemaker/model:Model")
        assert model.inputs["vpcConfig"]["subnets"] == network["subnets"] and model.inputs["enableNetworkIsolation"]
        for type in ("aws:s3/bucketPolicy:BucketPolicy", "aws:ecr/repositoryPolicy:RepositoryPolicy"):
            ((resource),) = found.of(type)
            assert outside(resource)["StringNotEquals"]["aws:SourceVpc"] == network["network"]
    else:
        (bucket,) = found.of("gcp:storage/bucket:Bucket")
        assert bucket.inputs["ipFilter"]["mode"] == "Enabled" and "publicNetworkSource" not in bucket.inputs["ipFilter"]
        (endpoint,) = found.of("gcp:vertex/aiEndpoint:AiEndpoint")
        assert endpoint.inputs["privateServiceConnectConfig"]["enablePrivateServiceConnect"] is True
        assert endpoint.inputs["privateServiceConnectConfig"]["enableSecurePrivateServiceConnect"] is True
        assert found.outputs["endpoint_url"].startswith("/v1/")


def outside(resource):
    """The condition under which a resource's policy denies who is not in the network."""
    (denied,) = (one for one in json.loads(resource.inputs["policy"])["Statement"] if one.get("Sid") == "InsideOnly")
    assert denied["Effect"] == "Deny" and denied["Principal"] == "*"
    return denied["Condition"]


def test_who_is_trusted_gets_in_and_nobody_else(record, cloud):
    found = record(brought.file(network=brought.trusting(brought.NETWORKS[cloud], cloud)))
    one = brought.TRUSTED[cloud]
    if cloud == "aws":
        (policy,) = found.of("aws:s3/bucketPolicy:BucketPolicy")
        assert outside(policy)["StringNotEquals"]["aws:PrincipalArn"] == [one, "foundation-endpoint.arn"]
    elif cloud == "azure":
        for type in ("azure-native:storage:StorageAccount", "azure-native:containerregistry:Registry"):
            ((resource),) = found.of(type)
            rules = resource.inputs["networkRuleSet"]
            assert rules["defaultAction"] == "Deny" and [rule["iPAddressOrRange"] for rule in rules["ipRules"]] == [one]
        (endpoint,) = found.of("azure-native:machinelearningservices:OnlineEndpoint")
        assert endpoint.inputs["properties"]["publicNetworkAccess"] == "Disabled"
    else:
        (bucket,) = found.of("gcp:storage/bucket:Bucket")
        assert bucket.inputs["ipFilter"]["publicNetworkSource"] == {"allowedIpCidrRanges": [one]}


PRIVATE_ENDPOINTS = {
    "aws": ("aws:ec2/vpcEndpoint:VpcEndpoint", 5),
    "azure": ("azure-native:network:PrivateEndpoint", 4),
    "gcp": ("gcp:vertex/aiEndpoint:AiEndpoint", 1),
}


def test_private_endpoints_are_made_unless_the_network_has_them(record, cloud):
    type, number = PRIVATE_ENDPOINTS[cloud]
    made, there = (
        record(brought.file(network=network[cloud])).of(type) for network in (brought.NETWORKS, brought.CONNECTED)
    )
    assert len(made) == number
    if cloud == "gcp":
        named = [one.inputs["privateServiceConnectConfig"].get("pscAutomationConfigs") for one in (*made, *there)]
        assert named == [[{"projectId": "local", "network": "projects/local/global/networks/team"}], None]
    else:
        assert not there


def test_private_endpoints_have_their_names_in_the_network(record, cloud):
    if cloud != "azure":
        pytest.skip("the others' private endpoints bring their names")
    found = record(brought.file(network=brought.NETWORKS["azure"]))
    zones = {one.inputs["privateZoneName"] for one in found.of("azure-native:privatedns:PrivateZone")}
    groups = found.of("azure-native:network:PrivateDnsZoneGroup")
    assert len(zones) == 5 == len(found.of("azure-native:privatedns:VirtualNetworkLink"))
    named = [one["privateDnsZoneId"] for group in groups for one in group.inputs["privateDnsZoneConfigs"]]
    assert len(groups) == 4 and len(set(named)) == 5
    kept = {
        zone: f"{brought.EXISTING['azure']['home']}/providers/Microsoft.Network/privateDnsZones/{zone}"
        for zone in zones
    }
    others = record(brought.file(network={**brought.NETWORKS["azure"], "zones": kept}))
    assert not others.of("azure-native:privatedns:PrivateZone")
    named = [
        one["privateDnsZoneId"]
        for group in others.of("azure-native:network:PrivateDnsZoneGroup")
        for one in group.inputs["privateDnsZoneConfigs"]
    ]
    assert sorted(named) == sorted(kept.values())


def test_a_workspace_in_a_private_network_manages_one_of_its_own(record, cloud):
    if cloud != "azure":
        pytest.skip("the others have no workspace")
    team = brought.EXISTING["azure"]["workspace"]
    open, enclosed = (
        record(brought.file(network=brought.NETWORKS["azure"], existing={"workspace": id}))
        for id in (team, team.replace("/team", "/enclosed"))
    )
    assert "has no managed network" in open.error and enclosed.error == ""


def test_callers_can_be_held_to_the_network(record, cloud):
    if cloud != "aws":
        pytest.skip("the others' endpoints answer in the network only")
    found = by_name(record(brought.file(network=brought.NETWORKS["aws"])))
    (statement,) = json.loads(found["endpoint-may-invoke"].inputs["policy"])["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceVpc": brought.NETWORKS["aws"]["network"]}}
    assert statement["Action"] == "sagemaker:InvokeEndpoint" and "*" not in aslist(statement["Resource"])


def test_a_network_of_ones_own_is_a_model_of_its_own(record, cloud):
    """What cannot be changed is made anew beside the old, under another name."""
    if cloud != "aws":
        pytest.skip("the others' models say nothing of a network")
    plain, private = record(), record(brought.file(network=brought.NETWORKS["aws"]))
    names = [one.of("aws:sagemaker/model:Model")[0].inputs["name"] for one in (plain, private)]
    assert names[0] != names[1]


# ---- rules of an organisation --------------------------------------------------------------------------------------


def test_mandatory_tags_are_on_all_that_can_be_tagged(record, cloud):
    found = record(brought.file(tags=brought.TAGS[cloud], network=brought.NETWORKS[cloud], key=brought.KEYS[cloud]))
    # The kit's FreedNames carries none: its tags say what it looks for.
    untagged = ("aws:s3/bucketObjectv2:BucketObjectv2", "trifold:azureml:FreedNames")
    tagged = [one for one in found.custom if taggable(one) and one.type not in untagged]
    assert tagged
    for one in tagged:
        assert brought.TAGS[cloud].items() <= (one.inputs.get(taggable(one)) or {}).items(), one.urn


def test_objects_carry_the_kits_own_tags_only(record, cloud):
    """They are no resources, and take few: ten of S3's objects, and names that are identifiers of Azure's blobs."""
    for one in record(brought.file(tags=brought.TAGS[cloud])).custom:
        if "/bucketObject" in one.type or one.type == "azure-native:storage:Blob":
            carried = one.inputs.get("tags") or one.inputs.get("metadata") or {}
            assert not set(brought.TAGS[cloud]) & set(carried)


def test_roles_keep_to_an_organisations_path_and_boundary(record, cloud):
    if cloud != "aws":
        pytest.skip("AWS only: its roles have both")
    boundary = "arn:aws:iam::000000000000:policy/team-boundary"
    ours, plain = record(brought.file(role={"path": "/team/", "permissionsBoundary": boundary})), record()
    (role,), (before,) = (one.of("aws:iam/role:Role") for one in (ours, plain))
    assert (role.inputs["path"], role.inputs["permissionsBoundary"]) == ("/team/", boundary)
    assert "path" not in before.inputs and "permissionsBoundary" not in before.inputs
