"""Faults that no local cloud can hold, planted in answers as the vendors document them."""

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from infra import needed
from infra.brought import Brought, Network
from infra.naming import Names
from trifold.doctor import aws, azure, gcp
from trifold.doctor.checks import CHECKS, ERROR, UNKNOWN, WARNING, Ask
from trifold.facts.needs import NEEDS

NAMES = {"group": "trifold-prod", "storage": "trifoldprod", "registry": "trifoldprod", "vault": "trifold-prod-vault"}
TAGS = {"project": "trifold", "stack": "prod"}
OWN = Names("azure", "trifold", "prod", "0123", "westeurope")
ASK = Ask("azure", "trifold", "prod", "0123", "westeurope", "", {}, NAMES, TAGS, places=needed.places(OWN, Brought()))
CONTRIBUTOR = {
    "actions": ["*"],
    "notActions": ["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"],
}


class Answers:
    """A client whose Resource Manager answers by the end of the path."""

    subscription, object_id = "/subscriptions/0123", "some-object-id"

    def translated(self):
        return nullcontext()

    def __init__(self, **answers):
        self._answers = answers

    def get(self, path, version):
        return self.send("GET", path, version)

    def send(self, method, path, version, body=None):
        found = self._answers.get(path.rpartition("/")[2])
        return (404, {"error": {"code": "ResourceNotFound"}}) if found is None else (200, found)

    def all(self, path, version):
        return azure.expected(*self.get(path, version))["value"]


def test_a_contributor_may_not_assign_roles():
    (found,) = azure.permissions(Answers(permissions={"value": [CONTRIBUTOR]}), ASK)
    assert found.severity == ERROR and "Microsoft.Authorization/roleAssignments/write" in found.what
    assert found.mend == (
        "az role assignment create --assignee some-object-id --role 'Role Based Access Control Administrator' "
        "--scope /subscriptions/0123"
    )


def test_a_second_assignment_gives_what_the_first_takes_away():
    more = {"actions": ["Microsoft.Authorization/roleAssignments/*"], "notActions": []}
    assert not list(azure.permissions(Answers(permissions={"value": [CONTRIBUTOR, more]}), ASK))


VNET = "/subscriptions/0456/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub"
NETWORK = Network(VNET, subnets=(f"{VNET}/subnets/private",))


def with_network(**changes):
    """A stack in a private network, as `doctor` asks for it."""
    brought = Brought(network=NETWORK)
    return replace(ASK, features=needed.features(brought), places=needed.places(OWN, brought), **changes)


def test_a_network_takes_rights_in_the_group_and_on_the_network_itself():
    """Who may do all in the stack's group may not put an endpoint into somebody else's subnet."""

    class Hub(Answers):
        def get(self, path, version):
            return (200, {"value": []}) if "/virtualNetworks/" in path else super().get(path, version)

    assigns = {"actions": ["Microsoft.Authorization/roleAssignments/*"], "notActions": []}
    answers = Hub(permissions={"value": [CONTRIBUTOR, assigns]})
    assert not list(azure.permissions(answers, ASK))
    found = {one.where: one for one in azure.permissions(answers, with_network())}
    assert set(found) == {NETWORK.network, NETWORK.subnets[0]}
    subnet = found[NETWORK.subnets[0]]
    assert "needs Microsoft.Network/virtualNetworks/subnets/join/action" in subnet.what
    assert subnet.mend == (
        f"az role assignment create --assignee some-object-id --role 'Network Contributor' --scope {NETWORK.subnets[0]}"
    )


class Google:
    """A client whose IAM lets the caller do what is not listed here, and tells what was asked of what."""

    member = "user:me@example.com"

    def __init__(self, *lacking):
        self.lacking, self.asked = lacking, []

    def translated(self):
        return nullcontext()

    def request(self, method, url, body=None):
        self.asked.append(url)
        return 200, {"permissions": [one for one in (body or {}).get("permissions", []) if one not in self.lacking]}


def test_what_is_not_the_projects_is_asked_of_itself():
    key = "projects/keys/locations/us-central1/keyRings/team/cryptoKeys/models"
    names, brought = Names("gcp", "trifold", "prod", "my-project", "us-central1"), Brought(key=key)
    plain = replace(ASK, cloud="gcp", account="my-project", places=needed.places(names, Brought()))
    ask = replace(
        plain,
        features=needed.features(brought, ("budget",)),
        places=needed.places(names, brought, "01AB23-45CD67-89EF01"),
    )
    client = Google("cloudkms.cryptoKeys.setIamPolicy", "billing.budgets.create")
    assert not list(gcp.permissions(client, plain))
    assert client.asked == ["https://cloudresourcemanager.googleapis.com/v1/projects/my-project:testIamPermissions"]
    found = {one.where: one for one in gcp.permissions(client, ask)}
    assert set(found) == {key, "billingAccounts/01AB23-45CD67-89EF01"}
    assert found[key].mend == (
        f"gcloud kms keys add-iam-policy-binding {key} --member=user:me@example.com --role=roles/cloudkms.admin"
    )
    assert "gcloud billing accounts add-iam-policy-binding 01AB23" in found["billingAccounts/01AB23-45CD67-89EF01"].mend
    assert f"https://cloudkms.googleapis.com/v1/{key}:testIamPermissions" in client.asked


@pytest.mark.parametrize(("name", "held"), [("trifold-prod-vault", True), ("of-another", False)])
def test_a_name_that_a_deleted_vault_holds(name, held):
    vault = {"name": name, "properties": {"vaultId": "/id", "scheduledPurgeDate": "2026-12-01T00:00:00Z"}}
    answers = Answers(deletedVaults={"value": [vault]}, checkNameAvailability={"nameAvailable": True})
    found = list(azure.names(answers, ASK))
    assert bool(found) == held
    if held:
        assert found[0].severity == ERROR and "until 2026-12-01" in found[0].what
        assert f"az keyvault recover -n {name}" in found[0].mend and f"az keyvault purge -n {name}" in found[0].mend


GONE = {
    "correlationId": "first",
    "eventTimestamp": "2026-11-20T08:05:00.1234567Z",
    "operationName": {"value": "Microsoft.MachineLearningServices/workspaces/delete", "localizedValue": "Delete"},
    "status": {"value": "Succeeded", "localizedValue": "Succeeded"},
}

PURGED = {**GONE, "correlationId": "second", "eventTimestamp": "2026-11-20T09:00:00Z"}
MADE = {
    **GONE,
    "eventTimestamp": "2026-11-20T08:00:00Z",
    "operationName": {"value": "Microsoft.MachineLearningServices/workspaces/write"},
}
REMADE = {**MADE, "correlationId": "third", "eventTimestamp": "2026-11-20T08:30:00Z"}
TOLD = {
    "deleted": ([GONE], True),
    "made and deleted": ([GONE, MADE], True),
    "never there": ([], False),
    "made": ([MADE], False),
    "a delete that was denied": ([{**GONE, "status": {"value": "Failed"}}], False),
    "told twice": ([GONE, GONE], True),
    "purged": ([PURGED, GONE], False),
    "purged, made and deleted": ([PURGED, REMADE, GONE], True),
}


@pytest.mark.parametrize(("events", "held"), TOLD.values(), ids=TOLD)
def test_a_name_that_a_deleted_workspace_may_hold(events, held):
    class Told(Answers):
        def send(self, method, path, version, body=None):
            if version == "activity":
                assert "resourceUri%20eq%20%27%2Fsubscriptions%2F0123%2FresourceGroups%2Ftrifold-prod%2F" in path
                return 200, {"value": events}
            return super().send(method, path, version, body)

    asked = replace(ASK, names={**NAMES, "workspace": "trifold-prod-ml"})
    answers = {"deletedVaults": {"value": []}, "checkNameAvailability": {"nameAvailable": True}}
    assert list(azure.names(Told(**answers, **{"trifold-prod-ml": {}}), asked)) == []  # it is there again
    found = list(azure.names(Told(**answers), asked))
    assert [one.severity for one in found] == [WARNING] * held
    if held:
        assert "trifold-prod-ml was deleted on 2026-11-20 at 0" in found[0].what
        assert "until 2026-12-04" in found[0].what and found[0].where.endswith("/workspaces/trifold-prod-ml")
        assert found[0].mend.startswith("trifold sweep azure -s prod --delete --purge")


def test_a_part_that_is_refused_hides_no_other():
    """Without the right to check the names, the group is still seen."""
    found = list(azure.names(Answers(**{"trifold-prod": {"tags": {"stack": "another"}}}), ASK))
    assert [one.severity for one in found] == [ERROR, UNKNOWN, UNKNOWN, UNKNOWN]
    assert "trifold-prod is there already" in found[0].what and "ResourceNotFound" in found[1].what


def test_a_subscription_that_does_not_pay():
    class Warned(Answers):
        def get(self, path, version):
            return 200, {"state": "Warned"}

    (found,) = azure.identity(Warned(), ASK)
    assert (found.severity, found.mend) == (ERROR, "az account subscription enable --id 0123")


def test_a_new_project_has_the_api_off_that_tells_of_projects():
    """As Google answers it: https://cloud.google.com/apis/design/errors (ErrorInfo, SERVICE_DISABLED)."""
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "SERVICE_DISABLED",
        "domain": "googleapis.com",
        "metadata": {"service": "cloudresourcemanager.googleapis.com", "consumer": "projects/my-project"},
    }
    message = "Cloud Resource Manager API has not been used in project my-project before or it is disabled."

    class Off:
        def get(self, address, name=""):
            return 403, {"error": {"code": 403, "status": "PERMISSION_DENIED", "message": message, "details": [info]}}

    (found,) = gcp.identity(Off(), replace(ASK, cloud="gcp", account="my-project", configured="my-project"))
    assert found.severity == ERROR and "has not been used" in found.what
    assert found.mend == "gcloud services enable cloudresourcemanager.googleapis.com --project my-project"


def test_the_root_user_may_do_all_and_should_not():
    class Root:
        caller = {"Arn": "arn:aws:iam::123456789012:root"}

    (found,) = aws.permissions(Root(), ASK)
    assert found.severity == WARNING and found.mend.startswith("aws sso login")


def test_the_role_of_a_session_has_its_path_again():
    from botocore.session import Session
    from botocore.stub import Stubber

    iam = Session().create_client("iam", "us-east-1", aws_access_key_id="AKIA", aws_secret_access_key="secret")
    arn = "arn:aws:iam::123456789012:role/aws-reserved/sso/Deploys"
    role = {"Path": "/aws-reserved/sso/", "RoleName": "Deploys", "RoleId": "AROA12345678901234567", "Arn": arn}
    with Stubber(iam) as stub:
        stub.add_response("get_role", {"Role": {**role, "CreateDate": "2026-01-01T00:00:00Z"}}, {"RoleName": "Deploys"})
        assert aws._principal(lambda _: iam, "arn:aws:sts::123456789012:assumed-role/Deploys/me") == arn


def test_the_page_lists_what_it_takes_to_ask():
    page = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "doctor.md").read_text()
    for check in CHECKS:
        actions = [f"`{action}`" for cloud in ("aws", "azure", "gcp") for action in check.needs[cloud]]
        assert f"| {check.id} | {', '.join(actions) or 'none'} |" in page


def test_the_actions_of_the_table_are_the_vendors_own():
    """Each service of AWS has an API by that name in botocore, or an action that is documented beside it."""
    from botocore.session import Session

    models = Session()
    others = {
        "iam:PassRole",
        "ecr:TagResource",
        "ecr:ListTagsForResource",
        "budgets:ModifyBudget",
        "budgets:ViewBudget",
    }
    renamed = {
        "s3:ListBucket", "s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration",
        "s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration", "s3:GetBucketPublicAccessBlock",
        "s3:PutBucketPublicAccessBlock", "s3:GetBucketCORS", "s3:GetAccelerateConfiguration",
        "s3:GetReplicationConfiguration", "s3:GetBucketObjectLockConfiguration", "s3:ListBucketVersions",
        "s3:DeleteObjectVersion",
    }  # fmt: skip
    for need in NEEDS["aws"].values():
        for action in set(need.actions) - others - renamed:
            service, _, name = action.partition(":")
            assert name in models.get_service_model(service).operation_names, action


def test_the_permissions_of_the_table_are_googles_own():
    """As far as the local cloud's table of Google's roles knows the resource."""
    from trifold.local.gcp.api.roles import valid

    for need in NEEDS["gcp"].values():
        assert all(valid(action) for action in need.actions), need.actions
