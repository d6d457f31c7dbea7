"""Which processes a set of clouds needs, on which ports: decided before anything starts, so that all start at once."""

import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from trifold.local import ports, record, registry
from trifold.local.children import Plan, host_command
from trifold.local.contract import Cloud, Sidecar
from trifold.local.layout import Layout


@dataclass
class Sockets:
    """Ports by the name of their use. Those of the last run are taken again where they are free."""

    layout: Layout
    _bound: dict[str, socket.socket] = field(default_factory=dict)
    _used: dict[str, int] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._last = record.read(self.layout.ports) or {}

    def listening(self, use: str) -> socket.socket:
        """A socket of ours, or for a child that inherits it."""
        if use not in self._bound:
            self._bound[use] = ports.listening(self._last.get(use, 0))
            self._used[use] = ports.number(self._bound[use])
        return self._bound[use]

    def free(self, use: str) -> int:
        """For a program that opens its own (gRPC's servers and foreign programs take no socket)."""
        others = {port for name, port in {**self._last, **self._used}.items() if name != use}
        (self._used[use],) = ports.free(1, self._last.get(use, 0), others)
        return self._used[use]

    def remember(self) -> None:
        record.write(self.layout.ports, self._used)

    def hand_over(self) -> None:
        """Close our copies of what only a child listens to, so that its end is the socket's end."""
        for use in [use for use in self._bound if use.endswith(" api")]:
            self._bound.pop(use).close()


def plans(
    clouds: Iterable[Cloud],
    layout: Layout,
    sockets: Sockets,
    environment: Mapping[str, str],
    hostile: int | None = None,
) -> list[Plan]:
    """Every child, the slowest to get ready first. hostile: the seed of clouds that make it hard for their callers."""
    return [plan for cloud in clouds for plan in _cloud(cloud, layout, sockets, environment, hostile)]


def _cloud(
    cloud: Cloud, layout: Layout, sockets: Sockets, environment: Mapping[str, str], hostile: int | None
) -> list[Plan]:
    emulators = [_sidecar(cloud, one, layout, sockets, environment) for one in cloud.sidecars]
    given = [text for one in emulators for text in ("--sidecar", f"{one.role}={','.join(map(str, one.ports))}")]
    given += [] if hostile is None else ["--hostile", str(hostile)]
    found = [*emulators, _api(cloud, layout, sockets, environment, given)]
    if registry.written(cloud.provider):
        found.append(_provider(cloud, layout, sockets, environment))
    return found


def _sidecar(cloud: Cloud, sidecar: Sidecar, layout: Layout, sockets: Sockets, environment: Mapping[str, str]) -> Plan:
    name = sidecar.name
    folder = layout.sidecar(cloud.name, name)
    taken = tuple(sockets.free(f"{cloud.name} {name} {number}") for number in range(sidecar.ports))
    command = sidecar.command(folder, taken)
    full = f"{cloud.name}-{name}"
    merged = {**environment, **sidecar.environment}
    return Plan(full, cloud.name, name, command, layout.log(full), merged, taken, says_ready=False, folder=folder)


def _api(cloud: Cloud, layout: Layout, sockets: Sockets, environment: Mapping[str, str], given: list[str]) -> Plan:
    listening = sockets.listening(f"{cloud.name} api")
    grpc = sockets.free(f"{cloud.name} grpc") if cloud.grpc else 0
    more = ["--state", str(layout.state), "--socket", str(listening.fileno()), "--port", str(grpc), *given]
    command = host_command("api", cloud.name, *more)
    found = tuple(port for port in (ports.number(listening), grpc) if port)
    name = f"{cloud.name}-api"
    return Plan(name, cloud.name, "api", command, layout.log(name), environment, found, (listening.fileno(),))


def _provider(cloud: Cloud, layout: Layout, sockets: Sockets, environment: Mapping[str, str]) -> Plan:
    port = sockets.free(f"{cloud.name} provider")
    name = f"{cloud.name}-provider"
    command = host_command("provider", cloud.name, "--port", str(port))
    return Plan(name, cloud.name, "provider", command, layout.log(name), environment, (port,))
