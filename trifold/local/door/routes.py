"""Which cloud answers for a host name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trifold.local.contract import Cloud


@dataclass(frozen=True)
class Route:
    """Where a host's bytes go. grpc: the port for HTTP/2, 0 where the host speaks no gRPC; plain: without TLS too."""

    cloud: str
    port: int
    grpc: int = 0
    plain: bool = False


class Routes:
    """Exact names first, then the longest suffix; every other name has no route."""

    def __init__(self, routes: Mapping[str, Route]) -> None:
        self._exact = {name.lower(): route for name, route in routes.items() if not name.startswith("*.")}
        self._suffixes = {name[1:].lower(): route for name, route in routes.items() if name.startswith("*.")}

    def find(self, host: str) -> Route | None:
        name = host.lower().rstrip(".")
        if name in self._exact:
            return self._exact[name]
        labels = name.split(".")
        suffixes = ("." + ".".join(labels[start:]) for start in range(1, len(labels)))
        return next((self._suffixes[suffix] for suffix in suffixes if suffix in self._suffixes), None)


def routes(clouds: Iterable[Cloud], ports: Mapping[str, int], grpc_ports: Mapping[str, int]) -> Routes:
    """The routes of these clouds; ports by cloud's name."""
    found = {}
    for cloud in clouds:
        for host in (*cloud.hosts, *cloud.grpc_hosts):
            grpc = grpc_ports.get(cloud.name, 0) if host in cloud.grpc_hosts else 0
            found[host] = Route(cloud.name, ports[cloud.name], grpc, host in cloud.plain_hosts)
    return Routes(found)
