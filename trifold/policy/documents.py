"""AWS policy documents, as resources carry them: JSON in a text, or an object."""

import json
import re
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


def is_to_everybody(statement: Mapping[str, Any]) -> bool:
    """Whether a statement that allows is for everybody, or for everybody but some, with nothing that narrows it."""
    return ("NotPrincipal" in statement or is_anyone(statement.get("Principal"))) and not _scoped(statement)


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


def _scoped(statement: Mapping[str, Any]) -> bool:
    """Whether conditions narrow a statement to somebody: an account, an organization, a source, a principal."""
    condition = statement.get("Condition")
    tests = condition.items() if isinstance(condition, Mapping) else ()
    return any(
        str(key).lower().startswith(SCOPES) and not EVERYTHING & set(map(str, listed(value)))
        for operator, keys in tests
        if isinstance(keys, Mapping) and not LETS_ALL_IN.search(operator)
        for key, value in keys.items()
    )


# Operators that let in who is not named, or who says nothing of himself; values that are everybody.
LETS_ALL_IN = re.compile(r"Not|Null|IfExists$|^ForAllValues:")
EVERYTHING = {"*", "0.0.0.0/0", "::/0"}
# Keys that say who asks, or for whom (IAM: global condition context keys). A time or a TLS version says neither.
SCOPES = (
    *("aws:sourceaccount", "aws:sourcearn", "aws:sourceorg", "aws:sourcevpc", "aws:sourceip", "aws:sourceowner"),
    *("aws:principalaccount", "aws:principalarn", "aws:principalorg", "aws:principaltag", "aws:userid"),
    *("kms:calleraccount", "kms:viaservice", "sts:externalid", "s3:dataaccesspoint"),
)
