"""Role assignments: built-in roles by id, given to one principal at one scope, under a name that is always the same.

A grant that something else needs is waited for: Azure takes seconds to minutes until it is in effect.
"""

import uuid
from collections.abc import Iterable, Mapping

import pulumi
from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import authorization

from trifold.plugin.resources.azureaccess import RoleInEffect, RoleInEffectArgs

# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
# Key Vault Crypto Service Encryption User: to wrap and unwrap with a key, for services that encrypt.
KEY_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
# What the kit uses of each: (actions, data actions).
USED: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    ACR_PULL: (("Microsoft.ContainerRegistry/registries/pull/read",), ()),
    BLOB_READER: ((), (f"{_BLOBS}/read",)),
    BLOB_CONTRIBUTOR: ((), (f"{_BLOBS}/read", f"{_BLOBS}/write", f"{_BLOBS}/delete")),
}

# All that the kit gives to anybody.
GIVEN = (ACR_PULL, BLOB_READER, BLOB_CONTRIBUTOR, KEY_USER)
_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


def only(given: Iterable[str]) -> str:
    """A condition on who may give and take roles: these alone. Without it, who may give roles can give itself all.

    https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
    """
    among = f"ForAnyOfAnyValues:GuidEquals {{{', '.join(given)}}}"
    return " AND ".join(
        f"((!(ActionMatches{{'{_ASSIGNMENTS}/{verb}'}})) OR (@{source}[{_ASSIGNMENTS}:RoleDefinitionId] {among}))"
        for verb, source in (("write", "Request"), ("delete", "Resource"))
    )


def grant(
    name: str, *, identity: str, role: str, principal: Input[str], scope: Input[str], subscription: str,
    opts: ResourceOptions, kind: authorization.PrincipalType | None = authorization.PrincipalType.SERVICE_PRINCIPAL,
    condition: str | None = None,
) -> authorization.RoleAssignment:  # fmt: skip
    """One assignment. identity: what makes its GUID, unique in the subscription; principal: an object id; kind: None
    where it may be a person or a service, and Azure is to look it up; condition: what else must hold."""
    definition = f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    return authorization.RoleAssignment(
        name,
        # An explicit GUID: a run that was killed finds what it made, and a second assignment of the same is refused.
        role_assignment_name=str(uuid.uuid5(uuid.NAMESPACE_URL, f"trifold/{subscription}/{identity}/{role}")),
        role_definition_id=definition,
        principal_id=principal,
        # Without it Azure looks a new identity up in the directory, and may not find it yet.
        principal_type=kind,
        condition=condition,
        condition_version="2.0" if condition else None,
        scope=scope,
        opts=opts,
    )


def in_effect(
    name: str, assigned: authorization.RoleAssignment, *, role: str, scope: Input[str], opts: ResourceOptions,
    may: Iterable[str] = (),
) -> RoleInEffect:  # fmt: skip
    """Once an assignment is in effect at its scope: of one of USED's roles, or of one's own with the actions it has."""
    actions, data_actions = USED[role] if role in USED else (tuple(may), ())
    return RoleInEffect(
        name,
        RoleInEffectArgs(
            principal_id=assigned.principal_id,
            scope=scope,
            assignment=assigned.id,
            actions=list(actions),
            data_actions=list(data_actions),
        ),
        opts=opts,
    )


def of(assignments: list[pulumi.Resource], value: Output[str]) -> Output[str]:
    """A value that is there once the assignments are."""
    ids = [one.id for one in assignments if isinstance(one, pulumi.CustomResource)]
    return Output.all(value, *ids).apply(lambda found: str(found[0]))
