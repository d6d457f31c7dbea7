"""A hostile subscription: late grants, unregistered providers, throttling, exclusion, and names that stay taken."""

import pytest

from tests.local.azure.rig import CALM, GROUP, registered
from tests.local.azure.test_authorization import CONTRIBUTOR, HERE, IDENTITY, READER, SUB, assign
from trifold.local.azure.cloud import TENANT

VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/safe"
SAFE = {**HERE, "properties": {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"},
                               "enableRbacAuthorization": True}}  # fmt: skip


@pytest.fixture
def quiet(hostile):
    """Hostile, but for what comes by chance; providers are registered."""
    made = registered(hostile(**CALM))
    made.put(GROUP, HERE)
    return made


def code(answer):
    return answer.json()["error"]["code"]


def test_a_grant_takes_effect_after_a_while(quiet):
    me = quiet.put(IDENTITY, HERE)
    quiet.clock.now += 10
    assigned = assign(quiet, me, READER, GROUP)
    with quiet.acting_as(me):
        assert code(quiet.arm("GET", GROUP)) == "AuthorizationFailed"
        quiet.clock.now += 10
        assert quiet.arm("GET", GROUP).status_code == 200
    quiet.arm("DELETE", assigned)
    with quiet.acting_as(me):
        assert quiet.arm("GET", GROUP).status_code == 200
        quiet.clock.now += 10
        assert code(quiet.arm("GET", GROUP)) == "AuthorizationFailed"


def test_a_new_principal_is_not_found_unless_its_kind_is_told(quiet):
    me = quiet.put(IDENTITY, HERE)
    with pytest.raises(AssertionError, match="PrincipalNotFound"):
        assign(quiet, me, READER, GROUP)
    place = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{'0' * 8}-0000-4000-8000-{'0' * 12}"
    given = {"roleDefinitionId": f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR}",
             "principalId": me["properties"]["principalId"], "principalType": "ServicePrincipal"}  # fmt: skip
    assert quiet.arm("PUT", place, {"properties": given}).status_code == 201
    quiet.clock.now += 10
    assign(quiet, me, READER, GROUP)


def test_lists_lag_behind(quiet):
    quiet.put(IDENTITY, HERE)
    assert quiet.arm("GET", f"{GROUP}/resources").json()["value"] == []
    assert quiet.arm("GET", IDENTITY).status_code == 200
    quiet.clock.now += 10
    assert [one["id"] for one in quiet.arm("GET", f"{GROUP}/resources").json()["value"]] == [IDENTITY]


def test_a_provider_must_be_registered_and_is_after_a_while(hostile):
    new = hostile(**CALM)
    new.put(GROUP, HERE)
    refused = new.arm("PUT", IDENTITY, HERE)
    assert refused.status_code == 409
    said = ("The subscription is not registered to use namespace 'Microsoft.ManagedIdentity'. See "
            "https://aka.ms/rps-not-found for how to register subscriptions.")  # fmt: skip
    code = "MissingSubscriptionRegistration"
    details = [{"code": code, "target": "Microsoft.ManagedIdentity", "message": said}]
    assert refused.json()["error"] == {"code": code, "message": said, "details": details}
    state = new.arm("POST", f"{SUB}/providers/Microsoft.ManagedIdentity/register").json()["registrationState"]
    assert state == "Registering"
    new.clock.now += 10
    assert new.arm("GET", f"{SUB}/providers/Microsoft.ManagedIdentity").json()["registrationState"] == "Registered"
    assert new.arm("PUT", IDENTITY, HERE).status_code == 201


def test_throttled_calls_say_when_to_come_again(hostile):
    busy = hostile(**{**CALM, "refused": 1.0})
    answers = [busy.arm("GET", GROUP) for _ in range(3)]
    assert [one.status_code for one in answers] == [429, 429, 404]
    assert code(answers[0]) == "SubscriptionRequestsThrottled"
    assert answers[0].headers["retry-after"] in ("1", "2")
    assert answers[0].headers["x-ms-ratelimit-remaining-subscription-reads"] == "0"


def test_a_deleted_vault_keeps_its_name_until_it_is_purged(quiet):
    quiet.put(VAULT, SAFE)
    quiet.arm("DELETE", VAULT)
    assert code(quiet.arm("PUT", VAULT, SAFE)) == "ConflictError"
    listed = quiet.arm("GET", f"{SUB}/providers/Microsoft.KeyVault/deletedVaults").json()["value"]
    assert [one["name"] for one in listed] == ["safe"]
    purge = f"{SUB}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults/safe/purge"
    assert quiet.arm("POST", purge).status_code == 200
    assert quiet.arm("PUT", VAULT, SAFE).status_code == 200


def test_or_recovered(quiet):
    made = quiet.put(VAULT, {**SAFE, "tags": {"mine": "yes"}})
    quiet.arm("DELETE", VAULT)
    body = {**SAFE, "properties": {**SAFE["properties"], "createMode": "recover"}}
    assert quiet.arm("PUT", VAULT, body).json()["tags"] == made["tags"]


def test_a_protected_vault_is_not_purged(quiet):
    quiet.put(VAULT, {**SAFE, "properties": {**SAFE["properties"], "enablePurgeProtection": True}})
    quiet.arm("DELETE", VAULT)
    purge = f"{SUB}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults/safe/purge"
    assert code(quiet.arm("POST", purge)) == "MethodNotAllowed"


def test_a_friendly_cloud_forgets_at_once(manager):
    manager.put(GROUP, HERE)
    manager.put(VAULT, SAFE)
    manager.arm("DELETE", VAULT)
    assert manager.arm("GET", f"{SUB}/providers/Microsoft.KeyVault/deletedVaults").json() == {"value": []}
    assert manager.arm("PUT", VAULT, SAFE).status_code == 200
