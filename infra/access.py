"""The settings of the program in access/: for which stack the identities are, and who may work as them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi

from infra import needed, tags
from infra.bringing import Bringing, Place
from infra.brought import Brought
from infra.capabilities.access import GITHUB, Trust
from infra.naming import Names
from infra.settings import configuration

# What the stack itself says in its own file, and says here in the same words.
AS_THE_STACK = ("existing", "network", "key", "role")
TRUST = ("issuer", "issuerThere", "deploy", "preview", "principals")
KEYS = ("cloud", "account", "project", "stack", *TRUST, "features", *AS_THE_STACK)


@dataclass(frozen=True)
class AccessSettings:
    """All that such a stack sets. stack: its own name; project, target: whose identities they are; brought: what the
    target brings along; features: all that it turns on (infra.needed); else as in infra.settings."""

    cloud: str
    account: str
    region: str
    stack: str
    project: str
    target: str
    trust: Trust
    brought: Brought = field(default_factory=Brought)
    features: frozenset[str] = frozenset()

    @property
    def tags(self) -> dict[str, str]:
        return tags.tags(self.project, self.target, "access")


def load() -> AccessSettings:
    """The settings of the stack that Pulumi is running. Raises SettingsError, which names every key that is wrong."""
    return read(configuration(), pulumi.get_stack())


def read(given: Mapping[str, Any], stack: str) -> AccessSettings:
    """The settings in a stack's configuration (full keys; values are text, or JSON in text)."""
    reader = Bringing(given, stack, Path(), Path(), keys=KEYS)
    reader.refuse_unknown_keys()
    cloud = reader.cloud()
    account, region = reader.account(cloud), reader.region(cloud)
    project, target = reader.text("project", "trifold"), reader.text("stack", stack)
    place = Place(cloud, account, region, Names(cloud, project, target, account, region)("endpoint"))
    brought, issuer = reader.brought(place), reader.text("issuer", GITHUB)
    trust = Trust(
        deploy=reader.texts("deploy", needed=True),
        preview=reader.texts("preview", needed=True),
        principals=reader.texts("principals"),
        issuer=issuer,
        there=reader.issuer(place, issuer),
    )
    found = AccessSettings(
        cloud=cloud,
        account=account,
        region=region,
        stack=stack,
        project=project,
        target=target,
        trust=trust,
        brought=brought,
        features=needed.features(brought, reader.words("features", needed.PLAIN)),
    )
    reader.finish()
    return found
