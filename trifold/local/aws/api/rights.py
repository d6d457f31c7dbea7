"""What a role lets a service do on its behalf: its trust policy, and its own and attached policies.

Covers what a service checks for itself (SageMaker reading model data): Allow and Deny, actions and resources with
wildcards, conditions on the caller's account and on TLS. A statement with any other condition does not apply.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from trifold.local.aws.cloud import ACCOUNT

Statement = Mapping[str, Any]
SECURE = "aws:securetransport"
# What is known of a service's request, by condition key; services come by TLS.
CONTEXT = {"aws:sourceaccount": ACCOUNT, SECURE: "true"}


def trusts(trust_policy: str, principal: str) -> bool:
    """Whether a service principal ("sagemaker.amazonaws.com") may assume the role."""
    wanted = [one for one in statements([trust_policy]) if principal in _many(_services(one))]
    return _decide(one for one in wanted if _matches(_many(one.get("Action")), "sts:assumerole"))


def permits(policies: Iterable[str], action: str, resource: str) -> bool:
    """Whether the policies allow an action ("s3:GetObject") on a resource, and none denies it."""
    return _decide(one for one in statements(policies) if _names(one, action.lower(), resource))


def denies(policy: str, principal: str, action: str, resource: str, *, tls: bool = True) -> bool:
    """Whether a resource's policy denies a principal (an ARN, or "*" for nobody known) an action on the resource."""
    return _says("Deny", policy, principal, action, resource, tls)


def allows(policy: str, principal: str, action: str, resource: str, *, tls: bool = True) -> bool:
    """Whether a resource's policy itself allows it."""
    return _says("Allow", policy, principal, action, resource, tls)


def is_public(policy: str) -> bool:
    """Whether a resource's policy allows something to everybody; by TLS only is still everybody."""
    return any(
        one["Effect"] == "Allow"
        and "*" in _named(one)
        and all(key.lower() == SECURE for tests in one.get("Condition", {}).values() for key in tests)
        for one in statements([policy])
    )


def _says(effect: str, policy: str, principal: str, action: str, resource: str, tls: bool) -> bool:
    return any(
        one["Effect"] == effect
        and _meant(one, principal)
        and _names(one, action.lower(), resource)
        and _holds(one, CONTEXT | {SECURE: str(tls).lower()})
        for one in statements([policy])
    )


def statements(policies: Iterable[str]) -> Iterator[Statement]:
    """All statements of some policy documents."""
    for policy in policies:
        held = json.loads(policy).get("Statement", [])
        yield from held if isinstance(held, list) else [held]


def _decide(matching: Iterable[Statement]) -> bool:
    held = list(matching)
    if any(one["Effect"] == "Deny" and _holds(one) for one in held):
        return False
    return any(one["Effect"] == "Allow" and _holds(one) for one in held)


def _holds(one: Statement, context: Mapping[str, str] = CONTEXT) -> bool:
    """Whether a statement's conditions hold; one on a key that is not known here does not."""
    return all(
        _tested(operator, context.get(key.lower(), ""), _many(wanted))
        for operator, tests in one.get("Condition", {}).items()
        for key, wanted in tests.items()
    )


def _tested(operator: str, value: str, wanted: list[str]) -> bool:
    if operator in ("StringEquals", "Bool"):
        return value in wanted
    return operator in ("StringLike", "ArnLike") and any(fnmatchcase(value, pattern) for pattern in wanted)


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
