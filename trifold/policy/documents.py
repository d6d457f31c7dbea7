"""AWS policy documents, as resources carry them: JSON in a text, or an object."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from trifold.policy.resource import Hidden
from trifold.policy.rule import Said, unsure


def statements(value: Any) -> list[Mapping[str, Any]]:
    """The statements of a document; none for what is no document, which AWS itself refuses."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    if not isinstance(value, Mapping):
        return []
    return [one for one in listed(value.get("Statement")) if isinstance(one, Mapping)]


def allowing(path: str, value: Any) -> Iterator[tuple[Mapping[str, Any] | None, Said | None]]:
    """(statement, None) for each that allows; (None, Said) where the document cannot be read yet."""
    if isinstance(value, Hidden):
        yield None, unsure(path, value)
        return
    for one in statements(value):
        if one.get("Effect") == "Allow":
            yield one, None


def listed(value: Any) -> list[Any]:
    """AWS takes one value for a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]


def is_anyone(principal: Any) -> bool:
    """Whether a statement's Principal is everybody: "*", or an AWS principal of "*"."""
    if isinstance(principal, Mapping):
        return "*" in listed(principal.get("AWS"))
    return principal == "*"


def denies_plain_http(value: Any) -> bool:
    """Whether a bucket's policy turns away requests without TLS, from anybody."""
    for one in statements(value):
        condition = one.get("Condition")
        plain = condition.get("Bool", {}) if isinstance(condition, Mapping) else {}
        secure = {str(key).lower(): str(found).lower() for key, found in plain.items()}
        if one.get("Effect") == "Deny" and secure.get("aws:securetransport") == "false":
            return is_anyone(one.get("Principal"))
    return False


def scoped(statement: Mapping[str, Any]) -> bool:
    """Whether conditions narrow a statement to somebody: an account, an organization, a source, a principal."""
    condition = statement.get("Condition")
    if not isinstance(condition, Mapping):
        return False
    keys = {str(key).lower() for test in condition.values() if isinstance(test, Mapping) for key in test}
    return any(key.startswith(SCOPES) for key in keys)


# Keys that say who asks, or for whom (IAM: global condition context keys). A time or a TLS version says neither.
SCOPES = (
    *("aws:sourceaccount", "aws:sourcearn", "aws:sourceorg", "aws:sourcevpc", "aws:sourceip", "aws:sourceowner"),
    *("aws:principalaccount", "aws:principalarn", "aws:principalorg", "aws:principaltag", "aws:userid"),
    *("kms:calleraccount", "kms:viaservice", "sts:externalid", "s3:dataaccesspoint"),
)
