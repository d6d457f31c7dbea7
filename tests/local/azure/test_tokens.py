"""Entra ID: who gets a token, and what a token is good for."""

import pytest

from tests.local.azure.rig import GROUP, TOKEN_URL, Local, secret_form


def test_a_client_with_the_secret_gets_a_token_that_resource_manager_takes(local: Local) -> None:
    granted = local.send("POST", TOKEN_URL, data=secret_form()).json()
    assert granted["token_type"] == "Bearer" and granted["expires_in"] > 3000
    local.token = granted["access_token"]
    assert local.arm("PUT", GROUP, {"location": "eastus"}).status_code == 201


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "AADSTS7000215"),
        ({"client_id": "11111111-1111-1111-1111-111111111111"}, 400, "AADSTS700016"),
        ({"grant_type": "password"}, 400, "AADSTS70003"),
        ({"scope": "https://graph.example/.default"}, 400, "AADSTS500011"),
    ],
)
def test_everyone_else_is_told_why_not(local: Local, form: dict, status: int, code: str) -> None:
    answer = local.send("POST", TOKEN_URL, data=secret_form(**form))
    assert answer.status_code == status
    assert code in answer.json()["error_description"]


def test_another_tenant_is_unknown(local: Local) -> None:
    url = "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/oauth2/v2.0/token"
    assert "AADSTS90002" in local.send("POST", url, data=secret_form()).json()["error_description"]


@pytest.mark.parametrize(
    ("audience", "lifetime", "code"),
    [
        ("https://management.azure.com", -10, "ExpiredAuthenticationToken"),
        ("https://storage.azure.com", 3600, "InvalidAuthenticationTokenAudience"),
    ],
)
def test_a_token_is_for_its_time_and_its_audience(local: Local, audience: str, lifetime: int, code: str) -> None:
    local.token = local.azure.entra.token(audience, lifetime)
    answer = local.arm("GET", GROUP)
    assert answer.status_code == 401 and answer.json()["error"]["code"] == code
    assert "authorization_uri" in answer.headers["www-authenticate"]


def test_a_token_that_was_tampered_with_is_refused(local: Local) -> None:
    local.token = local.token[:-4] + "AAAA"
    assert local.arm("GET", GROUP).json()["error"]["code"] == "InvalidAuthenticationToken"


def test_no_token_is_refused(local: Local) -> None:
    answer = local.send("GET", f"https://management.azure.com{GROUP}?api-version=2021-04-01")
    assert answer.json()["error"]["code"] == "AuthenticationFailed"
