"""All of it around one call: what the gate of a hostile cloud lets pass."""

from trifold.local.gcp.api.hostile import conflicts, refusals
from trifold.local.gcp.api.hostile.activation import Activation
from trifold.local.gcp.api.hostile.limits import Limits
from trifold.local.gcp.api.wire import Call, Raw
from trifold.local.hostile import Hostile


class HostileGate:
    """hostile: None for a friendly cloud, where everything passes."""

    def __init__(self, hostile: Hostile | None) -> None:
        self._hostile = hostile
        self.activation = None if hostile is None else Activation(hostile)
        self._limits = None if hostile is None else Limits(hostile)

    def admit(self, service: str, raw: Raw) -> None:
        """Raises GoogleError for a service that is off, and where the caller is to come again; before anything is
        asked of the call."""
        if self.activation is not None:
            self.activation.check(service)
        if self._hostile is not None:
            refusals.check(self._hostile, service, raw)

    def before(self, call: Call) -> None:
        """Raises GoogleError for a call that may be made, and can't be made now."""
        if self._hostile is not None and self._limits is not None:
            conflicts.check(self._hostile, call)
            self._limits.check(call)
