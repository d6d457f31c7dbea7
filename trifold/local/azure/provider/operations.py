"""Create, read, update and delete of any type of Resource Manager."""

from dataclasses import dataclass
from typing import Any

from trifold.local.azure.provider.bodies import body_of, inputs_of, outputs_of, path_of
from trifold.local.azure.provider.session import ArmError, Session, state_of
from trifold.local.azure.provider.types import LOCATED, ArmType
from trifold.protocol.declaration import NotInitialized, ResourceType, Values

FAILED = "Failed"


@dataclass(frozen=True)
class ArmResources:
    """The operations of one type. A PUT creates and replaces, as azure-native's does."""

    type: ArmType

    def create(self, session: Session, inputs: Values) -> tuple[str, Values]:
        path = path_of(self.type, inputs, session.subscription)
        found = None if self.type.single else session.settled(path, self.type.version)
        if found is not None and state_of(found) != FAILED:
            raise ArmError(409, "Conflict", f"cannot create already existing resource '{path}'")
        return self._put(session, path, inputs)

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        return self._put(session, id, inputs)[1]

    def read(self, session: Session, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        found = session.settled(id, self.type.version)
        return (id, inputs_of(self.type, id, found), outputs_of(self.type, found)) if found else None

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        """What can't be deleted goes back to what it was when it was made."""
        if self.type.single:
            if session.get(id, self.type.version) is not None:
                session.put(id, self.type.version, {"properties": {}})
            return
        session.delete(id, self.type.version)

    def find(self, session: Session, inputs: Values) -> str | None:
        """What failed is not taken over: it is made once more."""
        try:
            path = path_of(self.type, inputs, session.subscription)
        except KeyError:
            return None
        found = session.settled(path, self.type.version)
        return None if found is None or state_of(found) == FAILED else path

    def _put(self, session: Session, path: str, inputs: Values) -> tuple[str, Values]:
        try:
            found = session.put(path, self.type.version, body_of(self.type, inputs))
        except ArmError as error:
            made = session.get(path, self.type.version) if error.accepted else None
            if made is None:
                raise
            raise NotInitialized(path, inputs, outputs_of(self.type, made), str(error)) from None
        return found["id"], outputs_of(self.type, found)


def _location(session: Any, inputs: Values) -> str | None:
    return session.location or None if session is not None else None


def declare(type: ArmType) -> ResourceType:
    """A type as the base provider takes it."""
    defaults: dict[str, Any] = dict(type.defaults)
    if type.token in LOCATED:
        defaults["location"] = _location
    return ResourceType(type.token, type.arguments, ArmResources(type), type.autoname, defaults, type.volatile)
