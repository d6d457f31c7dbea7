"""Default providers: where a resource names no provider, one is registered for its package and version, once a run."""

import json
import re
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
        key = (package, version, download_url.removesuffix("/"))
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
        name = "_".join(["default", *filter(None, [_version_name(version), _url_name(download_url)])])
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


def _version_name(version: str) -> str:
    """`1.2.3-beta.1+meta` as 1_2_3_beta_1_meta."""
    release, _, build = version.partition("+")
    core, _, early = release.partition("-")
    return "_".join(part for text in (core, early, build) for part in text.split(".") if part)


def _url_name(url: str) -> str:
    """The URL with `_` for what is not to be in a name; empty parts go."""
    return "/".join(re.sub(r"[^A-Za-z0-9_.-]", "_", part) for part in url.split("/") if part)
