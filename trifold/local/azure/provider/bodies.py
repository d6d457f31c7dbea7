"""Between Pulumi's inputs and outputs and Resource Manager's bodies, by a type's record."""

import re
from collections.abc import Mapping
from typing import Any

from trifold.local.azure.provider.types import TOP, ArmType
from trifold.protocol.declaration import Values

BRACES = re.compile(r"\{(\w+)\}")
# What every response has and no input is.
FROM_ID = ("id", "name", "type", "systemData")


def path_names(declared: ArmType) -> tuple[str, ...]:
    """The inputs that are part of the path."""
    return tuple(name for name in BRACES.findall(declared.path) if name != "subscriptionId")


def path_of(declared: ArmType, inputs: Mapping[str, Any], subscription: str) -> str:
    """The path of the resource with these inputs; KeyError names an input that is missing."""
    values = {"subscriptionId": subscription, **inputs}
    return BRACES.sub(lambda found: str(values[found[1]]).strip("/"), declared.path)


def path_values(declared: ArmType, id: str) -> Values:
    """The inputs that a resource's id holds; {} where it is of another type."""
    pattern = re.escape(declared.path).replace(r"\{", "{").replace(r"\}", "}")
    pattern = BRACES.sub(lambda found: f"(?P<{found[1]}>{'.+' if found[1] == 'scope' else '[^/]+'})", pattern)
    found = re.fullmatch(pattern, id, re.IGNORECASE)
    values = found.groupdict() if found else {}
    values.pop("subscriptionId", None)
    if "scope" in values:
        values["scope"] = f"/{values['scope']}"
    return dict(values)


def body_of(declared: ArmType, inputs: Mapping[str, Any]) -> Values:
    """The body of a PUT."""
    body: Values = {}
    names = path_names(declared)
    for name, value in inputs.items():
        if name in names or value is None:
            continue
        given = _identities(value) if name == "identity" else value
        target = _target(declared, name)
        if target[0] == "properties" and len(target) > 1:
            body.setdefault("properties", {})[target[1]] = given
        else:
            body[target[0]] = given
    return body


def outputs_of(declared: ArmType, found: Mapping[str, Any]) -> Values:
    """A response as outputs."""
    outputs: Values = {name: value for name, value in found.items() if name not in ("id", "properties")}
    properties = found.get("properties") or {}
    if declared.nested:
        outputs["properties"] = properties
    else:
        outputs |= {_input_name(declared, name): value for name, value in properties.items()}
    outputs["name"] = found.get("name")
    outputs["azureApiVersion"] = declared.version
    return outputs


def inputs_of(declared: ArmType, id: str, found: Mapping[str, Any]) -> Values:
    """A response as inputs: all that could have been given; the base keeps what had been."""
    outputs = outputs_of(declared, found)
    shown = {name: value for name, value in outputs.items() if name not in (*FROM_ID, "azureApiVersion")}
    if isinstance(shown.get("identity"), Mapping):
        listed = shown["identity"].get("userAssignedIdentities")
        if isinstance(listed, Mapping):
            shown["identity"] = {**shown["identity"], "userAssignedIdentities": list(listed)}
    return {**shown, **path_values(declared, id)}


def _target(declared: ArmType, name: str) -> tuple[str, ...]:
    renamed = declared.renamed.get(name, "")
    if renamed.startswith("properties."):
        return tuple(renamed.split("."))
    if name in TOP:
        return (name,)
    return ("properties", renamed or name)


def _input_name(declared: ArmType, name: str) -> str:
    for given, theirs in declared.renamed.items():
        if theirs.removeprefix("properties.") == name:
            return given
    return name


def _identities(identity: Any) -> Any:
    """The list of user-assigned identities is a map in the body."""
    listed = identity.get("userAssignedIdentities") if isinstance(identity, Mapping) else None
    if not isinstance(listed, list):
        return identity
    return {**identity, "userAssignedIdentities": {id: {} for id in listed}}
