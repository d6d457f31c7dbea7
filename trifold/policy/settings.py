"""policy.yaml, beside Pulumi.yaml: what is allowed here, what fails, and the written exceptions."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from trifold.errors import UserError

FILE: Final = "policy.yaml"
KEYS: Final = ("fail", "regions", "sizes", "tags", "severities", "exceptions")
LEVELS: Final = ("low", "medium", "high", "critical", "never")
FIELDS: Final = ("rule", "resource", "reason", "expires", "by")


@dataclass(frozen=True)
class Exemption:
    """A written exception: this rule, for resources whose URN the glob takes, for this reason, until that day."""

    rule: str
    resource: str
    reason: str
    expires: datetime.date | None
    by: str
    line: int


@dataclass(frozen=True)
class Settings:
    """regions, sizes: cloud -> allowed globs (none: all are allowed); tags: keys that all must carry; fail: the least
    severity that fails; severities: rule -> the severity it has here; where: the file, "" for none."""

    fail: str = "high"
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sizes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    severities: Mapping[str, str] = field(default_factory=dict)
    exceptions: tuple[Exemption, ...] = ()
    where: str = ""


def find(folder: Path) -> Path | None:
    """The policy.yaml beside the Pulumi.yaml of a folder or of one above it; None if there is none."""
    for one in (folder, *folder.parents):
        if (one / "Pulumi.yaml").is_file() or (one / "Pulumi.yml").is_file():
            return one / FILE if (one / FILE).is_file() else None
    return folder / FILE if (folder / FILE).is_file() else None


def load(file: Path | None, rules: frozenset[str]) -> Settings:
    """The settings of a file, or the defaults. UserError for what is not understood: a typo must not open a door."""
    if file is None:
        return Settings()
    import yaml

    try:
        found = yaml.safe_load(file.read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("the policy's settings cannot be read", where=f"{file}: {error}") from None
    except yaml.YAMLError as error:
        raise UserError("the policy's settings are not YAML", where=f"{file}: {error}", next="mend the file") from None
    return _settings(found or {}, file, rules)


def _settings(found: Any, file: Path, rules: frozenset[str]) -> Settings:
    if not isinstance(found, Mapping):
        raise _wrong(file, "the settings must be a map", f"use the keys {', '.join(KEYS)}")
    for key in found:
        if key not in KEYS:
            raise _wrong(file, f"'{key}' is not a setting", f"the settings are {', '.join(KEYS)}")
    fail = found.get("fail", "high")
    _known(file, "fail", fail, LEVELS)
    severities = _map(file, found, "severities")
    for rule, severity in severities.items():
        _known_rule(file, rule, rules)
        _known(file, f"severities.{rule}", severity, LEVELS[:-1])
    return Settings(
        fail=fail,
        regions=_lists(file, found, "regions"),
        sizes=_lists(file, found, "sizes"),
        tags=_texts(file, "tags", found.get("tags") or []),
        severities=severities,
        exceptions=tuple(_exemptions(file, found.get("exceptions") or [], rules)),
        where=str(file),
    )


def _exemptions(file: Path, found: Any, rules: frozenset[str]) -> list[Exemption]:
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise _wrong(file, "exceptions must be a list of maps", f"each has {', '.join(FIELDS)}")
    return [_exemption(file, number, one, rules) for number, one in enumerate(found, 1)]


def _exemption(file: Path, number: int, found: Mapping[str, Any], rules: frozenset[str]) -> Exemption:
    """Only what makes no sense is refused here; one without a reason or past its day is a finding (`exceptions`)."""
    place = f"exception {number}"
    for key in found:
        _known(file, place, key, FIELDS)
    rule, resource = str(found.get("rule") or ""), str(found.get("resource") or "")
    if not rule or not resource:
        raise _wrong(file, f"{place} must name a rule and a resource", "add rule: and resource: (a glob on the URN)")
    _known_rule(file, rule, rules)
    expires = found.get("expires")
    if isinstance(expires, datetime.datetime):
        expires = expires.date()
    if expires is not None and not isinstance(expires, datetime.date):
        raise _wrong(file, f"{place} expires on '{expires}', which is no date", "write a date such as 2026-12-31")
    return Exemption(
        rule, resource, str(found.get("reason") or "").strip(), expires, str(found.get("by") or ""), number
    )


def _map(file: Path, found: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = found.get(key) or {}
    if not isinstance(value, Mapping):
        raise _wrong(file, f"{key} must be a map", f"write {key}: {{name: value}}")
    return value


def _lists(file: Path, found: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    clouds = {"aws": "aws", "azure": "azure-native", "azure-native": "azure-native", "gcp": "gcp"}
    made = {}
    for cloud, values in _map(file, found, key).items():
        _known(file, key, cloud, tuple(clouds))
        made[clouds[cloud]] = _texts(file, f"{key}.{cloud}", values)
    return made


def _texts(file: Path, key: str, found: Any) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise _wrong(file, f"{key} must be a list of texts", f"write {key}: [one, two]")
    return tuple(found)


def _known(file: Path, place: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise _wrong(file, f"{place}: '{value}' is not known", f"it is one of {', '.join(allowed)}")


def _known_rule(file: Path, rule: str, rules: frozenset[str]) -> None:
    if rule not in rules:
        raise _wrong(file, f"there is no rule '{rule}'", "`trifold policy --rules` lists them")


def _wrong(file: Path, what: str, next: str) -> UserError:
    return UserError(what, where=str(file), next=next)
