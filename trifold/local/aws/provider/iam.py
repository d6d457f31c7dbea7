"""IAM roles and the policies inside them."""

import json
from typing import Any

from trifold.local.aws.provider.base import gone, pairs, tag_changes, unpaired
from trifold.local.aws.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Autoname, ResourceType, Values

MISSING = "NoSuchEntity"
HOUR = 3600


def document(policy: Any) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy)


class Role(Resource):
    supported = supports("assumeRolePolicy description forceDetachPolicies maxSessionDuration name path tags")

    def make(self, session: Session, inputs: Values) -> str:
        more = {"Description": inputs.get("description"), "MaxSessionDuration": inputs.get("maxSessionDuration")}
        session.client("iam").create_role(
            RoleName=inputs["name"],
            Path=inputs.get("path") or "/",
            AssumeRolePolicyDocument=document(inputs["assumeRolePolicy"]),
            Tags=pairs(session.tags(inputs)),
            **{name: value for name, value in more.items() if value},
        )
        return inputs["name"]

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("iam")
        found = gone(lambda: client.get_role(RoleName=id), MISSING)
        if found is None:
            return None
        role = found["Role"]
        attached = client.list_attached_role_policies(RoleName=id)["AttachedPolicies"]
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
            "forceDetachPolicies": bool(inputs.get("forceDetachPolicies")),
            "managedPolicyArns": [one["PolicyArn"] for one in attached],
            "inlinePolicies": _inline(client, id),
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        client = session.client("iam")
        client.update_assume_role_policy(RoleName=id, PolicyDocument=document(inputs["assumeRolePolicy"]))
        duration = inputs.get("maxSessionDuration") or HOUR
        client.update_role(RoleName=id, Description=inputs.get("description") or "", MaxSessionDuration=duration)
        put, removed = tag_changes(session, old, inputs)
        if put:
            client.tag_role(RoleName=id, Tags=pairs(put))
        if removed:
            client.untag_role(RoleName=id, TagKeys=removed)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("iam")
        if outputs.get("forceDetachPolicies"):
            for name in _inline_names(client, id):
                client.delete_role_policy(RoleName=id, PolicyName=name)
        gone(lambda: client.delete_role(RoleName=id), MISSING)

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("name")


def _inline_names(client: Any, role: str) -> list[str]:
    found = gone(lambda: client.list_role_policies(RoleName=role), MISSING)
    return found["PolicyNames"] if found else []


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

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        role, _, name = id.partition(":")
        client = session.client("iam")
        found = gone(lambda: client.get_role_policy(RoleName=role, PolicyName=name), MISSING)
        if found is None:
            return None
        return {"role": role, "name": name, "namePrefix": "", "policy": json.dumps(found["PolicyDocument"])}

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        self.make(session, inputs)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        role, _, name = id.partition(":")
        gone(lambda: session.client("iam").delete_role_policy(RoleName=role, PolicyName=name), MISSING)

    def find(self, session: Session, inputs: Values) -> str | None:
        return f"{inputs['role']}:{inputs['name']}"


TYPES = (
    ResourceType("aws:iam/role:Role", "pulumi_aws.iam.role:RoleArgs", Role(), autoname=Autoname("name", 64)),
    ResourceType(
        "aws:iam/rolePolicy:RolePolicy",
        "pulumi_aws.iam.role_policy:RolePolicyArgs",
        RolePolicy(),
        autoname=Autoname("name", 128, unique_with=("role",)),
    ),
)
