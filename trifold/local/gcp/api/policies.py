"""IAM policies: who may do what, and how a policy is read, changed (with its etag) and kept."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from trifold.local.gcp.api.errors import GoogleError, invalid, refused
from trifold.local.hostile import Hostile, Lagging

Policy = Mapping[str, Any]

MEMBER_KINDS = ("user:", "serviceAccount:", "group:", "domain:", "principal:", "principalSet:", "deleted:", "project")
PUBLIC = ("allUsers", "allAuthenticatedUsers")


class Held:
    """A policy of something: as it was set last (`now`), and as it is in effect (`seen`)."""

    def __init__(self, policy: Policy, hostile: Hostile | None = None, about: str = "") -> None:
        self._now = dict(policy)
        # "Typically 2 minutes, potentially 7 or longer": https://cloud.google.com/iam/docs/access-change-propagation
        self._late: Lagging[Policy] | None = None
        if hostile is not None:
            self._late = hostile.lagging(f"grants of {about}", self._now, hostile.measures.grants)

    @property
    def now(self) -> dict[str, Any]:
        return self._now

    @property
    def seen(self) -> Policy:
        return self._now if self._late is None else self._late.seen

    def set(self, policy: Policy) -> dict[str, Any]:
        """Keep another one; gives it."""
        self._now = dict(policy)
        if self._late is not None:
            self._late.set(self._now)
        return self._now

    def account_deleted(self, address: str, unique: str) -> None:
        """What named the account names one that is gone, and no new one of the same address
        (https://cloud.google.com/iam/docs/service-accounts-delete-undelete)."""
        old, gone = f"serviceAccount:{address}", f"deleted:serviceAccount:{address}?uid={unique}"
        if old in members(self._now):
            bindings = [
                {**one, "members": sorted(gone if member == old else member for member in one["members"])}
                for one in self._now["bindings"]
            ]
            self._now = with_etag({**self._now, "bindings": bindings})
            if self._late is not None:
                self._late.history.append((self._late.history[-1][0], self._now))


def known_as(caller: str) -> tuple[str, ...]:
    """The members of a policy that a caller is: "x@y" of an account, "principal://..." of a pool, "" of nobody."""
    if not caller:
        return ("allUsers",)
    if caller.startswith("principal://"):
        pool = caller.removeprefix("principal://").partition("/subject/")[0]
        return (caller, f"principalSet://{pool}/*", *PUBLIC)
    return (f"serviceAccount:{caller}", *PUBLIC)


def roles_of(policy: Policy, caller: str) -> Iterator[str]:
    """The roles that a policy's bindings give a caller."""
    names = known_as(caller)
    for binding in policy.get("bindings", ()):
        if any(one in names for one in binding.get("members", ())):
            yield binding["role"]


def empty() -> dict[str, Any]:
    return with_etag({"version": 1, "bindings": []})


def with_etag(policy: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in policy.items() if name != "etag"}
    digest = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).digest()[:8]
    return {**kept, "etag": base64.b64encode(digest).decode()}


def replaced(
    old: Policy, new: Policy, http: int | None = None, check: Callable[[str, str], None] | None = None
) -> dict[str, Any]:
    """The policy to keep. Raises ABORTED where the etag is an older one, INVALID_ARGUMENT for a bad member or role.
    http: the status of the ABORTED answer, where a service has another one (Cloud Storage: 412). check: of a new
    (role, member), raises what else Google refuses."""
    if new.get("etag") and new["etag"] != old["etag"]:
        message = (
            "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff."
        )
        raise GoogleError("ABORTED", message, http=http)
    bindings: dict[str, list[str]] = {}
    for binding in new.get("bindings", ()):
        if binding.get("condition"):
            raise refused("the field policy.bindings[].condition of setIamPolicy")
        _check(binding)
        bindings.setdefault(binding["role"], []).extend(binding.get("members", ()))
    kept = [{"role": role, "members": sorted(set(members))} for role, members in bindings.items() if members]
    before = {(one["role"], member) for one in old.get("bindings", ()) for member in one["members"]}
    for role, member in ((role, member) for role, given in bindings.items() for member in sorted(set(given))):
        if check is not None and (role, member) not in before:
            check(role, member)
    return with_etag({"version": 1, "bindings": kept})


def _check(binding: Mapping[str, Any]) -> None:
    role = binding.get("role", "")
    if not role.startswith(("roles/", "projects/", "organizations/")):
        raise invalid(f"Role {role} is not supported for this resource.")
    for member in binding.get("members", ()):
        if member not in PUBLIC and not member.startswith(MEMBER_KINDS):
            raise invalid(f"The member {member} is of an unknown type. Please set a valid type prefix for the member.")


def members(policy: Mapping[str, Any]) -> Iterable[str]:
    for binding in policy.get("bindings", ()):
        yield from binding.get("members", ())
