"""Finds the provider of a package: one that is attached (PULUMI_DEBUG_PROVIDERS), or a plugin that Pulumi.yaml names.

This engine is for local clouds and tests, and refuses anything else: the package of a real cloud is taken only from an
attached provider that says it is local (its version ends in `+trifold.local`), and a plugin's process is started only
in an environment whose way out is a proxy on this machine.
"""

import contextlib
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from trifold.engine import guard_plugin
from trifold.engine.plugin import Plugin
from trifold.engine.project import Project
from trifold.engine.real_packages import REAL
from trifold.errors import UserError

LOCAL_MARK: Final = "trifold.local"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


@dataclass
class Host:
    """Hands out connections to providers; `close` ends the processes it started.

    attached: the port of a package's provider that is served in this process, None for one that is not.
    """

    project: Project | None
    environment: Mapping[str, str]
    engine_address: str = ""
    log: Path | None = None
    attached: Callable[[str], int | None] | None = None
    _running: dict[str, tuple[subprocess.Popen, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _launched: list[subprocess.Popen] = field(default_factory=list)
    _closed: bool = False

    def begin(self, packages: Iterable[str]) -> None:
        """Start plugins ahead, while the program imports its own; what is in the way is told by `open`."""
        with contextlib.suppress(UserError):
            for package in sorted(set(packages) - REAL):
                if self._port(package) is None:
                    threading.Thread(target=self._begin, args=(package,), daemon=True).start()

    def _begin(self, package: str) -> None:
        with contextlib.suppress(UserError, OSError):
            self._start(package)

    def open(self, package: str) -> Plugin:
        """A connection of its own to the package's provider. UserError where there is none, or it is refused."""
        port = self._port(package)
        if port is not None:
            plugin = Plugin(f"127.0.0.1:{port}", True, self.engine_address)
            _refuse_real(package, plugin)
            return plugin
        if package in REAL:
            raise UserError(
                f"the provider '{package}' reaches a real service, and this engine runs against local clouds only",
                next='eval "$(trifold local env)" to use the local clouds, or `pulumi` for a real account',
            )
        return Plugin(self._start(package), False, self.engine_address)

    def _port(self, package: str) -> int | None:
        """Where the package's provider is served already."""
        port = self.attached(package) if self.attached else None
        return attachments(self.environment.get("PULUMI_DEBUG_PROVIDERS", "")).get(package) if port is None else port

    def _start(self, package: str) -> str:
        with self._lock:
            if self._closed:
                raise UserError(f"the plugin '{package}' is not started any more: the run has ended")
            if package in self._running and self._running[package][0].poll() is None:
                return self._running[package][1]
            executable = self._executable(package)
            refuse_open_environment(package, self.environment)
            process = _launch(executable, self.engine_address, self.environment)
            self._launched.append(process)
            self._running[package] = process, _address(process, executable)
            return self._running[package][1]

    def _executable(self, package: str) -> Path:
        folder = self.project.plugins.get(package) if self.project else None
        found = shutil.which(f"pulumi-resource-{package}", path=str(folder)) if folder else None
        if found is None:
            where = f"{folder} has no executable pulumi-resource-{package}" if folder else ""
            raise UserError(
                f"no resource plugin 'pulumi-resource-{package}' found",
                where=where or "neither PULUMI_DEBUG_PROVIDERS nor `plugins` in Pulumi.yaml names it",
                next=f"attach one: PULUMI_DEBUG_PROVIDERS={package}:PORT",
            )
        return Path(found)

    def close(self) -> None:
        """End the processes that were started, those too that have not said their port yet."""
        self._closed = True
        self._hang_up()
        with self._lock:  # one may be on its way
            self._running.clear()
        self._hang_up()
        for process in self._launched:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._launched.clear()

    def _hang_up(self) -> None:
        for process in self._launched:
            assert process.stdin is not None
            process.stdin.close()


def attachments(text: str) -> dict[str, int]:
    """{package: port} of PULUMI_DEBUG_PROVIDERS. UserError for what is not `name:port,...`."""
    found = {}
    for part in filter(None, text.split(",")):
        name, _, port = part.strip().rpartition(":")
        if not name or not port.isdigit():
            raise UserError(f"PULUMI_DEBUG_PROVIDERS must be NAME:PORT,NAME:PORT, not {part!r}")
        found[name] = int(port)
    return found


def _refuse_real(package: str, plugin: Plugin) -> None:
    build = plugin.version.partition("+")[2]
    if package in REAL and build != LOCAL_MARK:
        version = plugin.version or "none"
        plugin.close()
        raise UserError(
            f"the attached provider '{package}' does not say that it is local (its version is {version}, not "
            f"...+{LOCAL_MARK}), and this engine runs against local clouds only",
            next='eval "$(trifold local env)" to use the local clouds, or `pulumi` for a real account',
        )


def refuse_open_environment(package: str, environment: Mapping[str, str]) -> None:
    """UserError unless all that a process could reach with the environment goes through a proxy on this machine."""
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
        value = environment.get(name, "")
        if (urlsplit(value).hostname or "") not in LOOPBACK:
            raise UserError(
                f"the plugin '{package}' is started only with the local clouds' environment: {name} is "
                f"{value or 'not set'}, not a proxy on this machine",
                next='eval "$(trifold local env)", then run it again; or `pulumi` for a real account',
            )
    for name in ("NO_PROXY", "no_proxy"):
        around = {host.strip() for host in environment.get(name, "").split(",")} - LOOPBACK - {""}
        if around:
            raise UserError(
                f"the plugin '{package}' is started only with the local clouds' environment: {name} lets it reach "
                f"{', '.join(sorted(around))} past the local clouds",
                next='eval "$(trifold local env)", then run it again',
            )


def _launch(executable: Path, engine_address: str, environment: Mapping[str, str]) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", guard_plugin.__file__, str(executable), engine_address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(environment),
        start_new_session=True,
        text=True,
    )


def _address(process: subprocess.Popen, executable: Path) -> str:
    """Where a plugin serves: it prints its port first, then whatever it likes. UserError where it ends instead."""
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    if not port.isdigit():
        process.kill()
        status = process.wait()
        raise UserError(
            f"the plugin {executable.name} did not start: it printed {port[:200]!r}, not its port (status {status})",
            where=str(executable),
        )
    threading.Thread(target=process.stdout.read, daemon=True).start()
    return f"127.0.0.1:{port}"
