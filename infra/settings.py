"""A stack's settings: typed, and checked as a whole before any resource is registered.

They come from the stack's own configuration (`Pulumi.<stack>.yaml`), from two namespaces: `trifold:` for what is the
same on all clouds, and the cloud's own (`aws:region`, `azure-native:location`, `gcp:region`) for where it runs.
"""

from dataclasses import dataclass

from infra.package import PackageRef


@dataclass(frozen=True)
class VariantSettings:
    """One variant as the stack file has it, defaults filled in."""

    name: str
    weight: int
    package: PackageRef
    size: str
    count: int
    minimum: int
    maximum: int


@dataclass(frozen=True)
class Settings:
    """All that a stack sets. account: the pinned account, subscription or project; region: the cloud's word for it."""

    cloud: str
    project: str
    stack: str
    account: str
    region: str
    image: str
    variants: tuple[VariantSettings, ...]
    request_timeout: int = 60
    concurrency: int = 32
    keep_versions_days: int = 30
    ephemeral: bool = False
