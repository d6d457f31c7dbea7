"""Conditions of role assignments: what the holder of `roleAssignments/write` may hand out, and take away.

https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples. Of the language
(https://learn.microsoft.com/azure/role-based-access-control/conditions-format) this is what those examples are written
in; a condition that has more in it is refused when it is given.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trifold.local.azure.api.arm.permissions import Permissions
from trifold.local.azure.api.errors import AzureError

TOKEN = re.compile(
    r"\s*(?:(?P<action>ActionMatches\{'(?P<pattern>[^']*)'\})"
    r"|(?P<attribute>@(?P<source>Request|Resource)\[Microsoft\.Authorization/roleAssignments:(?P<name>\w+)\])"
    r"|(?P<operator>(?:ForAnyOfAnyValues:)?(?:GuidEquals|StringEqualsIgnoreCase))"
    r"|(?P<values>\{[^}]*\}|'[^']*')|(?P<word>AND|OR|!|\(|\)))\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Asked:
    """An operation, and what a condition may look at: RoleDefinitionId, PrincipalId and PrincipalType, by name.
    request: of the body; resource: of what is there."""

    action: str
    request: Mapping[str, str]
    resource: Mapping[str, str]


Holds = Callable[[Asked], bool]


def parse(text: str) -> Holds:
    """Whether a condition holds. Raises AzureError for one that can't be read."""
    reader = _Reader(list(TOKEN.finditer(text)), text)
    if "".join(found.group(0) for found in reader.tokens) != text:
        raise reader.wrong()
    made = reader.either()
    if reader.at != len(reader.tokens):
        raise reader.wrong()
    return made


class _Reader:
    """Recursive descent: OR of AND of a term."""

    def __init__(self, tokens: list[re.Match[str]], text: str) -> None:
        self.tokens, self.text, self.at = tokens, text, 0

    def wrong(self) -> AzureError:
        return AzureError("InvalidConditionOrConditionVersion", f"The condition is invalid, or says what the local "
                          f"Azure does not evaluate: {self.text}", 400)  # fmt: skip

    def either(self) -> Holds:
        options = [self._both()]
        while self._word("OR"):
            options.append(self._both())
        return lambda asked: any(one(asked) for one in options)

    def _both(self) -> Holds:
        parts = [self._term()]
        while self._word("AND"):
            parts.append(self._term())
        return lambda asked: all(one(asked) for one in parts)

    def _term(self) -> Holds:
        if self._word("!"):
            inner = self._term()
            return lambda asked: not inner(asked)
        if self._word("("):
            inside = self.either()
            if not self._word(")"):
                raise self.wrong()
            return inside
        found = self._next()
        if found["action"]:
            pattern = Permissions((found["pattern"],))
            return lambda asked: pattern.allow(asked.action)
        return self._comparison(found)

    def _comparison(self, found: re.Match[str]) -> Holds:
        operator, values = self._next(), self._next()
        if not (found["attribute"] and operator["operator"] and values["values"]):
            raise self.wrong()
        among = {_plain(one) for one in values["values"].strip("{}").split(",")}
        name, of_request = found["name"], found["source"].lower() == "request"
        return lambda asked: _plain((asked.request if of_request else asked.resource).get(name, "")) in among

    def _next(self) -> re.Match[str]:
        if self.at >= len(self.tokens):
            raise self.wrong()
        self.at += 1
        return self.tokens[self.at - 1]

    def _word(self, word: str) -> bool:
        here = self.tokens[self.at]["word"] if self.at < len(self.tokens) else None
        found = here is not None and here.upper() == word
        self.at += found
        return found


def _plain(value: str) -> str:
    """GUIDs are written with and without hyphens."""
    return value.strip().strip("'").replace("-", "").lower()
