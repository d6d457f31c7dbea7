"""Workload identity pools and their providers (iam.v1: projects.locations.workloadIdentityPools).

What is deleted keeps its id for 30 days, and can be undeleted so long
(https://cloud.google.com/iam/docs/manage-workload-identity-pools-providers).
"""

import re
from typing import Any

from trifold.local.gcp.api.errors import GoogleError, invalid, not_found, refused
from trifold.local.gcp.api.schema import mask_paths
from trifold.local.gcp.api.wire import Call
from trifold.local.gcp.cloud import NUMBER

BASE = "projects.locations.workloadIdentityPools"
PARENT = f"projects/{NUMBER}/locations/global/workloadIdentityPools"
IDENT = re.compile(r"[a-z0-9-]{4,32}")
CHANGEABLE = ("displayName", "description", "disabled", "attributeMapping", "attributeCondition", "oidc")
COMPARED = re.compile(r"assertion\.(\w+) == '([^']*)'")
KEPT_UNTIL = "2026-12-31T00:00:00Z"
TYPE = "type.googleapis.com/google.iam.v1beta.WorkloadIdentityPool"


class Pools:
    """Both kinds, by full name."""

    def __init__(self) -> None:
        self._all: dict[str, dict[str, Any]] = {}
        self._operations: dict[str, dict[str, Any]] = {}

    def handlers(self) -> dict[str, Any]:
        verbs = {
            "create": self.create,
            "get": self.get,
            "list": self.list,
            "patch": self.patch,
            "delete": self.delete,
            "undelete": self.undelete,
            "operations.get": self.operation,
        }
        return {f"{BASE}.{kind}{verb}": handler for kind in ("", "providers.") for verb, handler in verbs.items()}

    def live(self, name: str) -> dict[str, Any] | None:
        """A pool or provider that lets in."""
        found = self._all.get(name)
        return found if found and found["state"] == "ACTIVE" and not found.get("disabled") else None

    def create(self, call: Call) -> Any:
        ident = call.query.get("workloadIdentityPoolProviderId") or call.query.get("workloadIdentityPoolId", "")
        if not IDENT.fullmatch(ident) or ident.startswith("gcp-"):
            raise invalid(f"{ident} must match {IDENT.pattern} and must not begin with gcp-.")
        name = f"{self._parent(call)}/{ident}"
        if name in self._all:
            raise GoogleError("ALREADY_EXISTS", "Requested entity already exists")
        if name.count("/") > PARENT.count("/") + 1:
            _check(call.body)
        self._all[name] = {**call.body, "name": name, "state": "ACTIVE"}
        return self._done(name)

    def get(self, call: Call) -> Any:
        return self._all[self._name(call)]

    def list(self, call: Call) -> Any:
        parent = f"{self._parent(call)}/"
        found = [one for name, one in sorted(self._all.items()) if name.rpartition("/")[0] + "/" == parent]
        shown = [one for one in found if one["state"] == "ACTIVE" or call.flag("showDeleted")]
        return {f"workloadIdentityPool{'Provider' if 'providers' in parent else ''}s": shown}

    def patch(self, call: Call) -> Any:
        name = self._name(call)
        paths = {path.split(".")[0] for path in mask_paths(call.query.get("updateMask", ""), CHANGEABLE)}
        made = {**self._all[name], **{path: call.body[path] for path in paths if path in call.body}}
        if "oidc" in made:
            _check(made)
        self._all[name] = made
        return self._done(name)

    def delete(self, call: Call) -> Any:
        name = self._name(call)
        self._all[name] |= {"state": "DELETED", "expireTime": KEPT_UNTIL}
        return self._done(name)

    def undelete(self, call: Call) -> Any:
        name = self._name(call)
        self._all[name].pop("expireTime", None)
        self._all[name]["state"] = "ACTIVE"
        return self._done(name)

    def operation(self, call: Call) -> Any:
        name = f"projects/{NUMBER}/{call.address.split('/', 2)[2]}"
        if name not in self._operations:
            raise not_found(f"Operation {name} not found")
        return self._operations[name]

    def _parent(self, call: Call) -> str:
        if call.path["locationsId"] != "global":
            raise invalid(f"Location {call.path['locationsId']} is not supported; it must be global.")
        if ".providers." not in call.name:
            return PARENT
        return f"{PARENT}/{call.path['workloadIdentityPoolsId']}/providers"

    def _name(self, call: Call) -> str:
        """Raises NOT_FOUND."""
        key = "providersId" if ".providers." in call.name else "workloadIdentityPoolsId"
        name = f"{self._parent(call)}/{call.path[key]}"
        if name not in self._all:
            raise not_found("Requested entity was not found.")
        return name

    def _done(self, name: str) -> dict[str, Any]:
        """An operation that is done."""
        operation = f"{name}/operations/{len(self._operations) + 1}"
        kind = f"{TYPE}{'Provider' if '/providers/' in name else ''}"
        response = {"@type": kind, **self._all[name]}
        self._operations[operation] = {"name": operation, "done": True, "response": response}
        return self._operations[operation]


def accepts(condition: str, claims: dict[str, Any]) -> bool:
    """Whether a condition lets a token's claims in."""
    return not condition or any(str(claims.get(name)) == text for name, text in COMPARED.findall(condition))


def _check(provider: dict[str, Any]) -> None:
    """Raises what Google refuses, and 501 for what does not act here."""
    if not provider.get("oidc", {}).get("issuerUri"):
        raise refused("providers of another kind than oidc")
    mapping = provider.get("attributeMapping", {})
    if "google.subject" not in mapping:
        raise invalid("The attribute mapping must contain a mapping for google.subject.")
    if mapping != {"google.subject": "assertion.sub"}:
        raise refused("an attribute mapping of other than google.subject to assertion.sub")
    condition = provider.get("attributeCondition", "")
    if condition not in ("", "false") and not all(COMPARED.fullmatch(one) for one in condition.split(" || ")):
        raise refused(f"the attribute condition {condition}")
