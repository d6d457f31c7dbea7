"""Default providers: where a resource names no provider, one is registered for its package and version, once a run."""

import json
import threading
from collections.abc import Callable

from trifold.engine import urn as urns
from trifold.engine.config import Resolved
from trifold.engine.requests import Answer, Register
from trifold.engine.state import Goal
from trifold.errors import UserError


class DefaultProviders:
    """The default providers of one run. `ask` hands in a registration and waits for its answer."""

    def __init__(self, ask: Callable[[Register], Answer], config: Resolved) -> None:
        self._ask, self._config = ask, config
        self._references: dict[tuple[str, str, str], str] = {}
        self._lock = threading.Lock()

    def reference(self, package: str, version: str, download_url: str) -> str:
        """The reference of the package's default provider, registered if it is the first to ask for it."""
        self._refuse_denied(package)
        key = (package, version, download_url)
        with self._lock:
            if key not in self._references:
                self._references[key] = self._register(*key)
            return self._references[key]

    def _register(self, package: str, version: str, download_url: str) -> str:
        inputs = self._config.of_package(package) if package != "pulumi" else {}
        if version:
            inputs = {**inputs, "version": version, "__internal": {}}
        if download_url:
            inputs = {**inputs, "__internal": {"pluginDownloadURL": download_url}}
        name = "_".join(["default", *(_as_name(part) for part in (version, download_url) if part)])
        state = self._ask(Register(Goal(urns.PROVIDER_TYPE + package, name, True, inputs))).state
        return f"{state.urn}::{state.id}"

    def _refuse_denied(self, package: str) -> None:
        denied = self._config.values.get("pulumi:disable-default-providers")
        if package == "pulumi" or not denied:
            return
        names = json.loads(denied)
        if "*" in names or package in names:
            raise UserError(
                f"Default provider for '{package}' disabled.",
                next="give the resource an explicit provider, or change pulumi:disable-default-providers",
            )


def _as_name(text: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in text)
