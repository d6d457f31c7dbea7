"""A provider that makes nothing: it answers any type with outputs invented from the SDK's own class, over gRPC."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.conformance import invention
from trifold.protocol.declaration import Failure, InvalidInputs, ResourceType, Values
from trifold.protocol.declared import DeclaredProvider
from trifold.protocol.naming import Request
from trifold.protocol.provider import serve
from trifold.protocol.shapes import LOADING

PACKAGES = {"aws": "aws", "azure": "azure-native", "gcp": "gcp"}


class Recorder:
    """The operations of one type; `made` is shared by all, and holds (token, name, inputs) in order."""

    def __init__(self, token: str) -> None:
        self.token = token

    def create(self, session: Any, inputs: Values) -> tuple[str, Values]:
        name = self.token.rpartition(":")[2].lower()
        return f"{name}-id", self._outputs(name, inputs)

    def read(self, session: Any, id: str, inputs: Values) -> tuple[str, Values, Values]:
        return id, inputs, self._outputs(id, inputs)

    def update(self, session: Any, id: str, old: Values, inputs: Values) -> Values:
        return self._outputs(id, inputs)

    def delete(self, session: Any, id: str, outputs: Values) -> None:
        """There is nothing."""

    def _outputs(self, name: str, inputs: Values) -> Values:
        with LOADING:
            return invention.outputs(self.token, name, inputs)


class RecordingProvider(DeclaredProvider):
    """Serves any type, and the functions of the rig. It calls itself local, since the embedded engine asks."""

    def type(self, token: str) -> ResourceType:
        return ResourceType(token, invention.arguments(token), Recorder(token), replace=())

    def check(self, session: Any, token: str, request: Request, olds: Values, news: Values) -> tuple[Values, list]:
        return news, []

    def invoke(self, session: Any, token: str, args: Values) -> Values:
        if token not in invention.FUNCTIONS:
            raise InvalidInputs(Failure("token", f"the rig has no answer for {token}"))
        return invention.FUNCTIONS[token](session, args)


@contextmanager
def serving(cloud: str, account: str) -> Iterator[str]:
    """PULUMI_DEBUG_PROVIDERS for a cloud's provider and the kit's own; who-am-I answers `account`."""
    servers, told = [], []
    for package in (PACKAGES[cloud], "trifold"):
        provider = RecordingProvider(package, "0.0.0+trifold.local", (), lambda _: account)
        server, port = serve(provider, threads=8)
        servers.append(server)
        told.append(f"{package}:{port}")
    yield ",".join(told)
    for server in servers:
        server.stop(None)
