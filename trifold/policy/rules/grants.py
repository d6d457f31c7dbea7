"""Grants: no wildcards, no administrators, no impersonation of all accounts."""

import re
from collections.abc import Iterator
from typing import Any, Final

from trifold.policy.documents import allowing, listed
from trifold.policy.grants import (
    AWS_ATTACHMENTS,
    AWS_DOCUMENTS,
    AZURE_WIDE,
    GCP_BASIC,
    GCP_IMPERSONATING,
    GCP_WIDE,
    gcp_grants,
)
from trifold.policy.resource import Hidden, Resource
from trifold.policy.rule import Context, Rule, Said, judged, unsure

ROLE: Final = "azure-native:authorization:RoleDefinition"
ASSIGNMENT: Final = "azure-native:authorization:RoleAssignment"
# A subscription, a management group, or all there is; what is inside a resource group is not wide.
WIDE_SCOPE: Final = re.compile(
    r"^/?$|^/subscriptions/[^/]+/?$|^/providers/Microsoft\.Management/managementGroups/[^/]+/?$", re.IGNORECASE
)
ADMIN_POLICY: Final = re.compile(
    r"^arn:[^:]+:iam::aws:policy/(.*/)?(AdministratorAccess|PowerUserAccess|IAMFullAccess)$"
)
FULL_POLICY: Final = re.compile(r"^arn:[^:]+:iam::aws:policy/(.*/)?\w*FullAccess(V\d+)?$")
# Actions whose resource IAM itself does not let one name (Service Authorization Reference: no resource type).
NO_RESOURCE: Final = (
    *("ecr:getauthorizationtoken", "cloudwatch:putmetricdata", "sts:getcalleridentity", "logs:describeloggroups"),
    *("s3:listallmybuckets", "ec2:describe", "xray:puttracesegments", "xray:puttelemetryrecords"),
    *("pricing:", "tag:getresources", "servicequotas:list", "ec2:createnetworkinterface", "ec2:deletenetworkinterface"),
)


def _documents(resource: Resource) -> Iterator[tuple[str, Any]]:
    for path in AWS_DOCUMENTS.get(resource.type, ()):
        yield from resource.each(path)


def _actions(resource: Resource, _context: Context) -> Iterator[Said]:
    """Wildcards in what may be done: * and service:*, and all but some actions."""
    for path, value in _documents(resource):
        for statement, untold in allowing(path, value):
            if untold:
                yield untold
            elif statement:
                yield from (Said(path, f"allows {one}") for one in _wild(statement))
    if resource.type == ROLE:
        for path in ("permissions[*].actions[*]", "permissions[*].dataActions[*]"):
            for place, value in resource.each(path):
                yield from judged(place, value, _azure_narrow, f"allows {value}")


def _wild(statement: Any) -> Iterator[str]:
    if "NotAction" in statement:
        yield f"all actions but {', '.join(map(str, listed(statement['NotAction'])))}"
    yield from (one for one in map(str, listed(statement.get("Action"))) if one.rpartition(":")[2] == "*")


def _azure_narrow(action: Any) -> bool:
    """Not *, not */write, not Microsoft.Storage/*: the provider and the kind of resource are named."""
    parts = str(action).split("/")
    return parts[0] != "*" and not (len(parts) == 2 and parts[1] == "*")


def _resources(resource: Resource, _context: Context) -> Iterator[Said]:
    """Actions that could name their resource and are granted on all."""
    for path, value in _documents(resource):
        for statement, untold in allowing(path, value):
            if untold:
                yield untold
            elif statement and ("*" in listed(statement.get("Resource")) or "NotResource" in statement):
                could = [one for one in map(str, listed(statement.get("Action"))) if not _is_global(one)]
                if could:
                    yield Said(path, f"allows {', '.join(could)} on every resource")


def _is_global(action: str) -> bool:
    return action.lower().startswith(NO_RESOURCE)


def _admin(resource: Resource, _context: Context) -> Iterator[Said]:
    """Administrators: by a managed policy, a built-in role at a subscription, a basic role."""
    for path in AWS_ATTACHMENTS.get(resource.type, ()):
        for place, value in resource.each(path):
            yield from judged(place, value, lambda one: not _is_full(one), f"gives {str(value).rpartition('/')[2]}")
    if resource.type == ASSIGNMENT:
        yield from _azure_admin(resource)
    elif resource.type in GCP_WIDE:
        yield from _roles(resource, GCP_BASIC, "gives the basic role {0}")


def _roles(resource: Resource, wide: tuple[str, ...], text: str) -> Iterator[Said]:
    """Grants of these roles; a role that is not known yet may be one of them."""
    for one in gcp_grants(resource):
        yield from judged(one.role_path, one.role, lambda role: role not in wide, text.format(one.role))


def _is_full(arn: Any) -> bool:
    return bool(ADMIN_POLICY.match(str(arn)) or FULL_POLICY.match(str(arn)))


def _azure_admin(resource: Resource) -> Iterator[Said]:
    role, scope = resource.at("roleDefinitionId"), resource.at("scope")
    if isinstance(role, Hidden):
        yield unsure("roleDefinitionId", role)
        return
    name = AZURE_WIDE.get(str(role).rpartition("/")[2].lower())
    if name:
        yield from judged("scope", scope, lambda one: not WIDE_SCOPE.match(str(one)), f"gives {name} at {scope}")


def _impersonation(resource: Resource, _context: Context) -> Iterator[Said]:
    yield from _roles(resource, GCP_IMPERSONATING, "{0} on all accounts: whoever has it is all of them")


RULES = (
    Rule(
        id="no-wildcard-actions",
        severity="high",
        title="Grants name their actions",
        reason="A wildcard also grants what the service will learn to do next year, and the rights to grant more.",
        fix="list the actions that are needed, one by one",
        pages=(
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
            "https://learn.microsoft.com/en-us/azure/role-based-access-control/best-practices",
        ),
        reads={**AWS_DOCUMENTS, ROLE: ("permissions[*].actions", "permissions[*].dataActions")},
        check=_actions,
        also=("CKV_AWS_62", "CKV_AWS_63", "IAM.1", "IAM.21"),
    ),
    Rule(
        id="no-wildcard-resources",
        severity="medium",
        title="Grants name their resources",
        reason="A right on every resource is a right on your neighbour's bucket too.",
        fix="name the ARNs; only actions that take no resource may say *",
        pages=(
            "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
        ),
        reads=AWS_DOCUMENTS,
        check=_resources,
        also=("CKV_AWS_355",),
    ),
    Rule(
        id="no-admin-grants",
        severity="critical",
        title="Nobody is made an administrator",
        reason="Owner, Contributor, Editor and AdministratorAccess can read, change and delete all there is.",
        fix="grant the narrowest role that works, on the one resource that needs it",
        pages=(
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
            "https://learn.microsoft.com/en-us/azure/role-based-access-control/built-in-roles/privileged",
            "https://cloud.google.com/iam/docs/roles-overview",
        ),
        reads={
            **AWS_ATTACHMENTS,
            ASSIGNMENT: ("roleDefinitionId", "scope"),
            **GCP_WIDE,
        },
        check=_admin,
        also=("CKV_AWS_274", "CKV_GCP_115", "CKV_GCP_116", "CKV_GCP_117"),
    ),
    Rule(
        id="no-project-impersonation",
        severity="high",
        title="Nobody may act as every service account of a project",
        reason="Service Account User or Token Creator on a project is the sum of all rights of all its accounts.",
        fix="grant it on the one account (gcp.serviceaccount.IAMMember), not on the project",
        pages=("https://cloud.google.com/iam/docs/service-account-permissions",),
        reads=GCP_WIDE,
        check=_impersonation,
        also=("CKV_GCP_41", "CKV_GCP_44", "CKV_GCP_45", "CKV_GCP_49"),
    ),
)
