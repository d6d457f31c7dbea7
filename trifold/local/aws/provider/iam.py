"""IAM roles and the policies inside them."""

import json
from typing import Any

from trifold.local.aws.provider.base import gone, pairs, tag_changes, unpaired
from trifold.local.aws.provider.retries import again, found
from trifold.local.aws.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Autoname, ResourceType, Values

MISSING = "NoSuchEntity"
HOUR = 3600


def document(policy: Any) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy)


def _parsed(policy: Any) -> Any:
    return json.loads(document(policy))


def told(session: Session, client: Any, name: str) -> Values | None:
    """What IAM tells of a role at once; None where there is none."""
    one = gone(lambda: client.get_role(RoleName=name), MISSING)
    if one is None:
        return None
    role = one["Role"]
    return {
        **session.tag_outputs(unpaired(role.get("Tags", []))),
        "name": role["RoleName"],
        "namePrefix": "",
        "arn": role["Arn"],
        "path": role["Path"],
        "uniqueId": role["RoleId"],
        "createDate": role["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
        "description": role.get("Description", ""),
        "maxSessionDuration": role.get("MaxSessionDuration", HOUR),
    }


class Role(Resource):
    supported = supports("assumeRolePolicy description forceDetachPolicies maxSessionDuration name path tags")

    def make(self, session: Session, inputs: Values) -> str:
        more = {"Description": inputs.get("description"), "MaxSessionDuration": inputs.get("maxSessionDuration")}
        given = {
            "RoleName": inputs["name"],
            "Path": inputs.get("path") or "/",
            "AssumeRolePolicyDocument": document(inputs["assumeRolePolicy"]),
            "Tags": pairs(session.tags(inputs)),
            **{name: value for name, value in more.items() if value},
        }
        client = session.client("iam")
        again(lambda: _create_role(client, given), "ConcurrentModification")
        return inputs["name"]

    def settle(self, session: Session, id: str, inputs: Values) -> None:
        found(lambda: gone(lambda: session.client("iam").get_role(RoleName=id), MISSING))

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("iam")
        role = told(session, client, id)
        if role is None:
            return None
        attached = client.list_attached_role_policies(RoleName=id)["AttachedPolicies"]
        return {
            **role,
            "forceDetachPolicies": bool(inputs.get("forceDetachPolicies")),
            "managedPolicyArns": [one["PolicyArn"] for one in attached],
            "inlinePolicies": _inline(client, id),
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        client = session.client("iam")
        # What did not change is not asked for, as the official provider has it: it would take a right more.
        if _parsed(inputs["assumeRolePolicy"]) != _parsed(old.get("assumeRolePolicy", "{}")):
            client.update_assume_role_policy(RoleName=id, PolicyDocument=document(inputs["assumeRolePolicy"]))
        described = (inputs.get("description") or "", inputs.get("maxSessionDuration") or HOUR)
        if described != (old.get("description"), old.get("maxSessionDuration")):
            client.update_role(RoleName=id, Description=described[0], MaxSessionDuration=described[1])
        put, removed = tag_changes(session, old, inputs)
        if put:
            client.tag_role(RoleName=id, Tags=pairs(put))
        if removed:
            client.untag_role(RoleName=id, TagKeys=removed)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("iam")
        # It is in none that could be made here; the official provider looks all the same.
        gone(lambda: client.list_instance_profiles_for_role(RoleName=id), MISSING)
        if outputs.get("forceDetachPolicies"):
            for name in _inline_names(client, id):
                client.delete_role_policy(RoleName=id, PolicyName=name)
        again(lambda: gone(lambda: client.delete_role(RoleName=id), MISSING), "DeleteConflict")

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("name")


def _create_role(client: Any, given: Values) -> Any:
    return again(lambda: client.create_role(**given), "MalformedPolicyDocument", word="Invalid principal in policy")


def _inline_names(client: Any, role: str) -> list[str]:
    held = gone(lambda: client.list_role_policies(RoleName=role), MISSING)
    return held["PolicyNames"] if held else []


def _inline(client: Any, role: str) -> list[Values]:
    names = _inline_names(client, role)
    policies = {name: client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names}
    return [{"name": name, "policy": json.dumps(policy)} for name, policy in policies.items()]


class RolePolicy(Resource):
    supported = supports("name policy role")

    def make(self, session: Session, inputs: Values) -> str:
        session.client("iam").put_role_policy(
            RoleName=inputs["role"], PolicyName=inputs["name"], PolicyDocument=document(inputs["policy"])
        )
        return f"{inputs['role']}:{inputs['name']}"

    def settle(self, session: Session, id: str, inputs: Values) -> None:
        found(lambda: self.look(session, id, inputs))

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        role, _, name = id.partition(":")
        client = session.client("iam")
        one = gone(lambda: client.get_role_policy(RoleName=role, PolicyName=name), MISSING)
        if one is None:
            return None
        return {"role": role, "name": name, "namePrefix": "", "policy": json.dumps(one["PolicyDocument"])}

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        self.make(session, inputs)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        role, _, name = id.partition(":")
        gone(lambda: session.client("iam").delete_role_policy(RoleName=role, PolicyName=name), MISSING)

    def find(self, session: Session, inputs: Values) -> str | None:
        return f"{inputs['role']}:{inputs['name']}"


class Policy(Resource):
    """A policy that is attached to nobody by itself. Its id is its ARN."""

    supported = supports("description name path policy tags")

    def make(self, session: Session, inputs: Values) -> str:
        described = {"Description": inputs["description"]} if inputs.get("description") else {}
        made = session.client("iam").create_policy(
            PolicyName=inputs["name"],
            Path=inputs.get("path") or "/",
            PolicyDocument=document(inputs["policy"]),
            Tags=pairs(session.tags(inputs)),
            **described,
        )
        return str(made["Policy"]["Arn"])

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("iam")
        found = gone(lambda: client.get_policy(PolicyArn=id), MISSING)
        if found is None:
            return None
        policy = found["Policy"]
        version = client.get_policy_version(PolicyArn=id, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
        return {
            **session.tag_outputs(unpaired(policy.get("Tags", []))),
            "name": policy["PolicyName"],
            "namePrefix": "",
            "arn": id,
            "path": policy["Path"],
            "policyId": policy["PolicyId"],
            "policy": json.dumps(version["Document"]),
            "description": policy.get("Description", ""),
            "attachmentCount": policy.get("AttachmentCount", 0),
        }

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        gone(lambda: session.client("iam").delete_policy(PolicyArn=id), MISSING)


TYPES = (
    ResourceType("aws:iam/role:Role", "pulumi_aws.iam.role:RoleArgs", Role(), autoname=Autoname("name", 64)),
    ResourceType(
        "aws:iam/rolePolicy:RolePolicy",
        "pulumi_aws.iam.role_policy:RolePolicyArgs",
        RolePolicy(),
        autoname=Autoname("name", 128, unique_with=("role",)),
    ),
    ResourceType(
        "aws:iam/policy:Policy",
        "pulumi_aws.iam.policy:PolicyArgs",
        Policy(),
        autoname=Autoname("name", 128),
        # The official provider keeps versions of the document; there are none here.
        replace=("description", "name", "path", "policy", "tags"),
    ),
)
