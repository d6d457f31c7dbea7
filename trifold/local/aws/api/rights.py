"""What policies say: of a role's trust, of what an identity may do, of what a resource lets others do.

Covers Allow and Deny, actions and resources with wildcards, and conditions by the operators below on what is known of
the call. A statement with any other condition does not apply.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from trifold.local.aws.cloud import ACCOUNT

Statement = Mapping[str, Any]
Context = Mapping[str, str]
SECURE = "aws:securetransport"
# What is known of a service's request, by condition key; services come by TLS.
CONTEXT: Context = {"aws:sourceaccount": ACCOUNT, SECURE: "true"}


def trusts(trust_policy: str, principal: str) -> bool:
    """Whether a service principal ("sagemaker.amazonaws.com") may assume the role."""
    wanted = [one for one in statements([trust_policy]) if principal in _many(_services(one))]
    return _decide(one for one in wanted if _matches(_many(one.get("Action")), "sts:assumerole"))


def names(trust_policy: str, principal: str, context: Context, *, by_account: bool = True) -> bool:
    """Whether a role's trust policy names one of the account's own: by ARN, or (by_account) by the account."""
    wanted = [
        one
        for one in statements([trust_policy])
        if (_meant(one, principal) if by_account or one["Effect"] == "Deny" else principal in _named(one))
    ]
    return _decide((one for one in wanted if _matches(_many(one.get("Action")), "sts:assumerole")), context)


def permits(policies: Iterable[str], action: str, resource: str, context: Context = CONTEXT) -> bool:
    """Whether the policies allow an action ("s3:GetObject") on a resource, and none denies it."""
    return _decide((one for one in statements(policies) if _names(one, action.lower(), resource)), context)


def forbids(policies: Iterable[str], action: str, resource: str, context: Context = CONTEXT) -> bool:
    """Whether one of the policies denies it by name."""
    matching = (one for one in statements(policies) if _names(one, action.lower(), resource))
    return any(one["Effect"] == "Deny" and _holds(one, context) for one in matching)


def denies(policy: str, principal: str, action: str, resource: str, *, tls: bool = True, owner: str = "") -> bool:
    """Whether a resource's policy denies a principal (an ARN, or "*" for nobody known) an action on the resource.
    owner: the role of a session, as which conditions know it."""
    return _says("Deny", policy, principal, action, resource, tls, owner)


def allows(policy: str, principal: str, action: str, resource: str, *, tls: bool = True, owner: str = "") -> bool:
    """Whether a resource's policy itself allows it."""
    return _says("Allow", policy, principal, action, resource, tls, owner)


def is_public(policy: str) -> bool:
    """Whether a resource's policy allows something to everybody; by TLS only is still everybody."""
    return any(
        one["Effect"] == "Allow"
        and "*" in _named(one)
        and all(key.lower() == SECURE for tests in one.get("Condition", {}).values() for key in tests)
        for one in statements([policy])
    )


def _says(effect: str, policy: str, principal: str, action: str, resource: str, tls: bool, owner: str) -> bool:
    """Nobody known has no ARN; and no call here comes from a VPC: the keys that name one are never there."""
    who = {} if principal == "*" else {"aws:principalarn": owner or principal}
    return any(
        one["Effect"] == effect
        and _meant(one, principal)
        and _names(one, action.lower(), resource)
        and _holds(one, {**CONTEXT, **who, SECURE: str(tls).lower()})
        for one in statements([policy])
    )


def statements(policies: Iterable[str]) -> Iterator[Statement]:
    """All statements of some policy documents."""
    for policy in policies:
        held = json.loads(policy).get("Statement", [])
        yield from held if isinstance(held, list) else [held]


def _decide(matching: Iterable[Statement], context: Context = CONTEXT) -> bool:
    held = [one for one in matching if _holds(one, context)]
    return any(one["Effect"] == "Allow" for one in held) and not any(one["Effect"] == "Deny" for one in held)


def _holds(one: Statement, context: Context = CONTEXT) -> bool:
    """Whether a statement's conditions hold; one on a key that is not known here does not."""
    return all(
        _tested(operator, context.get(key.lower()), _many(wanted))
        for operator, tests in one.get("Condition", {}).items()
        for key, wanted in tests.items()
    )


def _tested(operator: str, value: str | None, wanted: list[str]) -> bool:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
    name, optional = operator.removesuffix("IfExists"), operator.endswith("IfExists")
    if value is None:
        return optional or name in ("StringNotEquals", "StringNotLike", "ArnNotLike")
    if name in ("StringEquals", "StringNotEquals", "Bool"):
        return (value in wanted) != ("Not" in name)
    if name in ("StringLike", "StringNotLike", "ArnLike", "ArnEquals", "ArnNotLike"):
        return any(fnmatchcase(value, pattern) for pattern in wanted) != ("Not" in name)
    return False


def _names(one: Statement, action: str, resource: str) -> bool:
    if "Action" in one:
        acts = _matches(_many(one["Action"]), action)
    else:
        acts = not _matches(_many(one.get("NotAction")), action)
    if "Resource" in one:
        return acts and any(fnmatchcase(resource, pattern) for pattern in _many(one["Resource"]))
    return acts and not any(fnmatchcase(resource, pattern) for pattern in _many(one.get("NotResource")))


def _matches(patterns: list[str], action: str) -> bool:
    return any(fnmatchcase(action, pattern.lower()) for pattern in patterns)


def _services(one: Statement) -> Any:
    principal = one.get("Principal", {})
    return principal.get("Service", []) if isinstance(principal, Mapping) else principal


def _meant(one: Statement, principal: str) -> bool:
    """Whether a statement is about a principal: by ARN, by account, or about everybody."""
    known = ("*", principal) if principal == "*" else ("*", principal, ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root")
    return any(name in known for name in _named(one))


def _named(one: Statement) -> list[str]:
    given = one.get("Principal", {})
    return _many(given.get("AWS") if isinstance(given, Mapping) else given)


def _many(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)
