"""The settings of the program in access/: for which stack the identities are, and who may work as them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from infra import tags
from infra.capabilities.access import GITHUB, Trust
from infra.reading import Reader
from infra.settings import configuration

KEYS = ("cloud", "account", "project", "stack", "issuer", "deploy", "preview", "principals")


@dataclass(frozen=True)
class AccessSettings:
    """All that such a stack sets. stack: its own name; project, target: whose identities they are; else as in
    infra.settings."""

    cloud: str
    account: str
    region: str
    stack: str
    project: str
    target: str
    trust: Trust

    @property
    def tags(self) -> dict[str, str]:
        return tags.tags(self.project, self.target, "access")


def load() -> AccessSettings:
    """The settings of the stack that Pulumi is running. Raises SettingsError, which names every key that is wrong."""
    return read(configuration(), pulumi.get_stack())


def read(given: Mapping[str, Any], stack: str) -> AccessSettings:
    """The settings in a stack's configuration (full keys; values are text, or JSON in text)."""
    reader = Reader(given, stack, Path(), Path(), keys=KEYS)
    reader.refuse_unknown_keys()
    cloud = reader.cloud()
    trust = Trust(
        deploy=reader.texts("deploy", needed=True),
        preview=reader.texts("preview", needed=True),
        principals=reader.texts("principals"),
        issuer=reader.text("issuer", GITHUB),
    )
    found = AccessSettings(
        cloud=cloud,
        account=reader.account(cloud),
        region=reader.region(cloud),
        stack=stack,
        project=reader.text("project", "trifold"),
        target=reader.text("stack", stack),
        trust=trust,
    )
    reader.finish()
    return found
