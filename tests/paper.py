"""Stacks of real accounts on paper: settings of which nothing is ever made."""

from datetime import date
from pathlib import Path
from typing import Any

from infra import settings
from infra.offers import OFFERS
from infra.package import PackageRef

IMAGE = "trifold-serving@sha256:" + "a" * 64
ACCOUNTS = {"aws": "123456789012", "azure": "01234567-89ab-cdef-0123-456789abcdef", "gcp": "my-project-123"}
REGIONS = {"aws": "us-east-1", "azure": "eastus", "gcp": "us-central1"}
SIZES = {"aws": "ml.m5.large", "azure": "Standard_F2s_v2", "gcp": "n1-standard-2"}
TODAY = date(2026, 11, 25)


def configuration(cloud: str, **changes: str | None) -> dict[str, str]:
    """The configuration of a stack of one instance, changed; a change that is None is left out."""
    given = {
        "cloud": cloud,
        "account": ACCOUNTS[cloud],
        "package": "flights",
        "image": IMAGE,
        "size": SIZES[cloud],
        "budget": "1000",
        **changes,
    }
    region = given.pop("region", REGIONS[cloud])
    kept = {f"trifold:{key}": value for key, value in given.items() if value is not None}
    return {**kept, OFFERS[cloud].region_key: str(region)}


def stack(cloud: str = "aws", **changes: str | None) -> settings.Settings:
    """The settings of such a stack, on TODAY."""
    given = configuration(cloud, **changes)
    return settings.read(given, "trifold", f"prod-{cloud}", Path(), Path(), today=TODAY, find=_package)


def _package(name: str, *_: Any) -> PackageRef:
    return PackageRef(name, "1" * 64, Path(), Path())
