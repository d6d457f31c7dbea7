"""What holds for a whole stack on every cloud, whatever is in it: outputs, names, tags, the pin, Pulumi's options."""

import json

import pytest

from infra.naming import RULES
from infra.tags import value
from tests.conformance import invention, rig
from trifold.protocol.check import check_inputs
from trifold.protocol.shapes import load, shape

OUTPUTS = {
    *("cloud", "account", "region", "package_name", "package_digest", "registry", "image", "store", "archive"),
    *("endpoint_name", "endpoint_id", "endpoint_url", "variants"),
}
LONGEST_STACK = "Q" * 100
OTHER_ACCOUNT = {
    "aws": "123456789012",
    "azure": "01234567-89ab-cdef-0123-456789abcdef",
    "gcp": "some-project-1",
}
PIN = {"aws": "account", "azure": "subscription", "gcp": "project"}
# The inputs that hold the name of what people and other systems address.
ADDRESSED = {
    "aws:s3/bucket:Bucket": ("bucket", "bucket"),
    "aws:ecr/repository:Repository": ("name", "registry"),
    "aws:sagemaker/endpoint:Endpoint": ("name", "endpoint"),
    "azure-native:resources:ResourceGroup": ("resourceGroupName", "group"),
    "azure-native:storage:StorageAccount": ("accountName", "storage"),
    "azure-native:containerregistry:Registry": ("registryName", "registry"),
    "azure-native:machinelearningservices:Workspace": ("workspaceName", "workspace"),
    "azure-native:machinelearningservices:OnlineEndpoint": ("endpointName", "endpoint"),
    "gcp:storage/bucket:Bucket": ("name", "bucket"),
    "gcp:artifactregistry/repository:Repository": ("repositoryId", "registry"),
    "gcp:vertex/aiEndpoint:AiEndpoint": ("name", "endpoint"),
}
# What `verify` asks, before any component is there.
WHO_AM_I = {
    "aws:index/getCallerIdentity:getCallerIdentity",
    "azure-native:authorization:getClientConfig",
    "gcp:organizations/getProject:getProject",
}
# Where a type has both, `labels` say something else (of a notification channel: whom it tells).
TAG_INPUTS = ("tags", "userLabels", "labels")


def addressed(recording):
    """{type: name} of what has an explicit name."""
    return {one.type: one.inputs.get(ADDRESSED[one.type][0]) for one in recording.custom if one.type in ADDRESSED}


def taggable(one):
    """The input of a resource that takes tags, or None. FreedNames' tags say what it looks for."""
    if one.type == "trifold:azureml:FreedNames":
        return None
    inputs = shape(load(invention.arguments(one.type))).inputs
    return next((key for key in TAG_INPUTS if key in inputs), None)


def test_the_outputs_have_the_same_names_on_every_cloud(recording, cloud):
    assert set(recording.outputs) == OUTPUTS
    assert recording.outputs["cloud"] == cloud
    assert recording.outputs["package_digest"] == "f" * 64
    assert recording.outputs["variants"] == ["main"]
    assert all(recording.outputs[name] for name in OUTPUTS)


def test_every_input_is_one_the_sdks_own_class_knows(recording):
    wrong = {
        f"{one.urn.rpartition('::')[2]}: {failure.property}: {failure.reason}"
        for one in recording.custom
        for failure in check_inputs(invention.arguments(one.type), one.inputs)
    }
    assert not wrong


def test_the_components_are_called_alike(recording, cloud):
    found = [one.type for one in recording.resources if one.type.startswith(f"trifold:{cloud}:")]
    assert sorted(found) == sorted(f"trifold:{cloud}:{name}" for name in rig.COMPONENTS)


def test_every_child_hangs_below_its_component_and_is_named_after_it(recording):
    for one in recording.custom:
        assert one.component in rig.COMPONENTS, one.urn
        assert one.name.startswith(one.component.lower()), one.urn


def test_every_preview_knows_what_it_will_make(record):
    planned, made = record(preview=True), record()
    assert planned.error == ""
    assert {one.urn for one in planned.resources} == {one.urn for one in made.resources}


def test_what_others_address_has_a_name_within_the_rules_for_the_longest_stack(record, cloud):
    long = record(stack=LONGEST_STACK)
    assert long.error == ""
    names = addressed(long)
    assert set(names) == {
        type for type in ADDRESSED if type.startswith(("aws:", "azure-native:", "gcp:")[rig.CLOUDS.index(cloud)])
    }
    for type, name in names.items():
        rule = RULES[cloud][ADDRESSED[type][1]]
        assert rule.shortest <= len(name) <= rule.longest, (type, name)


def test_a_name_that_is_shared_with_others_differs_by_account(record, cloud):
    other = OTHER_ACCOUNT[cloud]
    one, two = (addressed(found) for found in (record(), record({"trifold:account": other}, account=other)))
    for type, (_, kind) in ADDRESSED.items():
        if type in one and RULES[cloud][kind].shared:
            assert one[type] != two[type], type


def test_whatever_can_be_tagged_says_whose_it_is(recording, cloud):
    for one in recording.custom:
        if key := taggable(one):
            given = one.inputs.get(key) or {}
            wanted = {"project": "trifold", "stack": cloud, "capability": one.component.lower()}
            assert wanted.items() <= given.items(), one.urn


def test_tags_of_a_long_stack_are_within_googles_rules(record):
    for one in record(stack=LONGEST_STACK).custom:
        if key := taggable(one):
            assert (one.inputs.get(key) or {})["stack"] == value(LONGEST_STACK)


def test_another_account_is_refused_before_anything_is_registered(record, cloud):
    found = record(account=OTHER_ACCOUNT[cloud])
    pinned = rig.configuration(cloud)["trifold:account"]
    assert f"the stack is pinned to {PIN[cloud]} {pinned}" in found.error
    assert OTHER_ACCOUNT[cloud] in found.error and f"Pulumi.{cloud}.yaml" in found.error
    assert [one.type for one in found.resources] == ["pulumi:pulumi:Stack"]


def test_a_wrong_setting_is_refused_before_anything_is_registered(record, cloud):
    found = record({"trifold:size": "enormous", "trifold:colour": "blue"})
    assert "trifold:size: 'enormous' is not allowed" in found.error and "trifold:colour" in found.error
    assert f"Pulumi.{cloud}.yaml" in found.error
    assert [one.type for one in found.resources] == ["pulumi:pulumi:Stack"] and not found.invokes


def test_the_cloud_comes_from_the_settings_and_not_from_the_stacks_name(record, cloud):
    found = record(stack=f"prod-{cloud}")
    assert found.error == "" and found.outputs["cloud"] == cloud


# ---- Pulumi's own options on the kit's components ----------------------------------------------------------------


@pytest.fixture
def with_option(record):
    """with_option("protect") -> the components, made by a program that gives them that option."""

    def run(option):
        found = record({"test:option": option}, program=rig.OPTIONS)
        assert found.error == ""
        return found

    return run


def test_a_transform_on_a_component_reaches_every_child(with_option):
    assert all(one.inputs.get("touched") for one in with_option("transforms").custom)


def test_protect_on_a_component_reaches_every_child(with_option):
    assert all(one.protect for one in with_option("protect").custom)


def test_an_explicit_provider_reaches_every_child(with_option):
    found = with_option("providers")
    package = rig_package(found)
    mine = [one for one in found.custom if one.type.startswith(f"{package}:")]
    assert mine and all(one.provider.endswith("::mine::mine") for one in mine)
    assert all(one["provider"].endswith("::mine::mine") for one in found.invokes if one["token"] not in WHO_AM_I)


def test_a_parent_of_the_users_own_stands_above(with_option):
    assert all("user:index:Team" in one.parents for one in with_option("parent").custom)


def test_an_alias_of_a_component_renames_its_children_too(with_option):
    found = with_option("aliases")
    aliases = {one.type.rpartition(":")[2]: one.aliases for one in found.resources if not one.custom}
    wanted = {name: (f"old-{name.lower()}",) for name in ("Foundation", "Storage", "Endpoint")}
    assert {name: aliases[name] for name in wanted} == wanted
    # The engine gives the children theirs, by their component's name at the front of their own (see above).


def rig_package(recording):
    """The package most of the resources belong to: the cloud's own."""
    packages = [one.type.partition(":")[0] for one in recording.custom]
    return max(set(packages) - {"trifold"}, key=packages.count)


# ---- least privilege ---------------------------------------------------------------------------------------------


# What AWS can name no resource for: a registry's token is the account's, a metric has none.
UNNAMED = {"ecr:GetAuthorizationToken", "cloudwatch:PutMetricData"}


def test_no_policy_has_a_wildcard_where_the_cloud_lets_us_name_it(recording):
    for one in recording.custom:
        for statement in allowed_by(one.inputs):
            actions = aslist(statement["Action"])
            assert not any("*" in action for action in actions), one.urn
            if "*" in aslist(statement.get("Resource", [])):
                assert set(actions) <= UNNAMED, one.urn


def test_no_role_is_one_that_may_do_everything(recording):
    broad = ("roles/owner", "roles/editor", "AdministratorAccess", "FullAccess")
    # Azure's Owner, Contributor and User Access Administrator.
    broad += ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "b24988ac-6180-42a0-ab88-20f7382dd24c")
    broad += ("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",)
    for one in recording.custom:
        assert not any(role in text for role in broad for text in texts(one.inputs)), one.urn


def allowed_by(inputs):
    """The statements of AWS policies among the inputs that allow something."""
    for text in texts(inputs):
        if text.startswith("{") and '"Statement"' in text:
            yield from (one for one in json.loads(text)["Statement"] if one["Effect"] == "Allow")


def aslist(value):
    return value if isinstance(value, list) else [value]


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
