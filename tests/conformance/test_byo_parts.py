"""Bring your own: a part that is there already is used and left as it is; what an organisation asks for is on all."""

import re

import pytest

from tests.conformance import brought
from tests.conformance.test_stack import taggable, texts

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


def parts():
    """Each part, with the clouds that have none such: infra/ids.py says what is nearest there."""
    for part in brought.PARTS:
        without = tuple(cloud for cloud in MADE if part not in MADE[cloud])
        gap = pytest.mark.never("the cloud has no such part, and a stack that brings one is refused", clouds=without)
        yield pytest.param(part, marks=[gap] if without else [])


def by_name(recording):
    return {one.name: one for one in recording.custom}


def version_free(name):
    """A resource's name without what hangs on settings: versions of models and configurations."""
    return re.sub(r"-[0-9a-f]{12,}$", "", name)


@pytest.mark.parametrize("part", list(parts()))
def test_it_is_used_and_neither_made_nor_changed(record, recording, cloud, part):
    id = brought.EXISTING[cloud][part]
    found = record(brought.file(existing={part: id}))
    assert found.error == ""
    before, after = ({version_free(name) for name in by_name(one)} for one in (recording, found))
    assert before - after == MADE[cloud][part] and not after - before
    assert used(id, found)
    name = id.rpartition(":log-group:")[2] if part == "logs" else id.rpartition("/")[2].partition("@")[0]
    named = [one.urn for one in found.custom if one.type not in PUT_THERE and name in addressed_by(one)]
    # In a group and in a workspace the stack's own things lie; the two themselves are not registered, see above.
    assert named == [] or part in ("home", "workspace")


def used(id, recording):
    """Whether a part is named by something that is registered, by its last name or its whole id."""
    last = re.split(r"[/:]", id)[-1]
    return any(last in text for one in recording.custom for text in texts(one.inputs))


def addressed_by(one):
    """The inputs that say which thing a resource is, or is a setting of."""
    keys = ("name", "bucket", "repository", "registryName", "accountName", "containerName", "repositoryId", "vaultName")
    return {one.inputs.get(key) for key in (*keys, "accountId", "resourceName", "workspaceName")}


@pytest.mark.parametrize("part", list(parts()))
def test_one_that_is_not_there_fails_the_preview(record, cloud, part):
    id = brought.EXISTING[cloud][part]
    missing = re.sub(r"(team|endpoints|shared|trifold-aws)(?!.*(team|endpoints|shared|trifold-aws))", "missing", id)
    # The name of AWS's log group is the stack's own, so the stack is called so, too.
    stack = "missing" if part == "logs" and cloud == "aws" else ""
    missing = missing.replace("Endpoints/missing", "Endpoints/trifold-missing")
    found = record(brought.file(existing={part: missing}), stack=stack, preview=True)
    assert f"trifold:existing.{part}" in found.error and "ResourceNotFound" in found.error
    assert f"Pulumi.{stack or cloud}.yaml" in found.error and "bring-your-own-foundation" in found.error


ELSEWHERE = {
    "aws": {"store": "elsewhere-models"},
    "azure": {"workspace": brought.EXISTING["azure"]["workspace"].replace("/team", "/elsewhere")},
    "gcp": {"store": "elsewhere-models"},
}


def test_what_lies_in_another_region_is_refused(record, cloud):
    ((part, id),) = ELSEWHERE[cloud].items()
    found = record(brought.file(existing={part: id}))
    assert f"trifold:existing.{part}" in found.error and "and the stack is in" in found.error


@pytest.mark.never(
    "the others' identities trust nobody: what runs as them is said where it runs", clouds=("azure", "gcp")
)
def test_a_role_that_sagemaker_may_not_assume_is_refused(record, cloud):
    found = record(brought.file(existing={"identity": "arn:aws:iam::000000000000:role/team/elsewhere"}))
    assert "cannot be assumed by sagemaker.amazonaws.com" in found.error
    moved = record(brought.file(existing={"identity": "arn:aws:iam::000000000000:role/endpoints"}))
    assert "was not found: the role endpoints is arn:aws:iam::000000000000:role/team/endpoints" in moved.error


@pytest.mark.never("a bucket is both", clouds=("aws", "gcp"))
def test_a_container_is_made_in_an_account_that_is_there(record, cloud):
    account = brought.EXISTING["azure"]["store"].partition("/blobServices/")[0]
    found = by_name(record(brought.file(existing={"store": account})))
    assert found["storage-container"].inputs["accountName"] == "teammodels"
    assert found["storage-container"].inputs["resourceGroupName"] == "shared"
    assert "storage-account" not in found and "storage-versions" not in found


def test_mandatory_tags_are_on_all_that_can_be_tagged(enclosed, cloud):
    tagged = [one for one in enclosed.custom if taggable(one) and one.type != "aws:s3/bucketObjectv2:BucketObjectv2"]
    assert tagged
    for one in tagged:
        assert brought.TAGS[cloud].items() <= (one.inputs.get(taggable(one)) or {}).items(), one.urn


def test_objects_carry_the_kits_own_tags_only(enclosed, cloud):
    """They are no resources, and take few: ten of S3's objects, and names that are identifiers of Azure's blobs."""
    for one in enclosed.custom:
        if "/bucketObject" in one.type or one.type == "azure-native:storage:Blob":
            carried = one.inputs.get("tags") or one.inputs.get("metadata") or {}
            assert not set(brought.TAGS[cloud]) & set(carried)


@pytest.mark.never("AWS only: its roles have both", clouds=("azure", "gcp"))
def test_roles_keep_to_an_organisations_path_and_boundary(record, cloud):
    boundary = "arn:aws:iam::000000000000:policy/team-boundary"
    ours, plain = record(brought.file(role={"path": "/team/", "permissionsBoundary": boundary})), record()
    (role,), (before,) = (one.of("aws:iam/role:Role") for one in (ours, plain))
    assert (role.inputs["path"], role.inputs["permissionsBoundary"]) == ("/team/", boundary)
    assert "path" not in before.inputs and "permissionsBoundary" not in before.inputs
