"""Auto-naming as the official providers do it: the resource's name and a few random hexadecimal digits.

The providers bridged from Terraform (aws, gcp) write `name-1a2b3c4`; azure-native writes `name1a2b3c4d`. The digits
come from the seed the engine sends with Check, so a preview and the update after it may differ, as with Pulumi.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trifold.protocol.declaration import Autoname, Failure, InvalidInputs

DEFAULTS = "__defaults"
CREATE_FIRST = "__createBeforeDelete"


@dataclass(frozen=True)
class Style:
    """A provider family's conventions: what stands before the random digits, how many, and where it keeps note."""

    separator: str
    digits: int
    native: bool


BRIDGED = Style("-", 7, native=False)
NATIVE = Style("", 8, native=True)


@dataclass(frozen=True)
class Request:
    """What Check knows when it makes a name. mode: "", "propose", "enforce" or "disable" (`pulumi:autonaming`)."""

    name: str
    seed: bytes
    mode: str = ""
    proposed: str = ""


def fill_name(rule: Autoname, style: Style, request: Request, olds: Mapping[str, Any], news: dict[str, Any]) -> None:
    """Put a name into `news` if the program gave none; one made before is kept."""
    if news.get(rule.property) is not None:
        return
    kept = olds.get(rule.property) if was_made(rule, style, olds) else None
    news[rule.property] = kept or _make(rule, style, request)
    if style.native:
        if not rule.copy:
            news[CREATE_FIRST] = True
    else:
        news[DEFAULTS] = sorted({*news.get(DEFAULTS, ()), rule.property})


def was_made(rule: Autoname, style: Style, inputs: Mapping[str, Any]) -> bool:
    """Whether the name in these checked inputs was made here and not given by the program."""
    if style.native:
        return bool(inputs.get(CREATE_FIRST)) or rule.copy
    return rule.property in (inputs.get(DEFAULTS) or ())


def _make(rule: Autoname, style: Style, request: Request) -> str:
    if request.mode == "disable":
        raise InvalidInputs(Failure(rule.property, "is required: automatic naming is off (pulumi:autonaming)"))
    if request.mode == "enforce":
        return request.proposed
    if request.mode == "propose" and request.proposed:
        return _fit(rule, request.proposed, rule.limit)
    if rule.copy:
        return request.name
    digits = hashlib.sha256(request.seed + request.name.encode()).hexdigest()[: style.digits]
    room = rule.limit - len(style.separator) - style.digits
    return _fit(rule, request.name, room) + _fit(rule, style.separator, 1) + digits


def _fit(rule: Autoname, name: str, room: int) -> str:
    cased = name.lower() if rule.lower else name
    return "".join(letter for letter in cased if not rule.alphabet or letter in rule.alphabet)[:room]
