"""A resource as state keeps it, what a program wants of one, and both in Pulumi's file format (version 3)."""

import dataclasses
import json
import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from trifold.engine import go_json
from trifold.engine import urn as urns
from trifold.engine.properties import Properties
from trifold.protocol.values import REFERENCE, SECRET, SIGNATURE, Reference, Secret, Unknown, from_wire, to_wire

# How a state file says a number that JSON has not: infinity, or none.
FLOAT: Final = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c"
Encrypt = Callable[[Any], str]
Decrypt = Callable[[str], Any]
Json = dict[str, Any]


@dataclass(frozen=True)
class Timeouts:
    """Seconds, 0 for the provider's own."""

    create: float = 0
    update: float = 0
    delete: float = 0
    read: float = 0

    def to_json(self) -> Json:
        found = {name: getattr(self, name) for name in ("create", "update", "delete", "read")}
        return {name: _whole(value) for name, value in found.items() if value}


NO_TIMEOUTS = Timeouts()


@dataclass(eq=False)
class Resource:
    """One resource in state; two with the same URN are different things, so identity is what counts.

    Steps change id, inputs, outputs, the marks (delete, pending_replacement, taint) and times; all else is set once.
    """

    urn: str
    type: str
    custom: bool
    id: str = ""
    inputs: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    parent: str = ""
    delete: bool = False
    protect: bool = False
    taint: bool = False
    external: bool = False
    dependencies: list[str] = field(default_factory=list)
    init_errors: list[str] = field(default_factory=list)
    provider: str = ""
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    pending_replacement: bool = False
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    timeouts: Timeouts = NO_TIMEOUTS
    import_id: str = ""
    retain_on_delete: bool = False
    deleted_with: str = ""
    replace_with: list[str] = field(default_factory=list)
    created: str = ""
    modified: str = ""
    source_position: str = ""
    stack_trace: list[Json] = field(default_factory=list)
    ignore_changes: list[str] = field(default_factory=list)
    hide_diff: list[str] = field(default_factory=list)
    replace_on_changes: list[str] = field(default_factory=list)
    replacement_trigger: Any = None
    refresh_before_update: bool = False
    view_of: str = ""
    hooks: dict[str, list[str]] = field(default_factory=dict)

    def copy(self) -> "Resource":
        return dataclasses.replace(self)

    @property
    def name(self) -> str:
        return urns.name(self.urn)

    @property
    def is_provider(self) -> bool:
        return urns.is_provider_type(self.type)

    @property
    def provider_urn(self) -> str:
        return urns.split_reference(self.provider)[0] if self.provider else ""

    def needs(self, *, parent: bool = True) -> Iterator[str]:
        """The URNs of what must exist before this resource: all but the provider."""
        if parent and self.parent:
            yield self.parent
        yield from self.dependencies
        for needed in self.property_dependencies.values():
            yield from needed
        if self.deleted_with:
            yield self.deleted_with
        yield from self.replace_with


# (attribute, key in the file) in the file's order, for what is left out when empty.
_OPTIONAL = (
    ("parent", "parent"),
    ("protect", "protect"),
    ("taint", "taint"),
    ("external", "external"),
    ("dependencies", "dependencies"),
    ("init_errors", "initErrors"),
    ("provider", "provider"),
    ("property_dependencies", "propertyDependencies"),
    ("pending_replacement", "pendingReplacement"),
    ("additional_secret_outputs", "additionalSecretOutputs"),
    ("aliases", "aliases"),
    ("import_id", "importID"),
    ("retain_on_delete", "retainOnDelete"),
    ("deleted_with", "deletedWith"),
    ("replace_with", "replaceWith"),
    ("created", "created"),
    ("modified", "modified"),
    ("source_position", "sourcePosition"),
    ("stack_trace", "stackTrace"),
    ("ignore_changes", "ignoreChanges"),
    ("hide_diff", "hideDiff"),
    ("replace_on_changes", "replaceOnChanges"),
    ("refresh_before_update", "refreshBeforeUpdate"),
    ("view_of", "viewOf"),
    ("hooks", "resourceHooks"),
)
_KEYS = {"urn", "custom", "delete", "id", "type", "inputs", "outputs", "customTimeouts", "replacementTrigger"} | {
    key for _, key in _OPTIONAL
}


def resource_to_json(resource: Resource, encrypt: Encrypt) -> Json:
    """The resource in the file's form; `encrypt` turns the JSON value of a secret into its ciphertext."""
    made: Json = {"urn": resource.urn, "custom": resource.custom}
    if resource.delete:
        made["delete"] = True
    if resource.id:
        made["id"] = resource.id
    made["type"] = resource.type
    if resource.inputs:
        made["inputs"] = value_to_json(resource.inputs, encrypt)
    if resource.outputs:
        made["outputs"] = value_to_json(resource.outputs, encrypt)
    for attribute, key in _OPTIONAL:
        if value := getattr(resource, attribute):
            made[key] = value
    if timeouts := resource.timeouts.to_json():
        made["customTimeouts"] = timeouts
    if resource.replacement_trigger is not None:
        made["replacementTrigger"] = value_to_json(resource.replacement_trigger, encrypt)
    return made


def resource_from_json(found: Json, decrypt: Decrypt) -> Resource:
    """The reverse. Raises ValueError for a key that this engine does not know, since it would be lost."""
    strange = sorted(set(found) - _KEYS)
    if strange:
        raise ValueError(f"{found.get('urn')} has {', '.join(strange)}, which this engine does not know")
    values = {attribute: found[key] for attribute, key in _OPTIONAL if found.get(key)}
    timeouts = found.get("customTimeouts") or {}
    return Resource(
        urn=found["urn"],
        type=found["type"],
        custom=found.get("custom", False),
        id=found.get("id", ""),
        delete=found.get("delete", False),
        inputs=value_from_json(found.get("inputs") or {}, decrypt),
        outputs=value_from_json(found.get("outputs") or {}, decrypt),
        timeouts=Timeouts(**{name: timeouts.get(name, 0) for name in ("create", "update", "delete", "read")}),
        replacement_trigger=value_from_json(found.get("replacementTrigger"), decrypt),
        **values,
    )


def value_to_json(value: Any, encrypt: Encrypt) -> Any:
    """A property value as state files hold it: like on the wire, but secrets encrypted."""
    if isinstance(value, Secret):
        # As Pulumi: what is encrypted as a whole is not encrypted in its parts, but marked.
        return {SIGNATURE: SECRET, "ciphertext": encrypt(value_to_json(value.value, go_json.dumps))}
    if isinstance(value, dict):
        return {key: value_to_json(item, encrypt) for key, item in value.items()}
    if isinstance(value, list):
        return [value_to_json(item, encrypt) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {SIGNATURE: FLOAT, "value": struct.pack(">d", value).hex()}
    if isinstance(value, Reference):
        ident = {} if value.id is None else {"id": "" if isinstance(value.id, Unknown) else value.id}
        return {SIGNATURE: REFERENCE, "urn": value.urn, "packageVersion": value.version, **ident}
    return value if isinstance(value, str | int | float | bool | None) else to_wire(value)


def value_from_json(value: Any, decrypt: Decrypt) -> Any:
    """The reverse; `decrypt` turns a ciphertext into the JSON value of the secret."""
    if isinstance(value, list):
        return [value_from_json(item, decrypt) for item in value]
    if isinstance(value, dict):
        if value.get(SIGNATURE) == SECRET:
            plain = decrypt(value["ciphertext"]) if "ciphertext" in value else _plaintext(value)
            return Secret(value_from_json(plain, inside(decrypt)))
        if value.get(SIGNATURE) == FLOAT:
            return struct.unpack(">d", bytes.fromhex(value["value"]))[0]
        if SIGNATURE in value:
            return from_wire(value)
        return {key: value_from_json(item, decrypt) for key, item in value.items()}
    return from_wire(value)


def inside(decrypt: Decrypt) -> Decrypt:
    """For a secret inside of a secret, which is plain text there. Earlier states of this engine encrypted it again."""
    return lambda text: decrypt(text) if text.startswith("v1:") else json.loads(text)


def _plaintext(value: Json) -> Any:
    return json.loads(value["plaintext"]) if "plaintext" in value else value.get("value")


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


@dataclass
class Goal:
    """What a program asks for: one resource with its options."""

    type: str
    name: str
    custom: bool
    properties: Properties
    parent: str = ""
    protect: bool | None = None
    dependencies: list[str] = field(default_factory=list)
    provider: str = ""
    property_dependencies: dict[str, list[str]] = field(default_factory=dict)
    delete_before_replace: bool | None = None
    ignore_changes: list[str] = field(default_factory=list)
    additional_secret_outputs: list[str] = field(default_factory=list)
    aliases: list["Alias"] = field(default_factory=list)
    import_id: str = ""
    timeouts: Timeouts = NO_TIMEOUTS
    replace_on_changes: list[str] = field(default_factory=list)
    replacement_trigger: Any = None
    retain_on_delete: bool | None = None
    deleted_with: str = ""
    replace_with: list[str] = field(default_factory=list)
    hide_diff: list[str] = field(default_factory=list)
    source_position: str = ""
    stack_trace: list[Json] = field(default_factory=list)
    hooks: dict[str, list[str]] = field(default_factory=dict)

    def state(self, urn: str, old: Resource | None, alias: str) -> Resource:
        """The new state to build up, from the goal and what was there before."""
        return Resource(
            urn=urn,
            type=self.type,
            custom=self.custom,
            inputs=self.properties,
            parent=self.parent,
            protect=bool(self.protect),
            dependencies=self.dependencies,
            provider=self.provider,
            property_dependencies=self.property_dependencies,
            additional_secret_outputs=self.additional_secret_outputs,
            aliases=[alias] if alias else [],
            timeouts=self.timeouts,
            import_id=self.import_id,
            retain_on_delete=bool(self.retain_on_delete),
            deleted_with=self.deleted_with,
            replace_with=self.replace_with,
            created=old.created if old else "",
            modified=old.modified if old else "",
            source_position=self.source_position,
            stack_trace=self.stack_trace,
            ignore_changes=self.ignore_changes,
            hide_diff=self.hide_diff,
            replace_on_changes=self.replace_on_changes,
            replacement_trigger=self.replacement_trigger,
            refresh_before_update=bool(old and old.refresh_before_update),
            hooks=self.hooks,
        )


@dataclass(frozen=True)
class Alias:
    """Another name a resource may have had: a whole URN, or the parts that differ."""

    urn: str = ""
    name: str = ""
    type: str = ""
    stack: str = ""
    project: str = ""
    parent: str = ""
    no_parent: bool = False
