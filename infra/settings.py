"""A stack's settings: typed, and checked as a whole before any resource is registered.

They come from the stack's own configuration (`Pulumi.<stack>.yaml`), from two namespaces: `trifold:` for what is the
same on all clouds, and the cloud's own (`aws:region`, `azure-native:location`, `gcp:region`) for where it runs.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pulumi

from infra.bringing import Bringing, Place
from infra.brought import Brought
from infra.capabilities.endpoint import Variant
from infra.naming import Names
from infra.package import PackageRef, find
from infra.tags import tags


@dataclass(frozen=True)
class Settings:
    """All that a stack sets. account: the pinned account, subscription or project; region: the cloud's word for it;
    request_timeout: seconds; keep_versions_days: how long overwritten objects can be had back. budget: US dollars a
    month; budget_email, billing_account: who is told of it, and Google's account that it belongs to, or "". expires:
    the last day the stack is wanted, YYYY-MM-DD, or "". kept: the data stores that a destroy leaves
    (infra.keeping). brought: what is used instead of being made (infra.brought). mandatory: the tags that
    everything is to carry beside the kit's own."""

    cloud: str
    project: str
    stack: str
    account: str
    region: str
    package: PackageRef
    image: str
    variants: tuple[Variant, ...]
    budget: float
    request_timeout: int = 60
    concurrency: int = 32
    keep_versions_days: int = 30
    ephemeral: bool = False
    kept: tuple[str, ...] = ()
    budget_email: str = ""
    billing_account: str = ""
    expires: str = ""
    brought: Brought = field(default_factory=Brought)
    mandatory: Mapping[str, str] = field(default_factory=dict)

    def tags(self, capability: str) -> dict[str, str]:
        """What every resource of a capability carries that can carry tags."""
        return {**self.mandatory, **tags(self.project, self.stack, capability, self.expires)}

    @property
    def alerted(self) -> bool:
        """Whether there is what a budget in the account needs: somebody to tell, or Google's billing account."""
        return bool(self.budget_email or self.billing_account)


def load(root: Path) -> Settings:
    """The settings of the stack that Pulumi is running; `root` is the folder of Pulumi.yaml.

    Raises SettingsError, which names every key that is wrong, the stack's file, and what is allowed.
    """
    state = Path(os.environ.get("TRIFOLD_STATE") or root / ".trifold")
    return read(configuration(), pulumi.get_project(), pulumi.get_stack(), root, state)


def read(
    configuration: Mapping[str, str],
    project: str,
    stack: str,
    root: Path,
    state: Path,
    *,
    today: date | None = None,
    find: Callable[[str, Path, Path], PackageRef] = find,
) -> Settings:
    """The settings in a stack's configuration (full keys; values are text, or JSON in text).

    today: the day that `expires` is compared with (UTC). find: the package of a name, see infra.package.
    """
    reader = Bringing(configuration, stack, root, state, find)
    reader.refuse_unknown_keys()
    cloud = reader.cloud()
    account, region = reader.account(cloud), reader.region(cloud)
    place = Place(cloud, account, region, Names(cloud, project, stack, account, region)("endpoint"))
    package, size = reader.package("package"), reader.size(cloud, "size")
    count = reader.number("count", 1, 1, 100)
    minimum = reader.number("minimum", count, 1, 100)
    maximum = reader.number("maximum", max(count, minimum), 1, 100)
    email, ephemeral = reader.email("budgetEmail"), reader.flag("ephemeral", False)
    found = Settings(
        cloud=cloud,
        project=project,
        stack=stack,
        account=account,
        region=region,
        package=package,
        image=reader.image("image"),
        variants=reader.variants(cloud, Variant("main", package, 100, size, count, minimum, maximum)),
        budget=reader.dollars("budget"),
        request_timeout=reader.number("requestTimeout", 60, 1, 60),
        concurrency=reader.number("concurrency", 32, 1, 1000),
        keep_versions_days=reader.number("keepVersionsDays", 30, 1, 3650),
        ephemeral=ephemeral,
        kept=reader.kept("onDestroy", cloud, ephemeral),
        budget_email=email,
        billing_account=reader.billing_account("billingAccount", cloud, needed=bool(email)),
        expires=reader.expires("expires", today or datetime.now(UTC).date()),
        brought=reader.brought(place),
        mandatory=reader.mandatory(cloud),
    )
    reader.finish()
    return found


def configuration() -> dict[str, Any]:
    """Every key the program was given (the SDK itself has only a getter by name)."""
    from pulumi.runtime import config

    return {**config.get_config_env(), **config.CONFIG.get()}
