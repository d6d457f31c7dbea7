"""Who may do what, beyond what the kit's own stacks grant (those: tests/conformance/grants)."""

import base64
import json

import pytest

from tests.local.gcp.rig import PARENT, assertion


@pytest.fixture
def reader(gcp):
    gcp.bucket("box")
    gcp.upload("box", "a", b"content")
    return gcp.account("a-reader")


def policy(gcp, bucket="box"):
    return gcp.storage("GET", f"b/{bucket}/iam").json()


def grant(gcp, member, role="roles/storage.objectViewer"):
    now = policy(gcp)
    bindings = [*now.get("bindings", []), {"role": role, "members": [member]}]
    return gcp.storage("PUT", "b/box/iam", json={"bindings": bindings, "etag": now["etag"]})


def read(gcp, caller):
    owner, gcp.caller = gcp.caller, caller
    try:
        return gcp.storage("GET", "b/box/o/a", params={"alt": "media"})
    finally:
        gcp.caller = owner


def test_with_the_grant_it_may_read_and_nothing_else(gcp, reader):
    assert grant(gcp, f"serviceAccount:{reader}").status_code == 200
    assert read(gcp, reader).content == b"content"
    gcp.caller = reader
    assert gcp.upload("box", "b").status_code == 403
    assert gcp.storage("DELETE", "b/box/o/a").status_code == 403
    assert gcp.storage("GET", "b/box/iam").status_code == 403


def test_a_grant_that_is_taken_back_no_longer_lets_in(gcp, reader):
    grant(gcp, f"serviceAccount:{reader}")
    gcp.storage("PUT", "b/box/iam", json={"bindings": [], "etag": policy(gcp)["etag"]})
    assert read(gcp, reader).status_code == 403


def test_overwriting_takes_the_permission_to_delete(gcp, reader):
    grant(gcp, f"serviceAccount:{reader}", "roles/storage.objectCreator")
    gcp.caller = reader
    assert gcp.upload("box", "new").status_code == 200
    assert "storage.objects.delete" in gcp.upload("box", "a").json()["error"]["message"]


def test_a_project_wide_role_reaches_every_bucket(gcp, reader):
    where = "https://cloudresourcemanager.googleapis.com/v1/projects/local"
    now = gcp.post(f"{where}:getIamPolicy", json={}).json()
    binding = {"role": "roles/viewer", "members": [f"serviceAccount:{reader}"]}
    changed = {**now, "bindings": [*now["bindings"], binding]}
    assert gcp.post(f"{where}:setIamPolicy", json={"policy": changed}).status_code == 200
    assert read(gcp, reader).status_code == 200


def test_nobody_in_particular_may_read_only_what_is_public(gcp, reader):
    assert read(gcp, "").status_code == 401
    grant(gcp, "allUsers")
    assert read(gcp, "").content == b"content"


def test_a_policy_changed_in_between_is_not_overwritten(gcp, reader):
    old = policy(gcp)
    grant(gcp, f"serviceAccount:{reader}")
    answer = gcp.storage("PUT", "b/box/iam", json={"bindings": [], "etag": old["etag"]})
    assert answer.status_code == 412 and "concurrent policy changes" in answer.json()["error"]["message"]


def test_what_one_may_do_can_be_asked(gcp, reader):
    grant(gcp, f"serviceAccount:{reader}")
    gcp.caller = reader
    asked = {"permissions": ["storage.objects.get", "storage.objects.delete"]}
    found = gcp.storage("GET", "b/box/iam/testPermissions", params=asked).json()
    assert found["permissions"] == ["storage.objects.get"]


def test_vertex_ai_denies_by_permission_and_resource(gcp):
    gcp.caller = gcp.account("nobody-yet")
    error = gcp.vertex("POST", f"{PARENT}/endpoints/1:predict", json={"instances": []}).json()["error"]
    resource = f"//aiplatform.googleapis.com/{PARENT}/endpoints/1"
    assert error["status"] == "PERMISSION_DENIED"
    assert (
        error["message"]
        == f"Permission 'aiplatform.endpoints.predict' denied on resource '{resource}' (or it may not exist)."
    )
    assert error["details"][0]["metadata"]["permission"] == "aiplatform.endpoints.predict"


def test_another_project_is_one_that_may_not_exist(gcp):
    answer = gcp.request("GET", "https://cloudresourcemanager.googleapis.com/v1/projects/some-real-project")
    assert answer.status_code == 403 and "(or it may not exist)" in answer.json()["error"]["message"]


def test_a_service_account_has_rules_for_its_name(gcp):
    where = "https://iam.googleapis.com/v1/projects/local/serviceAccounts"
    short, odd = (gcp.post(where, json={"accountId": ident}) for ident in ("no", "Not-An-Id"))
    assert (short.status_code, odd.status_code) == (400, 400)
    assert short.json()["error"]["message"] == 'The account ID "no" does not have a length between 6 and 30.'
    gcp.account("twice-asked")
    again = gcp.post(where, json={"accountId": "twice-asked"})
    said = "Service account twice-asked already exists within project projects/local."
    assert (again.status_code, again.json()["error"]["message"]) == (409, said)
    assert again.json()["error"]["details"][0]["resourceName"].endswith("/twice-asked@local.iam.gserviceaccount.com")


def test_nobody_in_particular_is_denied_in_xml_too(gcp, reader):
    gcp.caller = ""
    answer = gcp.request("GET", "https://storage.googleapis.com/box/a")
    assert answer.status_code == 403 and "<Code>AccessDenied</Code>" in answer.text
    assert "Anonymous caller does not have storage.objects.get access" in answer.text


def test_the_project_holds_only_what_somebody_made(gcp):
    where = "https://iam.googleapis.com/v1/projects/local/serviceAccounts"
    assert gcp.request("GET", where).json() == {"accounts": []}
    assert gcp.storage("GET", "b", params={"project": "local"}).json()["items"] == []


def test_a_key_lets_in_until_it_is_deleted(gcp, reader):
    account = f"https://iam.googleapis.com/v1/projects/-/serviceAccounts/{reader}"
    made = gcp.post(f"{account}/keys", json={}).json()
    key = json.loads(base64.b64decode(made["privateKeyData"]))
    assert gcp.grant(assertion(key)).status_code == 200
    assert gcp.request("DELETE", f"https://iam.googleapis.com/v1/{made['name']}").status_code == 200
    assert "no service account has this key" in gcp.grant(assertion(key)).json()["error_description"]


def test_an_access_list_that_would_not_act_is_refused_by_name(gcp, reader):
    answer = gcp.upload("box", "b", predefinedAcl="authenticatedRead")
    assert answer.status_code == 501 and "predefinedAcl=authenticatedRead" in answer.text


def test_an_access_list_no_longer_acts_once_access_is_uniform(gcp, reader):
    gcp.upload("box", "open", b"content", predefinedAcl="publicRead")
    gcp.caller, owner = "", gcp.caller
    assert gcp.storage("GET", "b/box/o/open", params={"alt": "media"}).content == b"content"
    gcp.caller = owner
    gcp.storage("PATCH", "b/box", json={"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}})
    gcp.caller = ""
    assert gcp.storage("GET", "b/box/o/open", params={"alt": "media"}).status_code == 401
