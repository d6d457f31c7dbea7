"""Vertex AI: models, their versions, aliases, labels and files."""

import pytest

from tests.local.gcp.rig import IMAGE, PARENT


def aliases(gcp, name):
    return {one["versionId"]: one["versionAliases"] for one in gcp.ok("GET", f"{name}:listVersions")["models"]}


def test_versions_of_one_model(gcp):
    first, second = gcp.model(labels={"package": "a"}), gcp.model(labels={"package": "b"}, versionAliases=["v-2"])
    assert [first.rpartition("@")[2], second.rpartition("@")[2]] == ["1", "2"]
    assert gcp.ok("GET", f"{PARENT}/models/flights")["versionId"] == "1", "the default one"
    assert gcp.ok("GET", f"{PARENT}/models/flights@v-2")["labels"] == {"package": "b"}
    assert gcp.ok("GET", second)["versionAliases"] == ["v-2"]
    assert len(gcp.ok("GET", f"{PARENT}/models")["models"]) == 1


def test_the_default_alias_moves_and_cannot_be_lost(gcp):
    gcp.model()
    name, _, _ = gcp.model().partition("@")
    gcp.ok("POST", f"{name}@2:mergeVersionAliases", json={"versionAliases": ["default", "good"]})
    assert aliases(gcp, name) == {"2": ["default", "good"], "1": []}
    gcp.ok("POST", f"{name}@2:mergeVersionAliases", json={"versionAliases": ["-good"]})
    assert aliases(gcp, name)["2"] == ["default"]
    assert gcp.vertex("POST", f"{name}@2:mergeVersionAliases", json={"versionAliases": ["-default"]}).status_code == 400


def test_a_version_is_deleted_and_the_default_or_last_one_is_not(gcp):
    gcp.model()
    name, _, _ = gcp.model().partition("@")
    refused = gcp.vertex("DELETE", f"{name}@1:deleteVersion")
    assert refused.status_code == 400 and "default version" in refused.json()["error"]["message"]
    gcp.ok("DELETE", f"{name}@2:deleteVersion")
    assert "only version" in gcp.vertex("DELETE", f"{name}@1:deleteVersion").json()["error"]["message"]
    gcp.ok("DELETE", name)
    assert gcp.vertex("GET", name).status_code == 404


def test_a_model_id_is_taken_once(gcp):
    gcp.model()
    body = {"modelId": "flights", "model": {"displayName": "x", "containerSpec": {"imageUri": IMAGE}}}
    assert gcp.vertex("POST", f"{PARENT}/models:upload", json=body).status_code == 409


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"artifactUri": "gs://nowhere/x"}, "The specified bucket does not exist: nowhere"),
        ({"artifactUri": "s3://bucket/x"}, "Invalid Cloud Storage URI: s3://bucket/x"),
        ({"artifactUri": "gs://there/x"}, 'The directory "gs://there/x" does not exist or holds no files.'),
    ],
)
def test_an_upload_of_files_that_are_not_there_fails_as_an_operation(gcp, more, says):
    gcp.bucket("there")
    body = {"model": {"displayName": "m", "containerSpec": {"imageUri": IMAGE}, **more}}
    operation = gcp.ok("POST", f"{PARENT}/models:upload", json=body)
    assert operation["done"] and operation["error"]["message"] == says
    assert operation["metadata"]["@type"].endswith("UploadModelOperationMetadata")


def test_files_in_a_bucket_of_another_project_are_closed_to_vertex_ai(gcp):
    gcp.bucket("there")
    gcp.upload("there", "x/a")
    gcp.model(artifactUri="gs://there/x")
    (tenant,) = (name for name in gcp.gate._store.buckets if name != "there")
    body = {
        "model": {"displayName": "m", "containerSpec": {"imageUri": IMAGE}, "artifactUri": f"gs://{tenant}/artifacts"}
    }
    error = gcp.ok("POST", f"{PARENT}/models:upload", json=body)["error"]
    assert error["code"] == 9 and "does not have `[storage.objects.get]` IAM permission(s)" in error["message"]


def test_models_are_found_by_filter(gcp):
    gcp.model("flights", labels={"package": "a"})
    gcp.model("digits", labels={"package": "b"})

    def found(text):
        return [
            one["displayName"] for one in gcp.ok("GET", f"{PARENT}/models", params={"filter": text}).get("models", [])
        ]

    assert found("labels.package=a") == ["flights"] and found('display_name="digits"') == ["digits"]
    assert found('labels.package=a AND display_name="digits"') == [] and sorted(found("labels.package:*")) == [
        "digits",
        "flights",
    ]
    assert gcp.vertex("GET", f"{PARENT}/models", params={"filter": "x > 3"}).status_code == 501


def test_labels_are_within_googles_rules(gcp):
    body = {"model": {"displayName": "m", "containerSpec": {"imageUri": IMAGE}, "labels": {"package": "x" * 64}}}
    assert gcp.vertex("POST", f"{PARENT}/models:upload", json=body).status_code == 400


def test_another_region_is_refused(gcp):
    answer = gcp.vertex("GET", "projects/local/locations/europe-west4/models")
    assert answer.status_code == 400 and "Unsupported region for Vertex AI" in answer.json()["error"]["message"]
