"""Faults planted in the local Google Cloud: each is found, with its mending command, and is not where it is not."""

import base64

import pytest

from trifold.doctor.checks import ERROR, OK, WARNING

pytestmark = pytest.mark.e2e

PROJECT = "https://cloudresourcemanager.googleapis.com/v1/projects/local"
USAGE = "https://serviceusage.googleapis.com/v1/projects/local/services"
ACCOUNTS = "https://iam.googleapis.com/v1/projects/local/serviceAccounts"
PLACE = "https://us-central1-aiplatform.googleapis.com/v1/projects/local/locations/us-central1"


@pytest.fixture
def doctor(doctor_of):
    return doctor_of("gcp")


@pytest.fixture
def owner(doctor):
    """A session of the project's owner, to plant things with."""
    return doctor.client._session()


def asked(owner, method: str, url: str, body: dict | None = None) -> dict:
    answer = owner.request(method, url, json=body, timeout=30)
    answer.raise_for_status()
    return answer.json() if answer.content else {}


@pytest.fixture
def somebody(doctor, owner, tmp_path, monkeypatch):
    """A service account that may do nothing in the project; the doctor runs as it. Gives the account's address."""
    address = asked(owner, "POST", ACCOUNTS, {"accountId": "doctor-nobody"})["email"]
    key = asked(owner, "POST", f"{ACCOUNTS}/{address}/keys", {})
    file = tmp_path / "key.json"
    file.write_bytes(base64.b64decode(key["privateKeyData"]))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    doctor.sign_in_anew()
    yield address
    asked(owner, "DELETE", f"{ACCOUNTS}/{address}")


@pytest.mark.parametrize("check", ["identity", "permissions", "services", "placement", "quota", "names"])
def test_a_clean_stack_has_nothing_to_mend(doctor, check):
    assert doctor.is_clean(check)


def test_the_provider_works_elsewhere(doctor):
    found = doctor.one("identity", configured="another-project")
    assert (found.severity, found.mend) == (ERROR, "pulumi config set -s doctored gcp:project local")


def test_the_wrong_project(doctor):
    found = doctor.one("identity", account="another-project", configured="another-project")
    assert found.severity == ERROR and "do not reach project another-project" in found.what
    assert found.mend.startswith("gcloud auth application-default login")


def test_nobody_is_signed_in(doctor, monkeypatch, tmp_path):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "gone.json"))
    found = doctor.one("identity")
    assert (found.severity, found.mend) == (ERROR, "gcloud auth application-default login")


def test_missing_permissions(doctor, owner, somebody):
    policy = asked(owner, "POST", f"{PROJECT}:getIamPolicy", {})
    roles = ("serviceusage.serviceUsageAdmin", "artifactregistry.admin", "storage.admin", "iam.serviceAccountAdmin")
    given = [{"role": f"roles/{role}", "members": [f"serviceAccount:{somebody}"]} for role in roles]
    asked(owner, "POST", f"{PROJECT}:setIamPolicy", {"policy": {**policy, "bindings": policy["bindings"] + given}})
    try:
        found = {one.what.partition(" ")[0]: one for one in doctor("permissions")}
    finally:
        now = asked(owner, "POST", f"{PROJECT}:getIamPolicy", {})
        asked(owner, "POST", f"{PROJECT}:setIamPolicy", {"policy": {**now, "bindings": policy["bindings"]}})
    assert {one.severity for one in found.values()} == {ERROR}
    assert found["gcp:vertex/aiEndpoint:AiEndpoint"].mend == (
        f"gcloud projects add-iam-policy-binding local --member=serviceAccount:{somebody} --role=roles/aiplatform.admin"
    )
    assert "gcp:storage/bucket:Bucket" not in found


@pytest.mark.parametrize(("api", "severity"), [("serviceusage", ERROR), ("aiplatform", WARNING)])
def test_an_api_that_is_off(doctor, owner, api, severity):
    asked(owner, "POST", f"{USAGE}/{api}.googleapis.com:disable", {})
    try:
        found = doctor.one("services")
    finally:
        asked(owner, "POST", f"{USAGE}/{api}.googleapis.com:enable", {})
    assert (found.severity, found.mend) == (severity, f"gcloud services enable {api}.googleapis.com --project local")


def test_an_unknown_region(doctor):
    found = doctor.one("placement", region="us-central9")
    assert (found.severity, found.what) == (ERROR, "there is no region us-central9 for it")
    assert found.mend.startswith("pulumi config set -s doctored gcp:region us-central")


def test_too_few_cpus(doctor):
    found = doctor.one("quota", sizes={"e2-standard-16": 2})
    assert found.severity == ERROR and "is 20 CPUs, and the stack asks for 32" in found.what
    assert "gcloud alpha services quota update" in found.mend and "--value=32" in found.mend


def test_a_bucket_name_that_somebody_else_has(doctor, owner, somebody):
    """Cloud Storage says 403 of a bucket that is another's; here to one who may not look at any."""
    name = doctor.ask.names["bucket"]
    asked(owner, "POST", "https://storage.googleapis.com/storage/v1/b?project=local", {"name": name})
    try:
        found = doctor("names")[0]
    finally:
        asked(owner, "DELETE", f"https://storage.googleapis.com/storage/v1/b/{name}")
    assert found.severity == ERROR and f"the bucket name {name} is taken by another account" in found.what
    assert found.mend == "pulumi stack rename -s doctored doctored2"


@pytest.mark.parametrize("stack", ["another", "doctored"])
def test_an_endpoint_of_another_stack(doctor, owner, stack):
    name = doctor.ask.names["endpoint"]
    body = {"displayName": "held", "labels": {"project": "trifold", "stack": stack}}
    asked(owner, "POST", f"{PLACE}/endpoints?endpointId={name}", body)
    try:
        found = doctor.one("names")
    finally:
        asked(owner, "DELETE", f"{PLACE}/endpoints/{name}")
    if stack == "doctored":
        assert found.severity == OK
    else:
        assert found.severity == ERROR and "belongs to stack trifold/another" in found.what
        assert f"gcloud ai endpoints delete {name} --region=us-central1" in found.mend
