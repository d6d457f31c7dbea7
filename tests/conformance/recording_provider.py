"""A provider that makes nothing: it answers any type with outputs invented from the SDK's own class."""

from collections.abc import Mapping
from functools import partial

from tests.conformance import invention
from trifold.protocol.declaration import Values
from trifold.protocol.shapes import LOADING
from trifold.protocol.values import UNKNOWN
from trifold.testing import Provider, Resource

PACKAGES = {"aws": "aws", "azure": "azure-native", "gcp": "gcp"}


class Recorder(Resource):
    """Any type; what its class promises and the program did not say is invented."""

    def preview(self, inputs: Values) -> Values:
        with LOADING:
            promised = dict.fromkeys(invention.promised(self.token), UNKNOWN)
        return {**promised, **invention.echoed(self.token, inputs)}

    def create(self, inputs: Values) -> tuple[str, Values]:
        return self.new_id(), self._outputs(inputs)

    def update(self, id: str, old: Values, inputs: Values) -> Values:
        return self._outputs(inputs)

    def _outputs(self, inputs: Values) -> Values:
        with LOADING:
            return invention.outputs(self.token, self.name, inputs)


def recording(cloud: str, account: str) -> Mapping[str, Provider]:
    """A cloud's provider and the kit's own; who-am-I answers `account`."""
    told = {token: partial(_call, function, account) for token, function in invention.FUNCTIONS.items()}
    return {package: Provider(others=Recorder, invokes=told) for package in (PACKAGES[cloud], "trifold")}


def _call(function, account: str, args: Values, _cloud) -> Values:
    return function(account, args)
