"""Which local clouds there are: derived from the folders of trifold/local. What is not written yet is left out."""

import importlib
import importlib.util
import os
import pkgutil
from collections.abc import Callable
from typing import Any

from trifold.errors import UserError
from trifold.local.contract import Cloud
from trifold.local.support import Operations

# Where clouds are looked for; the tests of the supervisor bring a package of their own.
PACKAGE_VARIABLE = "TRIFOLD_LOCAL_PACKAGE"


def package() -> str:
    return os.environ.get(PACKAGE_VARIABLE) or "trifold.local"


def clouds() -> dict[str, Cloud]:
    """Every cloud by name. Raises UserError where two of them claim one host."""
    found: dict[str, Cloud] = {}
    for folder in pkgutil.iter_modules(importlib.import_module(package()).__path__):
        if folder.ispkg and exists(f"{package()}.{folder.name}.cloud"):
            cloud = importlib.import_module(f"{package()}.{folder.name}.cloud").CLOUD
            if written(cloud.api):
                found[cloud.name] = cloud
    _check_hosts(found)
    return found


def operations() -> dict[str, Operations]:
    """What each cloud declares of its API, of those that do."""
    modules = {name: f"{package()}.{name}.api.operations" for name in clouds()}
    return {name: load(f"{module}:OPERATIONS") for name, module in modules.items() if exists(module)}


def images() -> Callable[[str], list[str]]:
    """Image reference -> command: the package's own `resolve_image` (the tests' has one), else the kit's server."""
    from trifold.local.processes.image import resolve

    return getattr(importlib.import_module(package()), "resolve_image", resolve)


def exists(module: str) -> bool:
    """Whether there is such a module, without importing it."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def written(reference: str) -> bool:
    """Whether the module of "module:name" is there."""
    return exists(reference.partition(":")[0])


def load(reference: str) -> Any:
    """What "module:name" names."""
    module, _, name = reference.partition(":")
    return getattr(importlib.import_module(module), name)


def _check_hosts(found: dict[str, Cloud]) -> None:
    owners: dict[str, str] = {}
    for cloud in found.values():
        for host in cloud.hosts:
            other = owners.setdefault(host.lower(), cloud.name)
            if other != cloud.name:
                raise UserError(f"two local clouds claim the host {host}: {other} and {cloud.name}")
