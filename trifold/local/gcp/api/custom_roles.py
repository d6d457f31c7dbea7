"""Roles: the predefined ones, and a project's own (iam.v1: roles, projects.roles).

A deleted one keeps its id: for 7 days it can be had back, for 37 in all no other can be made of the same id
(https://cloud.google.com/iam/docs/creating-custom-roles#deleting-custom-role). Time does not go by that fast here.
"""

import re
import uuid
from functools import cache
from typing import Any

from trifold.local.gcp.api import roles
from trifold.local.gcp.api.errors import GoogleError, invalid, not_found
from trifold.local.gcp.api.schema import mask_paths
from trifold.local.gcp.api.wire import Call
from trifold.local.gcp.cloud import PROJECT
from trifold.local.hostile import Hostile, Lagging

IDENT = re.compile(r"[a-zA-Z0-9_.]{3,64}")
CHANGEABLE = ("title", "description", "includedPermissions", "stage")
# A project's most: https://cloud.google.com/iam/quotas
MOST_PERMISSIONS = 3000
BASE = "projects.roles"


class CustomRoles:
    """By name ("projects/P/roles/R")."""

    def __init__(self, hostile: Hostile | None = None) -> None:
        self._hostile = hostile
        self._roles: dict[str, dict[str, Any]] = {}
        self._effects: dict[str, Lagging[frozenset[str]]] = {}

    def handlers(self) -> dict[str, Any]:
        return {
            f"{BASE}.create": self.create,
            f"{BASE}.get": self.get,
            f"{BASE}.list": self.list,
            f"{BASE}.patch": self.patch,
            f"{BASE}.delete": self.delete,
            f"{BASE}.undelete": self.undelete,
            "roles.get": self.get_predefined,
        }

    def has(self, role: str, permission: str) -> bool:
        """Whether a role gives a permission now."""
        if role in self._effects:
            return permission in self._effects[role].seen
        mine = self._permissions(role) if role in self._roles else _predefined(role)
        return permission in mine

    def exists(self, name: str) -> bool:
        return name in self._roles and not self._roles[name].get("deleted")

    def create(self, call: Call) -> Any:
        ident, given = call.body.get("roleId", ""), call.body.get("role", {})
        if not IDENT.fullmatch(ident):
            raise invalid(f"The role_id {ident} must match {IDENT.pattern}.")
        name = f"projects/{PROJECT}/roles/{ident}"
        if name in self._roles:
            # terraform-google-modules/terraform-google-bootstrap#92 has both.
            kept = "deleted and purged. It can't be reused" if self._roles[name].get("deleted") else "already in use"
            raise GoogleError("ALREADY_EXISTS", f"A role named {ident} in {name.rpartition('/roles')[0]} {kept}.")
        _check(given)
        described = {field: given[field] for field in CHANGEABLE if given.get(field)}
        self._roles[name] = {"name": name, "stage": "ALPHA", **described, "etag": _etag()}
        self._take_effect(name)
        return self._roles[name]

    def get(self, call: Call) -> Any:
        return self._roles[self._name(call)]

    def list(self, call: Call) -> Any:
        shown = [one for _, one in sorted(self._roles.items()) if call.flag("showDeleted") or not one.get("deleted")]
        plain = [{field: value for field, value in one.items() if field != "includedPermissions"} for one in shown]
        return {"roles": shown if call.query.get("view") == "FULL" else plain}

    def patch(self, call: Call) -> Any:
        name = self._name(call, alive=True)
        role = self._roles[name]
        if call.body.get("etag") not in (None, "", role["etag"]):
            raise GoogleError("ABORTED", f"There were concurrent changes to the role {name}.")
        _check(call.body)
        paths = mask_paths(call.query.get("updateMask") or ",".join(set(call.body) & set(CHANGEABLE)), CHANGEABLE)
        kept = {field: value for field, value in role.items() if field not in paths}
        self._roles[name] = {**kept, **{path: call.body[path] for path in paths if path in call.body}, "etag": _etag()}
        self._take_effect(name)
        return self._roles[name]

    def delete(self, call: Call) -> Any:
        name = self._name(call, alive=True)
        self._roles[name] |= {"deleted": True, "etag": _etag()}
        self._take_effect(name)
        return self._roles[name]

    def undelete(self, call: Call) -> Any:
        name = self._name(call)
        if not self._roles[name].pop("deleted", False):
            raise GoogleError("FAILED_PRECONDITION", f"The role {name} is not deleted.")
        self._take_effect(name)
        return self._roles[name]

    def get_predefined(self, call: Call) -> Any:
        name = f"roles/{call.path['rolesId']}"
        if name not in roles.ROLES:
            raise not_found(f"The role named {name} was not found.")
        return {"name": name, "includedPermissions": sorted(_predefined(name)), "stage": "GA", "etag": "AA=="}

    def _permissions(self, name: str) -> frozenset[str]:
        role = self._roles[name]
        return frozenset(() if role.get("deleted") else role.get("includedPermissions", ()))

    def _take_effect(self, name: str) -> None:
        if self._hostile is None:
            return
        if name not in self._effects:
            nothing: frozenset[str] = frozenset()
            self._effects[name] = self._hostile.lagging(f"role {name}", nothing, self._hostile.measures.grants)
        self._effects[name].set(self._permissions(name))

    def _name(self, call: Call, alive: bool = False) -> str:
        name = f"projects/{PROJECT}/roles/{call.path['rolesId']}"
        if name not in self._roles:
            raise not_found(f"The role named {name} was not found.")
        if alive and self._roles[name].get("deleted"):
            raise GoogleError("FAILED_PRECONDITION", f"You can't change role {name}, because it is deleted.")
        return name


@cache
def _predefined(name: str) -> frozenset[str]:
    return roles.permissions(name)


def _check(role: dict[str, Any]) -> None:
    given = role.get("includedPermissions", [])
    wrong = [one for one in given if not roles.valid(one)]
    if wrong:
        raise invalid(f"Permission {wrong[0]} is not valid.")  # hashicorp/terraform-provider-google#5569
    if len(given) > MOST_PERMISSIONS:
        raise invalid(f"The number of permissions in the role exceeds the limit of {MOST_PERMISSIONS}.")


def _etag() -> str:
    return f"BwX{uuid.uuid4().hex[:8]}="
