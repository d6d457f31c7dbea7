"""Who one may be, and what that gives: custom roles, accounts that act as others, a pipeline's own tokens."""

import pytest

from trifold.local import issuer

PROJECT = "https://cloudresourcemanager.googleapis.com/v1/projects/local"
IAM = "https://iam.googleapis.com/v1/projects/local"
POOL = "projects/1/locations/global/workloadIdentityPools/pipelines"
PROVIDER = f"{POOL}/providers/pipeline"
SUBJECT = "repo:me/mine:environment:prod"


@pytest.fixture
def reader(gcp):
    return gcp.account("a-reader")


def bind(gcp, where, role, member):
    now = gcp.post(f"{where}:getIamPolicy", json={}).json()
    bindings = [*now.get("bindings", []), {"role": role, "members": [member]}]
    answer = gcp.post(f"{where}:setIamPolicy", json={"policy": {**now, "bindings": bindings}})
    assert answer.status_code == 200, answer.text
    return answer.json()


def role(gcp, *permissions, ident="mine"):
    body = {"roleId": ident, "role": {"title": ident, "includedPermissions": list(permissions)}}
    return gcp.post(f"{IAM}/roles", json=body)


def test_a_custom_role_gives_what_it_names_and_nothing_else(gcp, reader):
    made = role(gcp, "iam.serviceAccounts.list").json()["name"]
    bind(gcp, PROJECT, made, f"serviceAccount:{reader}")
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 200
    said = gcp.as_(reader, "GET", f"{IAM}/roles/mine").json()["error"]
    assert said["message"] == "Permission 'iam.roles.get' denied on resource (or it may not exist)."
    assert said["details"][0]["reason"] == "IAM_PERMISSION_DENIED"
    gcp.request("PATCH", f"{IAM}/roles/mine", json={"includedPermissions": ["iam.roles.get"]})
    assert gcp.as_(reader, "GET", f"{IAM}/roles/mine").status_code == 200
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 403


def test_a_deleted_role_gives_nothing_and_keeps_its_id(gcp, reader):
    made = role(gcp, "iam.serviceAccounts.list").json()["name"]
    bind(gcp, PROJECT, made, f"serviceAccount:{reader}")
    assert gcp.request("DELETE", f"{IAM}/roles/mine").json()["deleted"] is True
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 403
    assert role(gcp, "iam.serviceAccounts.list").status_code == 409
    assert gcp.post(f"{IAM}/roles/mine:undelete", json={}).status_code == 200
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 200


def test_a_permission_that_does_not_exist_is_refused(gcp):
    answer = role(gcp, "storage.objects.get", "storage.objects.fly")
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        400,
        "Permission storage.objects.fly is not valid.",
    )
    assert role(gcp, "logging.logEntries.create").status_code == 200, "of a resource this cloud does not have"


def test_an_account_is_acted_as_by_who_may_have_its_tokens(gcp, reader):
    owned = gcp.account("an-owned-one")
    where = f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{owned}:generateAccessToken"
    body = {"scope": ["https://www.googleapis.com/auth/cloud-platform"], "lifetime": "600s"}
    denied = gcp.as_(reader, "POST", where, json=body)
    assert denied.status_code == 403 and "iam.serviceAccounts.getAccessToken" in denied.text
    role_name = "roles/iam.serviceAccountTokenCreator"
    bind(gcp, f"{IAM}/serviceAccounts/{owned}", role_name, f"serviceAccount:{reader}")
    token = gcp.as_(reader, "POST", where, json=body).json()["accessToken"]
    said = gcp.as_("", "GET", f"{IAM}/serviceAccounts", headers={"authorization": f"Bearer {token}"})
    assert said.status_code == 403 and "iam.serviceAccounts.list" in said.text, "it is that account, which may nothing"


def test_a_model_runs_as_an_account_only_for_who_may_act_as_it(gcp, reader):
    owned = gcp.account("runs-a-model")
    model, endpoint = gcp.model(), gcp.endpoint()
    bind(gcp, PROJECT, "roles/aiplatform.user", f"serviceAccount:{reader}")
    resources = {"machineSpec": {"machineType": "e2-standard-2"}, "minReplicaCount": 1}
    body = {"deployedModel": {"model": model, "dedicatedResources": resources, "serviceAccount": owned}}
    url = f"https://us-central1-aiplatform.googleapis.com/v1/{endpoint}:deployModel"
    denied = gcp.as_(reader, "POST", url, json=body)
    said = f"You do not have permission to act as service_account: {owned}. (or it may not exist)."
    assert (denied.status_code, denied.json()["error"]["message"]) == (400, said)
    bind(gcp, f"{IAM}/serviceAccounts/{owned}", "roles/iam.serviceAccountUser", f"serviceAccount:{reader}")
    operation = gcp.as_(reader, "POST", url, json=body)
    assert operation.status_code == 200
    assert "error" not in gcp.done(operation.json())


def test_a_new_account_of_an_old_name_has_nothing_of_the_old_ones(gcp, reader):
    unique = gcp.request("GET", f"{IAM}/serviceAccounts/{reader}").json()["uniqueId"]
    bind(gcp, PROJECT, "roles/viewer", f"serviceAccount:{reader}")
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 200
    gcp.request("DELETE", f"{IAM}/serviceAccounts/{reader}")
    gcp.account("a-reader")
    assert gcp.as_(reader, "GET", f"{IAM}/serviceAccounts").status_code == 403
    bindings = gcp.post(f"{PROJECT}:getIamPolicy", json={}).json()["bindings"]
    assert {"role": "roles/viewer", "members": [f"deleted:serviceAccount:{reader}?uid={unique}"]} in bindings


@pytest.fixture
def pool(gcp):
    where = "https://iam.googleapis.com/v1/projects/local/locations/global/workloadIdentityPools"
    gcp.post(where, json={"displayName": "pipelines"}, params={"workloadIdentityPoolId": "pipelines"})
    body = {
        "oidc": {"issuerUri": issuer.ISSUER},
        "attributeMapping": {"google.subject": "assertion.sub"},
        "attributeCondition": f"assertion.sub == '{SUBJECT}' || assertion.sub == 'repo:me/mine:pull_request'",
    }
    asked = {"workloadIdentityPoolProviderId": "pipeline"}
    assert gcp.post(f"{where}/pipelines/providers", json=body, params=asked).status_code == 200
    return gcp


def exchange(gcp, subject=SUBJECT, audience=f"https://iam.googleapis.com/{PROVIDER}"):
    """What google-auth asks with a pipeline's token."""
    from urllib.parse import urlencode

    signed = issuer.token(issuer.beside(gcp.state), subject, audience)
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": f"//iam.googleapis.com/{PROVIDER}",
        "subject_token": signed,
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    }
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return gcp.request("POST", "https://sts.googleapis.com/v1/token", data=urlencode(form).encode(), headers=headers)


def test_a_pipeline_becomes_the_account_that_trusts_its_subject(pool):
    deployer = pool.account("a-deployer")
    token = exchange(pool).json()["access_token"]
    where = f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{deployer}:generateAccessToken"
    asked = {"json": {"scope": ["x"]}, "headers": {"authorization": f"Bearer {token}"}}
    assert pool.request("POST", where, **asked).status_code == 403
    member = f"principal://iam.googleapis.com/{POOL}/subject/{SUBJECT}"
    bind(pool, f"{IAM}/serviceAccounts/{deployer}", "roles/iam.workloadIdentityUser", member)
    assert pool.request("POST", where, **asked).json()["accessToken"]


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        ({"subject": "repo:other/one:environment:prod"}, "unauthorized_client", "attribute condition"),
        ({"audience": "https://example.com"}, "invalid_grant", "audience in ID Token does not match"),
    ],
)
def test_a_pipeline_that_is_not_meant_gets_no_token(pool, given, code, says):
    said = exchange(pool, **given).json()
    assert said["error"] == code and says in said["error_description"]


def test_a_deleted_pool_lets_nobody_in_and_keeps_its_id(pool):
    where = "https://iam.googleapis.com/v1/projects/local/locations/global/workloadIdentityPools"
    pool.request("DELETE", f"{where}/pipelines")
    assert exchange(pool).json()["error"] == "invalid_target"
    again = pool.post(where, json={}, params={"workloadIdentityPoolId": "pipelines"})
    assert (again.status_code, again.json()["error"]["message"]) == (409, "Requested entity already exists")
