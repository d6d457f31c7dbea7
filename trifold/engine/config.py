"""The configuration of a stack, Pulumi.<stack>.yaml: plain and secret values, and the salt of the stack's passphrase.

A value is text, or a map or list written as such; a secret is {secure: ciphertext}, also within maps and lists. The
program gets each key as text: maps, lists, numbers and truth values as JSON.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trifold.engine.project import Project, read_yaml
from trifold.engine.refusals import refusal
from trifold.errors import UserError


@dataclass
class StackConfig:
    """One stack's configuration file; changes are made in memory until `save`."""

    file: Path
    project: str
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def salt(self) -> str:
        return self.content.get("encryptionsalt", "")

    @property
    def values(self) -> dict[str, Any]:
        return self.content.get("config") or {}

    def save(self) -> None:
        import yaml

        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_name(f"{self.file.name}.tmp")
        part.write_text(yaml.safe_dump(self.content, sort_keys=False, allow_unicode=True, width=10_000))
        part.replace(self.file)

    def set(self, key: str, value: Any, *, path: bool = False) -> None:
        """Set a value; with `path`, the key is a property path into a map or list."""
        values = dict(self.values)
        if path:
            name, inner = split_path(self.full_key(key))
            values[name] = _set_at(values.get(name), inner, value)
        else:
            values[self.full_key(key)] = value
        self.content["config"] = dict(sorted(values.items()))

    def set_anew(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Set values by paths, as --config-path does: what the first path of a key finds there is not kept."""
        made: dict[str, Any] = {}
        for key, value in pairs:
            name, inner = split_path(self.full_key(key))
            made[name] = _set_at(made.get(name), inner, parsed(value), pad=True)
        self.content["config"] = dict(sorted({**self.values, **made}.items()))

    def remove(self, key: str, *, path: bool = False) -> None:
        """Take a value away; with `path`, the key is a property path. UserError if there is none."""
        values = dict(self.values)
        name, inner = split_path(self.full_key(key)) if path else (self.full_key(key), ())
        if name not in values or not _holds(values[name], inner):
            raise UserError(f"configuration key '{key}' not found", where=str(self.file))
        if inner:
            values[name] = _without(values[name], inner)
        else:
            del values[name]
        self.content["config"] = values

    def full_key(self, key: str) -> str:
        """`project:key` for a key without a namespace."""
        return key if ":" in key.partition("[")[0].partition(".")[0] else f"{self.project}:{key}"


def load_config(project: Project, stack: str, folder: Path | None = None, *, file: Path | None = None) -> StackConfig:
    """The stack's configuration; empty if it has no file. UserError for what this engine does not support in it."""
    file = file or (folder or project.stack_folder) / f"Pulumi.{stack}.yaml"
    content = read_yaml(file) if file.exists() else {}
    for key, feature in (("environment", "environments"), ("encryptedkey", "encrypted key")):
        if content.get(key):
            raise refusal(feature, f"{file}: {key}")
    provider = content.get("secretsprovider") or "passphrase"
    if provider not in ("passphrase", "default"):
        raise refusal("secrets provider", str(file), name=provider)
    return StackConfig(file, project.name, content)


@dataclass(frozen=True)
class Resolved:
    """The configuration as the program and the providers get it. secret_keys: those that hold a secret."""

    values: Mapping[str, str]
    secret_keys: tuple[str, ...]
    structured: frozenset[str] = frozenset()

    def of_package(self, package: str) -> dict[str, Any]:
        """{name: value} of the keys of one package; secret ones as Secret, structured ones as JSON text."""
        from trifold.protocol.values import Secret

        found: dict[str, Any] = {}
        for key, value in self.values.items():
            namespace, _, name = key.partition(":")
            if namespace == package:
                found[name] = Secret(value) if key in self.secret_keys else value
        return found


def resolve(project: Project, config: StackConfig, decrypt: Callable[[str], str]) -> Resolved:
    """All values, with the project's defaults, decrypted. UserError for a required value that is missing."""
    values: dict[str, str] = {}
    secret: list[str] = []
    structured = set()
    for key, raw in {**_defaults(project, config), **config.values}.items():
        plain, is_secret = _plain(raw, decrypt)
        values[key] = plain if isinstance(plain, str) else _text(plain)
        if is_secret:
            secret.append(key)
        if isinstance(plain, dict | list):
            structured.add(key)
    return Resolved(values, tuple(secret), frozenset(structured))


def _defaults(project: Project, config: StackConfig) -> dict[str, Any]:
    found = {}
    for key, declared in project.config.items():
        full = key if ":" in key else f"{project.name}:{key}"
        if not isinstance(declared, dict):
            found[full] = declared
        elif "value" in declared or "default" in declared:
            found[full] = declared.get("value", declared.get("default"))
        elif "type" in declared and full not in config.values:
            raise UserError(
                f"stack '{config.file.stem.removeprefix('Pulumi.')}' is missing configuration value '{key}'",
                where=str(config.file),
                next=f"trifold config set {key} VALUE",
            )
    return found


def _plain(value: Any, decrypt: Callable[[str], str]) -> tuple[Any, bool]:
    if isinstance(value, dict):
        if set(value) == {"secure"} and isinstance(value["secure"], str):
            return decrypt(value["secure"]), True
        items = {key: _plain(item, decrypt) for key, item in value.items()}
        return {key: item for key, (item, _) in items.items()}, any(secret for _, secret in items.values())
    if isinstance(value, list):
        elements = [_plain(item, decrypt) for item in value]
        return [item for item, _ in elements], any(secret for _, secret in elements)
    return value, False


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def split_path(key: str) -> tuple[str, tuple[str | int, ...]]:
    """`ns:a.b[0]` as (`ns:a`, ("b", 0))."""
    from trifold.engine.paths import parse

    namespace, _, rest = key.partition(":")
    first, *inner = parse(rest)
    return f"{namespace}:{first}", tuple(inner)


def _set_at(value: Any, path: tuple[str | int, ...], new: Any, *, pad: bool = False) -> Any:
    if not path:
        return new
    part, rest = path[0], path[1:]
    if isinstance(part, int):
        items = list(value) if isinstance(value, list) else []
        items += [None] * (part - len(items)) if pad else []
        if part > len(items):
            raise UserError(f"list position {part} is beyond the list's end ({len(items)})")
        return [
            *items[:part],
            _set_at(items[part] if part < len(items) else None, rest, new, pad=pad),
            *items[part + 1 :],
        ]
    found = dict(value) if isinstance(value, dict) else {}
    found[part] = _set_at(found.get(part), rest, new, pad=pad)
    return found


def _holds(value: Any, path: tuple[str | int, ...]) -> bool:
    for part in path:
        held = range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else ()
        if part not in held:
            return False
        value = value[part]
    return True


def _without(value: Any, path: tuple[str | int, ...]) -> Any:
    """The value without what is at the path, which is there."""
    part, rest = path[0], path[1:]
    found = list(value) if isinstance(value, list) else dict(value)
    if rest:
        found[part] = _without(value[part], rest)  # type: ignore[index]
    else:
        del found[part]  # type: ignore[arg-type]
    return found


def parsed(text: str) -> Any:
    """A value of the command line within a path: truth values and whole numbers as such, all else text."""
    if text in ("true", "false"):
        return text == "true"
    digits = text.removeprefix("-")
    return int(text) if digits.isdigit() and (digits == "0" or not digits.startswith("0")) else text
