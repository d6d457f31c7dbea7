"""Every request is held against Google's own documents, and what is declared is in them."""

import pytest

from tests.local.gcp.rig import IMAGE, PARENT
from trifold.local.gcp.api import discovery
from trifold.local.gcp.api.operations import OPERATIONS

UPLOAD = f"{PARENT}/models:upload"


def model(**more):
    return {"model": {"displayName": "m", "containerSpec": {"imageUri": IMAGE}, **more}}


def test_an_unknown_field_is_refused_in_googles_words(gcp):
    answer = gcp.vertex("POST", UPLOAD, json=model(colour="blue"))
    error = answer.json()["error"]
    wanted = "Invalid JSON payload received. Unknown name \"colour\" at 'model': Cannot find field."
    assert (answer.status_code, error["status"], error["message"]) == (400, "INVALID_ARGUMENT", wanted)
    assert error["details"][0]["fieldViolations"] == [{"field": "model", "description": wanted}]


def test_all_that_is_wrong_is_said_at_once(gcp):
    answer = gcp.vertex("POST", UPLOAD, json=model(labels={"a": 1}, nonsense=1))
    assert len(answer.json()["error"]["details"][0]["fieldViolations"]) == 2


def test_a_value_of_another_type_is_refused(gcp):
    answer = gcp.vertex("POST", UPLOAD, json=model(versionAliases="v1"))
    assert "Invalid value at 'model.version_aliases'" in answer.json()["error"]["message"]


def test_an_unknown_query_parameter_is_refused(gcp):
    answer = gcp.vertex("GET", f"{PARENT}/models", params={"colour": "blue"})
    assert "Cannot bind query parameter. Field 'colour'" in answer.json()["error"]["message"]


def test_fields_may_be_spelled_as_in_the_protocol_buffers(gcp):
    body = {"model": {"display_name": "m", "container_spec": {"image_uri": IMAGE}}, "model_id": "snake"}
    assert gcp.vertex("POST", UPLOAD, json=body).status_code == 200
    assert gcp.ok("GET", f"{PARENT}/models/snake")["displayName"] == "m"


def test_output_only_fields_are_left_out_as_google_leaves_them_out(gcp):
    assert gcp.vertex("POST", UPLOAD, json=model(createTime="2020-01-01T00:00:00Z")).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (model(encryptionSpec={"kmsKeyName": "k"}), "model.encryptionSpec.kmsKeyName"),
        (model(explanationSpec={"parameters": {"topK": 1}}), "model.explanationSpec.parameters.topK"),
        ({**model(), "serviceAccount": "a@b"}, "serviceAccount"),
    ],
)
def test_a_field_that_google_has_and_we_do_not_is_refused_by_name(gcp, body, field):
    answer = gcp.vertex("POST", UPLOAD, json=body)
    assert answer.status_code == 501 and answer.json()["error"]["status"] == "UNIMPLEMENTED"
    assert f"the field {field} of aiplatform.projects.locations.models.upload" in answer.json()["error"]["message"]


def test_an_empty_value_of_such_a_field_is_no_value(gcp):
    assert gcp.vertex("POST", UPLOAD, json=model(encryptionSpec={}, pipelineJob="")).status_code == 200


def test_a_method_that_google_has_and_we_do_not_is_refused_by_name(gcp):
    answer = gcp.vertex("GET", f"{PARENT}/datasets")
    assert answer.status_code == 501
    assert "the method aiplatform.projects.locations.datasets.list" in answer.json()["error"]["message"]


def test_the_xml_api_is_refused_by_name(gcp):
    answer = gcp.request("GET", "https://storage.googleapis.com/bucket/object")
    assert answer.status_code == 501 and "the XML API of Cloud Storage" in answer.json()["error"]["message"]


def test_what_is_not_json_is_refused(gcp):
    answer = gcp.vertex("POST", UPLOAD, data=b"{broken")
    assert answer.status_code == 400 and "Invalid JSON payload received." in answer.json()["error"]["message"]


def test_a_path_that_is_nobodys_is_not_found(gcp):
    assert gcp.vertex("GET", "nothing/here").status_code == 404


def known(method, schema, path):
    """Whether a declared path is one of the schema's."""
    for step in path.split("."):
        schema = method.document.resolve(schema)
        name, _, deeper = step.partition("[]")
        schema = schema.get("properties", {}).get(name)
        if schema is None:
            return False
        if deeper or schema.get("type") == "array":
            schema = schema.get("items", schema)
    return True


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda one: f"{one.service}.{one.name}")
def test_what_is_declared_is_in_googles_documents(operation):
    method = discovery.method(operation.service, operation.name)
    for field in (*operation.fields_acting, *operation.fields_stored):
        assert field in method.parameters or known(method, method.request, field), field


def test_what_is_handled_is_what_is_declared(gcp):
    handled = {(service, name) for service, handlers in gcp.gate._handlers.items() for name in handlers}
    assert handled == set(OPERATIONS)


def test_a_patch_is_looked_at_as_far_as_its_mask_goes(gcp):
    name = gcp.model()
    whole = {**gcp.ok("GET", name), "displayName": "other", "labels": {"a": "b"}}
    found = gcp.ok("PATCH", name, json=whole, params={"updateMask": "labels"})
    assert (found["displayName"], found["labels"]) == ("flights", {"a": "b"})
    answer = gcp.vertex("PATCH", name, json=whole, params={"updateMask": "container_spec"})
    assert answer.status_code in (400, 501) and "container" in answer.json()["error"]["message"]
