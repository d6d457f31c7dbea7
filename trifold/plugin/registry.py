"""The kit's own provider, put together from the service files of this folder: each that declares `TYPES` is served."""

import importlib
import pkgutil
import threading
from collections.abc import Callable, Hashable
from importlib.metadata import version
from typing import Any

import trifold.plugin
from trifold.protocol.declaration import ResourceType, Values
from trifold.protocol.declared import DeclaredProvider

NOT_SERVICES = ("main", "registry", "resources")


class Session:
    """What operations get: one a connection. It keeps the SDK clients, each made at its first use."""

    def __init__(self, configuration: Values) -> None:
        self.configuration = configuration
        self._lock = threading.RLock()
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once for a key (a service and a region, for example)."""
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]


def create() -> DeclaredProvider:
    """The provider. Its configuration is empty: the project is called like the plugin, so the engine hands it the
    stack's own settings (`trifold:*`), which are none of its; credentials come from each SDK's own environment."""
    return DeclaredProvider("trifold", version("trifold"), types(), Session)


def types() -> tuple[ResourceType, ...]:
    """Every type that a service file declares."""
    names = sorted(found.name for found in pkgutil.iter_modules(trifold.plugin.__path__))
    modules = [importlib.import_module(f"trifold.plugin.{name}") for name in names if name not in NOT_SERVICES]
    return tuple(declared for module in modules for declared in getattr(module, "TYPES", ()))
