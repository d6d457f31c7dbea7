"""Provider resources: each is a connection of its own to a plugin, made by Check, configured by Create, Update or Same.

A provider resource goes through the same life as any other; the registry answers the calls of that life.
"""

import threading
import uuid
from collections.abc import Callable
from typing import Any

from trifold.engine import urn as urns
from trifold.engine.answers import Difference, Found, ProviderError
from trifold.engine.plugin import UNKNOWN_ID
from trifold.engine.properties import Properties, equal
from trifold.engine.refusals import refusal
from trifold.engine.state import Resource

INTERNAL = "__internal"
UNCONFIGURED = "unconfigured"


class Registry:
    """All providers of one run, by (URN, id). `open`: a package's name to a new connection."""

    def __init__(self, open: Callable[[str], Any]) -> None:
        self.open = open
        self._plugins: dict[tuple[str, str], Any] = {}
        self._aliases: dict[str, str] = {}
        self._opened: list[Any] = []
        self._lock = threading.RLock()

    def get(self, reference: str) -> Any | None:
        """The configured provider of a reference, None if there is none yet."""
        with self._lock:
            return self._plugins.get(urns.split_reference(reference))

    def alias(self, urn: str, old: str) -> None:
        """The provider `urn` was called `old` before; it is found under both names."""
        if urn != old:
            self._aliases[urn] = old

    def close(self) -> None:
        with self._lock:
            for plugin in self._opened:
                plugin.close()

    def cancel(self) -> None:
        """Ask all to stop what they do; does not wait."""
        with self._lock:
            for plugin in self._opened:
                plugin.cancel()

    def abandon(self) -> None:
        """Let go of all, whatever they do."""
        with self._lock:
            for plugin in self._opened:
                plugin.abandon()

    def _put(self, urn: str, id: str, plugin: Any) -> None:
        with self._lock:
            self._plugins[urn, id] = plugin
            if urn in self._aliases:
                self._plugins[self._aliases[urn], id] = plugin

    def _take(self, urn: str) -> Any | None:
        with self._lock:
            return self._plugins.pop((urn, UNCONFIGURED), None)

    def _connect(self, urn: str) -> Any:
        plugin = self.open(urns.package_of(urns.type_of(urn)))
        with self._lock:
            self._opened.append(plugin)
        return plugin

    # ---- the life of a provider resource; see Plugin for what each means -----------------------------------------

    def check(
        self, urn: str, olds: Properties, news: Properties, seed: bytes, *, preview: bool
    ) -> tuple[Properties, list]:
        plugin = self._connect(urn)
        if "envVarMappings" in news.get(INTERNAL, {}) and not plugin.attached:
            raise refusal("environment mappings")
        inputs, failures = plugin.check_config(urn, filtered(olds), filtered(news))
        if failures:
            plugin.close()
            return {}, failures
        self._put(urn, UNCONFIGURED, plugin)
        if "version" in news and not equal(inputs.setdefault("version", news["version"]), news["version"]):
            raise ProviderError(f"provider '{urn}' attempted to change its version to {inputs['version']}")
        if INTERNAL in news:
            inputs[INTERNAL] = news[INTERNAL]
        return inputs, []

    def diff(
        self,
        urn: str,
        id: str,
        old_inputs: Properties,
        old_outputs: Properties,
        news: Properties,
        ignore_changes: list[str],
        **_: Any,
    ) -> Difference:
        with self._lock:
            plugin = self._plugins.get((urn, UNCONFIGURED)) or self._plugins[urn, id]
            unused = self._plugins.get((urn, UNCONFIGURED)) is plugin
        found = plugin.diff_config(urn, filtered(old_inputs), old_outputs, filtered(news), ignore_changes)
        if found.changes == "unknown":
            found.changes = "none" if equal(old_outputs, filtered(news)) else "some"
        if found.replaces and unused:
            plugin.close()
            self._take(urn)
        return found

    def same(self, resource: Resource, *, after_check: bool) -> None:
        """Configure the provider as state has it; `after_check`: on the connection that Check made."""
        if not resource.id or resource.id == UNKNOWN_ID:
            raise ProviderError(f"provider '{resource.urn}' has an unknown ID")
        with self._lock:
            if (resource.urn, resource.id) in self._plugins:
                return
        plugin = (self._take(resource.urn) if after_check else None) or self._connect(resource.urn)
        plugin.configure(resource.urn, resource.id, filtered(resource.inputs))
        self._put(resource.urn, resource.id, plugin)

    def create(self, urn: str, inputs: Properties, timeout: float, *, preview: bool) -> Found:
        plugin = self._take(urn) or self._connect(urn)
        ident = UNKNOWN_ID if preview else str(uuid.uuid4())
        plugin.configure(urn, ident, filtered(inputs))
        self._put(urn, ident, plugin)
        return Found(ident, filtered(inputs))

    def update(
        self, urn: str, id: str, old_inputs: Properties, old_outputs: Properties, news: Properties, *_: Any, **__: Any
    ) -> Found:
        plugin = self._take(urn) or self._connect(urn)
        plugin.configure(urn, id, filtered(news))
        with self._lock:
            before = self._plugins.get((urn, id))
        self._put(urn, id, plugin)
        if before is not None and before is not plugin:
            before.close()
        return Found(id, filtered(news))

    def delete(self, urn: str, id: str, inputs: Properties, outputs: Properties, timeout: float) -> None:
        with self._lock:
            plugin = self._plugins.pop((urn, id), None)
        if plugin is not None:
            plugin.close()

    def read(self, *_: Any) -> Found:
        raise ProviderError("provider resources may not be read")


def filtered(inputs: Properties) -> Properties:
    """A provider's inputs without what is the engine's own."""
    return {key: value for key, value in inputs.items() if key != INTERNAL}
