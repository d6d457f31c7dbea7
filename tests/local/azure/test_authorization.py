"""Who may do what: roles at their scopes and below, Azure's own denials, and identities that sign in by a token."""

import uuid

import pytest

from tests.local.azure.rig import GROUP, TOKEN_URL, with_group
from trifold.local import issuer
from trifold.local.azure.cloud import CLIENT_ID, SUBSCRIPTION

SUB = f"/subscriptions/{SUBSCRIPTION}"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/me"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/images"
READER, CONTRIBUTOR = "acdd72a7-3385-48ef-bd42-f606fba81ae7", "b24988ac-6180-42a0-ab88-20f7382dd24c"
ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
HERE = {"location": "eastus"}
AUDIENCE = "api://AzureADTokenExchange"


@pytest.fixture
def me(manager):
    """An identity without any role."""
    return with_group(manager).put(IDENTITY, HERE)


def assign(local, identity, role, scope):
    id = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    given = {"roleDefinitionId": f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{role}",
             "principalId": identity["properties"]["principalId"]}  # fmt: skip
    answer = local.arm("PUT", id, {"properties": given})
    assert answer.status_code == 201, answer.text
    return id


def denied(identity, action, scope):
    who = identity["properties"]
    message = (f"The client '{who['clientId']}' with object id '{who['principalId']}' does not have authorization to "
               f"perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently "
               "granted, please refresh your credentials.")  # fmt: skip
    return {"error": {"code": "AuthorizationFailed", "message": message}}


def test_without_a_role_nothing_is_allowed(manager, me):
    with manager.acting_as(me):
        answer = manager.arm("GET", GROUP)
    assert answer.status_code == 403
    assert answer.json() == denied(me, "Microsoft.Resources/subscriptions/resourceGroups/read", GROUP)


@pytest.mark.parametrize("scope", [SUB, GROUP])
def test_a_role_holds_at_its_scope_and_below(manager, me, scope):
    assign(manager, me, CONTRIBUTOR, scope)
    with manager.acting_as(me):
        assert manager.arm("PUT", REGISTRY, {**HERE, "sku": {"name": "Basic"}}).status_code == 201


def test_and_not_beside_it(manager, me):
    assign(manager, me, CONTRIBUTOR, IDENTITY)
    with manager.acting_as(me):
        assert manager.arm("GET", IDENTITY).status_code == 200
        answer = manager.arm("PUT", REGISTRY, {**HERE, "sku": {"name": "Basic"}})
    assert answer.json() == denied(me, "Microsoft.ContainerRegistry/registries/write", REGISTRY)


def test_what_a_role_excepts_it_does_not_allow(manager, me):
    """A Contributor gives nobody a role, not even itself."""
    assign(manager, me, CONTRIBUTOR, SUB)
    with manager.acting_as(me), pytest.raises(AssertionError, match="roleAssignments/write"):
        assign(manager, me, READER, SUB)


def test_another_role_may_still_allow_it(manager, me):
    assign(manager, me, CONTRIBUTOR, SUB)
    assign(manager, me, ADMINISTRATOR, SUB)
    with manager.acting_as(me):
        assign(manager, me, READER, GROUP)


def test_a_reader_reads(manager, me):
    assign(manager, me, READER, GROUP)
    with manager.acting_as(me):
        assert manager.arm("GET", f"{GROUP}/resources").status_code == 200
        answer = manager.arm("DELETE", GROUP)
    assert answer.json() == denied(me, "Microsoft.Resources/subscriptions/resourceGroups/delete", GROUP)


def test_a_role_of_ones_own(manager, me):
    """Exactly its actions, no more: taken away, with nobody left who holds it, it is gone."""
    key = str(uuid.uuid4())
    place = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{key}"
    role = {"roleName": "Lists registries", "assignableScopes": [SUB],
            "permissions": [{"actions": ["Microsoft.ContainerRegistry/registries/read"]}]}  # fmt: skip
    assert manager.arm("PUT", place, {"properties": role}).status_code == 201
    assigned = assign(manager, me, key, SUB)
    with manager.acting_as(me):
        assert manager.arm("GET", f"{GROUP}/providers/Microsoft.ContainerRegistry/registries").status_code == 200
        assert manager.arm("GET", GROUP).status_code == 403
    assert manager.arm("DELETE", place).json()["error"]["code"] == "RoleDefinitionHasAssignments"
    assert manager.arm("DELETE", assigned).status_code == 200
    with manager.acting_as(me):
        assert manager.arm("GET", f"{GROUP}/providers/Microsoft.ContainerRegistry/registries").status_code == 403
    assert manager.arm("DELETE", place).status_code == 200


def test_permissions_are_the_callers_own(manager, me):
    assign(manager, me, READER, GROUP)
    with manager.acting_as(me):
        found = manager.arm("GET", f"{GROUP}/providers/Microsoft.Authorization/permissions").json()["value"]
    assert [one["actions"] for one in found] == [["*/read"]]


def test_whether_another_may_is_told(manager, me):
    """The owner asks of somebody else: by control action, and by data action."""
    assign(manager, me, READER, GROUP)
    asked = {"Subject": {"Attributes": {"ObjectId": me["properties"]["principalId"]}},
             "Actions": [{"Id": "Microsoft.ContainerRegistry/registries/pull/read", "IsDataAction": False},
                         {"Id": "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
                          "IsDataAction": True}]}  # fmt: skip
    answer = manager.arm("POST", f"{GROUP}/providers/Microsoft.Authorization/checkAccess", asked)
    assert [one["accessDecision"] for one in answer.json()] == ["Allowed", "NotAllowed"]


# ---- signing in by a pipeline's token -----------------------------------------------------------------------------


@pytest.fixture
def trusted(manager, me):
    """The identity, and a form that signs in as it with a token of a subject."""
    given = {"issuer": issuer.ISSUER, "subject": "repo:me/mine:environment:prod", "audiences": [AUDIENCE]}
    manager.put(f"{IDENTITY}/federatedIdentityCredentials/pipeline", {"properties": given})
    key = issuer.beside(manager.azure.context.state)

    def form(subject=given["subject"], audience=AUDIENCE, lifetime=300, client=me["properties"]["clientId"]):
        return {"grant_type": "client_credentials", "client_id": client,
                "scope": "https://management.azure.com/.default",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": issuer.token(key, subject, audience, lifetime)}  # fmt: skip

    return form


def test_a_pipelines_token_signs_in_as_the_identity(manager, me, trusted):
    granted = manager.send("POST", TOKEN_URL, data=trusted()).json()
    manager.token = granted["access_token"]
    assert manager.arm("GET", GROUP).json() == denied(
        me, "Microsoft.Resources/subscriptions/resourceGroups/read", GROUP
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"subject": "repo:me/mine:pull_request"}, "AADSTS700213: No matching federated identity record found for "
         "presented assertion subject 'repo:me/mine:pull_request'."),
        ({"audience": "sts.amazonaws.com"}, "AADSTS700212: No matching federated identity record"),
        ({"lifetime": -10}, "AADSTS700024: Client assertion is not within its valid time range."),
        ({"client": CLIENT_ID}, "AADSTS700016: Application with identifier"),
    ],
)  # fmt: skip
def test_any_other_does_not(manager, trusted, change, says):
    answer = manager.send("POST", TOKEN_URL, data=trusted(**change))
    assert answer.status_code in (400, 401)
    assert answer.json()["error_description"].startswith(says)


def test_nor_does_one_that_somebody_else_signed(manager, trusted, tmp_path):
    forged = issuer.token(tmp_path / "another.pem", "repo:me/mine:environment:prod", AUDIENCE)
    answer = manager.send("POST", TOKEN_URL, data={**trusted(), "client_assertion": forged})
    assert answer.json()["error_description"] == "AADSTS50013: Assertion failed signature validation."


# ---- conditions: who may give roles, and which -----------------------------------------------------------------------

ONLY_READER = (
    "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR "
    "(@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals "
    f"{{{READER}}})) AND ((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/delete'}})) OR "
    "(@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals "
    f"{{{READER}}}))"
)


def test_a_condition_says_which_roles_its_holder_gives_and_takes(manager, me):
    place = f"{SUB}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    given = {"roleDefinitionId": f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{ADMINISTRATOR}",
             "principalId": me["properties"]["principalId"], "condition": ONLY_READER}  # fmt: skip
    assert manager.arm("PUT", place, {"properties": given}).status_code == 201
    with manager.acting_as(me):
        assigned = assign(manager, me, READER, GROUP)
        assert manager.arm("DELETE", assigned).status_code == 200
        with pytest.raises(AssertionError, match="does not have authorization to perform"):
            assign(manager, me, CONTRIBUTOR, GROUP)
        assert manager.arm("DELETE", place).json()["error"]["code"] == "AuthorizationFailed"


def test_a_condition_that_is_not_understood_is_refused(manager, me):
    place = f"{SUB}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    other = "@Principal[department] StringLike 'x'"
    given = {"roleDefinitionId": f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{READER}",
             "principalId": me["properties"]["principalId"], "condition": other}  # fmt: skip
    answer = manager.arm("PUT", place, {"properties": given})
    assert answer.json()["error"]["code"] == "InvalidConditionOrConditionVersion"
