"""Nobody gets in without a key that this cloud made."""

import json
import time

import pytest

from tests.local.gcp.rig import assertion, stranger
from trifold.local.gcp.key import ensure_key

LIST = "https://us-central1-aiplatform.googleapis.com/v1/projects/local/locations/us-central1/models"


def test_a_token_is_given_for_an_assertion_and_lets_in(gcp):
    answer = gcp.grant(assertion(gcp.key))
    assert answer.json().keys() == {"access_token", "expires_in", "token_type"}
    assert gcp.request("GET", LIST).status_code == 200


def test_a_self_signed_token_lets_in_as_googles_grpc_clients_make_it(gcp):
    token = assertion(gcp.key, aud="https://us-central1-aiplatform.googleapis.com/", sub=gcp.key["client_email"])
    assert gcp.request("GET", LIST, headers={"authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"aud": "https://elsewhere.example.com/token"}, "wrong audience"),
        ({"exp": int(time.time()) - 100, "iat": int(time.time()) - 4000}, "Token expired"),
        ({"iss": "someone@else.iam.gserviceaccount.com"}, "Invalid issuer"),
    ],
)
def test_a_wrong_assertion_gets_no_token(gcp, claims, says):
    answer = gcp.grant(assertion(gcp.key, **claims))
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant" and says in answer.json()["error_description"]


def test_a_key_of_somebody_elses_gets_no_token(gcp):
    answer = gcp.grant(assertion(stranger()))
    assert answer.status_code == 400 and "no service account has this key" in answer.json()["error_description"]


def test_a_forged_signature_gets_no_token(gcp):
    forged = {**stranger(), "private_key_id": gcp.key["private_key_id"]}
    assert "signature" in gcp.grant(assertion(forged)).json()["error_description"].lower()


def test_another_kind_of_grant_is_refused_by_name(gcp):
    assert gcp.grant("x", kind="refresh_token").json()["error"] == "unsupported_grant_type"


def test_no_token_and_a_wrong_one_are_told_apart(gcp):
    gcp.caller = ""
    missing = gcp.request("GET", LIST)
    wrong = gcp.request("GET", LIST, headers={"authorization": "Bearer ya29.real-looking"})
    assert (missing.status_code, wrong.status_code) == (401, 401)
    assert missing.json()["error"]["status"] == wrong.json()["error"]["status"] == "UNAUTHENTICATED"
    assert missing.json()["error"]["details"][0]["reason"] == "CREDENTIALS_MISSING"


def test_a_key_file_is_kept_and_one_of_another_account_is_made_anew(tmp_path):
    file = tmp_path / "key.json"
    old = ensure_key(file, "old@x.iam.gserviceaccount.com", "local").read_text()
    assert ensure_key(file, "old@x.iam.gserviceaccount.com", "local").read_text() == old
    new = json.loads(ensure_key(file, "new@x.iam.gserviceaccount.com", "local").read_text())
    assert new["client_email"] == "new@x.iam.gserviceaccount.com"
