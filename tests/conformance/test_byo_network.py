"""Bring your own network: endpoint, store and registry are reached from inside it, as far as each cloud goes."""

import json
import re

import pytest

from tests.conformance import brought, invention
from tests.conformance.test_stack import aslist
from trifold.protocol.shapes import load, shape

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
def test_in_a_private_network_nothing_is_public(record, cloud, endpoints, enclosed):
    network = {"make": brought.NETWORKS, "existing": brought.CONNECTED}[endpoints][cloud]
    found = enclosed if endpoints == "make" else record(brought.file(network=network))
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


def test_private_endpoints_are_made_unless_the_network_has_them(record, cloud, enclosed):
    type, number = PRIVATE_ENDPOINTS[cloud]
    made, there = enclosed.of(type), record(brought.file(network=brought.CONNECTED[cloud])).of(type)
    assert len(made) == number
    if cloud == "gcp":
        named = [one.inputs["privateServiceConnectConfig"].get("pscAutomationConfigs") for one in (*made, *there)]
        assert named == [[{"projectId": "local", "network": "projects/local/global/networks/team"}], None]
    else:
        assert not there


@pytest.mark.never("the others' private endpoints bring their names", clouds=("aws", "gcp"))
def test_private_endpoints_have_their_names_in_the_network(record, cloud, enclosed):
    found = enclosed
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


@pytest.mark.never("the others have no workspace", clouds=("aws", "gcp"))
def test_a_workspace_in_a_private_network_manages_one_of_its_own(record, cloud):
    team = brought.EXISTING["azure"]["workspace"]
    open, enclosed = (
        record(brought.file(network=brought.NETWORKS["azure"], existing={"workspace": id}))
        for id in (team, team.replace("/team", "/enclosed"))
    )
    assert "has no managed network" in open.error and enclosed.error == ""


@pytest.mark.never("the others' endpoints answer in the network only", clouds=("azure", "gcp"))
def test_callers_can_be_held_to_the_network(enclosed, cloud):
    found = {one.name: one for one in enclosed.custom}
    (statement,) = json.loads(found["endpoint-may-invoke"].inputs["policy"])["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceVpc": brought.NETWORKS["aws"]["network"]}}
    assert statement["Action"] == "sagemaker:InvokeEndpoint" and "*" not in aslist(statement["Resource"])


@pytest.mark.never("the others' models say nothing of a network", clouds=("azure", "gcp"))
def test_a_network_of_ones_own_is_a_model_of_its_own(recording, enclosed, cloud):
    """What cannot be changed is made anew beside the old, under another name."""
    names = [one.of("aws:sagemaker/model:Model")[0].inputs["name"] for one in (recording, enclosed)]
    assert names[0] != names[1]
