"""The platforms' container contracts: what differs between them, and nothing else."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trifold.serving.problem import Problem
from trifold.serving.settings import Settings


@dataclass(frozen=True)
class Platform:
    """One container contract.

    health: routes of GET that say whether the model serves; score: the route of POST. csv: text/csv is spoken too.
    headers: digest -> response headers by which the platform lets the digest through. body: digest -> members
    beside "predictions". problem: the error's JSON. locate: where the package is, bringing it into the workspace first
    where the platform does not; raises UserError.
    """

    name: str
    health: tuple[str, ...]
    score: str
    csv: bool
    headers: Callable[[str], Mapping[str, str]]
    body: Callable[[str], Mapping[str, str]]
    problem: Callable[[Problem], dict[str, Any]]
    locate: Callable[[Settings], Path]


def adapter(settings: Settings) -> Platform:
    """The platform that the settings name."""
    module = importlib.import_module(f"trifold.serving.platforms.{settings.platform}")
    platform: Platform = module.platform(settings.environment)
    return platform
