"""The kit's own programs on a running local cloud, as one of its identities.

The engine and the providers are in this process and the program is forked, so that a stack is up in seconds.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from trifold.protocol.declared import DeclaredProvider
from trifold.protocol.provider import serve
from trifold.testing import Stack

VERSION = "1.0.0+trifold.local"


class Working(Stack):
    """A stack with providers of one's own. who: whom they work as; it may be set anew between runs."""

    def __init__(self, program: Path, who: Any, **how: Any) -> None:
        super().__init__(program, **how)
        self.who = who
        self._servers = {name: serve(one, version=VERSION) for name, one in self.served().items()}
        self._host.port = lambda package: self._servers[package][1]  # type: ignore[method-assign]

    def as_who(self, who: Any) -> Self:
        """Work as somebody else from the next run on."""
        self.who = who
        return self

    def served(self) -> Mapping[str, DeclaredProvider]:
        """The providers, by the packages they serve. Each asks `self.who` at its configuration."""
        raise NotImplementedError

    @property
    def environment(self) -> dict[str, str]:
        ports = ",".join(f"{name}:{port}" for name, (_, port) in self._servers.items())
        return {**super().environment, "PULUMI_DEBUG_PROVIDERS": ports}

    def first_failure(self, steps: Iterable[tuple[Mapping[str, str], Callable[[], Any]]]) -> str:
        """Run each of the steps with its changes of the configuration: why the first of it failed, "" if none did."""
        for change, run in steps:
            self.config |= change
            if (result := run()).failed:
                return str(result)
        return ""

    def close(self) -> None:
        for server, _ in self._servers.values():
            server.stop(grace=1).wait()
        super().close()
