"""The checkpoint of a stack: its resources, unfinished operations and secrets provider, as Pulumi's version 3 file."""

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from trifold.engine.refusals import refusal
from trifold.engine.secrets import Passphrase
from trifold.engine.state import Decrypt, Resource, resource_from_json, resource_to_json
from trifold.errors import UserError

# The file format's version, or the next one where a feature of the newer format is used; and who wrote it.
VERSION: Final = 3
VERSION_WITH_FEATURES: Final = 4
ENGINE_VERSION: Final = "v3.260.0"
NEVER: Final = "0001-01-01T00:00:00Z"


class Damaged(UserError):
    """A state file that was cut short, or written over."""


@dataclass(frozen=True)
class Operation:
    """Something begun of which no end was recorded. kind: creating, updating, deleting, reading, importing."""

    resource: Resource
    kind: str


@dataclass
class Snapshot:
    """What a stack is made of. The lists are replaced, never changed in place, but for refreshes before a run."""

    resources: list[Resource] = field(default_factory=list)
    pending: list[Operation] = field(default_factory=list)


def now() -> str:
    """The present time as state files write it."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def manifest() -> dict[str, str]:
    magic = hashlib.sha256(ENGINE_VERSION.encode()).hexdigest()
    return {"time": now(), "magic": magic, "version": ENGINE_VERSION}


def features_of(resources: Sequence[Resource]) -> list[str]:
    """The names of what an older Pulumi would not understand."""
    found = {
        "refreshBeforeUpdate": any(one.refresh_before_update for one in resources),
        "views": any(one.view_of for one in resources),
        "hooks": any(one.hooks for one in resources),
        "taint": any(one.taint for one in resources),
        "replaceWith": any(one.replace_with for one in resources),
    }
    return sorted(name for name, used in found.items() if used)


def header(stack: str, features: Sequence[str]) -> tuple[str, str]:
    """The file's text before and after `latest`'s content."""
    version = VERSION_WITH_FEATURES if features else VERSION
    listed = f'"features":{json.dumps(list(features))},' if features else ""
    return f'{{"version":{version},{listed}"checkpoint":{{"stack":{json.dumps(stack)},"latest":', "}}\n"


def dump(stack: str, snapshot: Snapshot, secrets: Passphrase | None) -> str:
    """The whole file's text."""
    encrypt = secrets.encrypt if secrets else _no_secrets
    return assemble(
        stack,
        [dump_json(resource_to_json(one, encrypt)) for one in snapshot.resources],
        [
            dump_json({"resource": resource_to_json(one.resource, encrypt), "type": one.kind})
            for one in snapshot.pending
        ],
        secrets,
        features_of(snapshot.resources),
    )


def assemble(
    stack: str, resources: Sequence[str], pending: Sequence[str], secrets: Passphrase | None, features: Sequence[str]
) -> str:
    """The whole file's text from the texts of its resources and operations."""
    before, after = header(stack, features)
    parts = [f'"manifest":{dump_json(manifest())}']
    if secrets:
        parts.append(f'"secrets_providers":{dump_json(secrets.to_json())}')
    if resources:
        parts.append(f'"resources":[{",".join(resources)}]')
    if pending:
        parts.append(f'"pending_operations":[{",".join(pending)}]')
    parts.append('"metadata":{}')
    return f"{before}{{{','.join(parts)}}}{after}"


def empty(stack: str, secrets: Passphrase) -> str:
    """The file of a stack that was just made."""
    before, after = header(stack, ())
    latest = {
        "manifest": {"time": NEVER, "magic": "", "version": ""},
        "secrets_providers": secrets.to_json(),
        "metadata": {},
    }
    return before + dump_json(latest) + after


def dump_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def parse(text: str, where: str) -> dict[str, Any]:
    """The file's content, checked for its version. UserError for a file that is damaged or of another version."""
    try:
        found = json.loads(text)
    except ValueError as error:
        what = "the state file is damaged (it does not end where it should)"
        raise Damaged(what, where=f"{where}: {error}") from error
    if not isinstance(found, dict) or found.get("version") not in (VERSION, VERSION_WITH_FEATURES):
        version = found.get("version") if isinstance(found, dict) else None
        raise UserError(f"the state file has version {version}; this engine reads 3 and 4", where=where)
    return found


def load(found: dict[str, Any], decrypt: Decrypt, where: str) -> Snapshot:
    """The snapshot of a file's content."""
    latest = (found.get("checkpoint") or {}).get("latest") or {}
    for key in ("snippets", "extensions"):
        if latest.get(key):
            raise refusal("state content", where, key=key)
    try:
        return Snapshot(
            [resource_from_json(one, decrypt) for one in latest.get("resources") or []],
            [
                Operation(resource_from_json(one["resource"], decrypt), one["type"])
                for one in latest.get("pending_operations") or []
            ],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"the state file is not understood: {error}", where=where) from error


def secrets_salt(found: dict[str, Any], where: str) -> str:
    """The salt of the file's passphrase secrets, "" if it has no secrets provider. UserError for another provider."""
    latest = (found.get("checkpoint") or {}).get("latest") or {}
    provider = latest.get("secrets_providers") or {}
    kind = provider.get("type", "passphrase")
    if kind != "passphrase":
        raise refusal("secrets provider", where, name=kind)
    return (provider.get("state") or {}).get("salt", "")


def _no_secrets(value: Any) -> str:
    raise UserError("the state holds a secret, but the stack has no secrets provider")
