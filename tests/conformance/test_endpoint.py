"""Endpoint: named variants with weights; a new package is a new version beside the old one, on the same endpoint."""

import json

import pytest

ENDPOINTS = {
    "aws": "aws:sagemaker/endpoint:Endpoint",
    "azure": "azure-native:machinelearningservices:OnlineEndpoint",
    "gcp": "gcp:vertex/aiEndpoint:AiEndpoint",
}
# What is immutable, and so carries the version in its name.
VERSIONED = {
    "aws": ("aws:sagemaker/model:Model", "aws:sagemaker/endpointConfiguration:EndpointConfiguration"),
    "azure": ("azure-native:machinelearningservices:ModelVersion",),
    "gcp": ("trifold:vertex:Model",),
}
MODELS = {
    "aws": "aws:sagemaker/model:Model",
    "azure": "azure-native:machinelearningservices:ModelVersion",
    "gcp": "trifold:vertex:Model",
}
OBJECTS = {
    "aws": ("aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObject:BucketObject"),
    "azure": ("azure-native:storage:Blob",),
    "gcp": ("gcp:storage/bucketObject:BucketObject",),
}
PACKAGE_TAG = "f" * 32
SPLIT = json.dumps({"blue": {"weight": 90}, "green": {"weight": 10, "package": "digits"}})


def endpoint(recording, cloud):
    (found,) = recording.of(ENDPOINTS[cloud])
    return found


def everything(recording):
    """All that the endpoint's children were given, as text."""
    return json.dumps([one.inputs for one in recording.custom if one.component == "Endpoint"], default=str)


def test_the_archive_lies_in_the_stacks_own_store_under_its_digest(recording):
    store, archive = recording.outputs["store"], recording.outputs["archive"]
    assert archive == f"{store}/packages/flights/{'f' * 64}/model.tar.gz"


def test_the_archive_is_uploaded_as_it_is(recording, cloud, packages):
    (uploaded,) = recording.of(*OBJECTS[cloud])
    source = uploaded.inputs["source"]
    assert source.kind == "path"
    assert source.content == str(packages / "packages" / "flights" / ("f" * 64) / "model.tar.gz")


def test_the_image_is_the_registrys_and_pinned(recording):
    registry, image = recording.outputs["registry"], recording.outputs["image"]
    assert not registry.endswith("/") and image.startswith(f"{registry}/trifold-serving@sha256:")


def test_a_full_image_reference_stays_as_it_is(record):
    image = "registry.example.com/team/server@sha256:" + "a" * 64
    assert record({"trifold:image": image}).outputs["image"] == image


def test_one_variant_takes_all_of_the_size_and_count_in_the_settings(recording, cloud):
    size = {"aws": "ml.t2.medium", "azure": "Standard_F2s_v2", "gcp": "e2-standard-2"}[cloud]
    assert size in everything(recording)


def test_variants_share_the_requests_by_weight_and_a_model_is_made_of_each_package(record, cloud):
    found = record({"trifold:variants": SPLIT})
    assert found.error == "" and found.outputs["variants"] == ["blue", "green"]
    assert len(found.of(MODELS[cloud])) == 2
    assert "blue" in everything(found) and "green" in everything(found)


def test_two_variants_of_one_package_share_its_model(record, cloud):
    found = record({"trifold:variants": json.dumps({"a": {"weight": 50}, "b": {"weight": 50}})})
    assert found.error == "" and len(found.of(MODELS[cloud])) == 1


def test_a_new_package_is_a_new_version_on_the_same_endpoint(record, cloud):
    old, new = record(), record({"trifold:package": "newer"})
    assert endpoint(old, cloud).urn == endpoint(new, cloud).urn
    assert endpoint(old, cloud).inputs.get("name") == endpoint(new, cloud).inputs.get("name")
    for type in VERSIONED[cloud]:
        (before,), (after,) = old.of(type), new.of(type)
        assert before.urn != after.urn, f"{type} would be replaced, not made beside the old one"


def test_a_new_image_is_a_new_version_too(record, cloud):
    old, new = record(), record({"trifold:image": "trifold-serving@sha256:" + "b" * 64})
    for type in VERSIONED[cloud]:
        (before,), (after,) = old.of(type), new.of(type)
        assert before.urn != after.urn, type


def test_what_has_a_version_carries_the_packages_digest(recording, cloud):
    (model,) = recording.of(MODELS[cloud])
    held = model.inputs["properties"] if cloud == "azure" else model.inputs
    assert (held.get("tags") or held.get("labels"))["package"] == PACKAGE_TAG


def test_the_endpoint_itself_carries_no_digest(recording, cloud):
    found = endpoint(recording, cloud)
    assert "package" not in (found.inputs.get("tags") or found.inputs.get("labels") or {})


def test_timeouts_and_concurrency_are_set_where_the_cloud_has_them(record, cloud):
    found = record({"trifold:requestTimeout": "31", "trifold:concurrency": "17"})
    assert found.error == ""
    if cloud == "azure":
        (deployment,) = found.of("azure-native:machinelearningservices:OnlineDeployment")
        limits = deployment.inputs["properties"]["requestSettings"]
        assert limits["requestTimeout"] == "PT31S" and limits["maxConcurrentRequestsPerInstance"] == 17
    # SageMaker holds every request to 60 s, and Vertex AI's shared endpoint too; neither bounds concurrency.


def test_probes_are_set_explicitly(recording, cloud):
    text = everything(recording)
    if cloud == "aws":
        assert "containerStartupHealthCheckTimeoutInSeconds" in text
        assert "modelDataDownloadTimeoutInSeconds" in text
    elif cloud == "azure":
        assert "livenessProbe" in text and "readinessProbe" in text
    else:
        assert "startupProbe" in text or "deploymentTimeout" in text


def test_request_logging_is_off(recording):
    text = everything(recording)
    assert '"enableCapture": true' not in text and '"enablePrivateServiceConnect": true' not in text


AUTOSCALED = {
    "aws": {"trifold:size": "ml.m5.large"},
    "azure": {},
    "gcp": {},
}


def test_bounds_that_differ_make_it_scale_by_load(record, cloud):
    bounds = {"trifold:minimum": "1", "trifold:maximum": "3", **AUTOSCALED[cloud]}
    fixed, scaled = record(AUTOSCALED[cloud]), record(bounds)
    assert scaled.error == ""
    if cloud == "aws":
        assert not fixed.of("aws:appautoscaling/target:Target")
        (target,) = scaled.of("aws:appautoscaling/target:Target")
        assert (target.inputs["minCapacity"], target.inputs["maxCapacity"]) == (1, 3)
    elif cloud == "azure":
        assert not fixed.of("azure-native:monitor:AutoscaleSetting")
        assert len(scaled.of("azure-native:monitor:AutoscaleSetting")) == 1
    else:
        (deployment,) = scaled.of("trifold:vertex:ModelDeployment")
        assert "3" in json.dumps(deployment.inputs, default=str)


def test_grants_come_before_the_model_that_needs_them(recording, cloud):
    grants = {
        "aws": ("aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
        "azure": ("azure-native:authorization:RoleAssignment",),
        "gcp": ("gcp:storage/bucketIAMMember:BucketIAMMember",),
    }[cloud]
    # The store's own is for who empties it.
    given = {one.urn for one in recording.of(*grants) if one.component != "Storage"}
    assert given, "no grant was made"
    (model,) = recording.of(MODELS[cloud])
    user = model if cloud != "azure" else recording.of("azure-native:machinelearningservices:OnlineDeployment")[0]
    assert given - awaited(recording, user) == set(), "it does not wait for them"


def awaited(recording, user):
    """The URNs of all that a resource is made after."""
    found, left = set(), [user.urn]
    by_urn = {one.urn: one for one in recording.resources}
    while left:
        new = set(by_urn[left.pop()].dependencies) - found
        found |= new
        left += [one for one in new if one in by_urn]
    return found


@pytest.mark.parametrize("word", ["true", "false"])
def test_no_input_of_a_model_is_a_secret_or_a_key(record, word):
    assert "AccountKey=" not in everything(record({"trifold:ephemeral": word}))
