"""What all types here share: make or change something, then read it back; the outputs are what the cloud says."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from trifold.local.gcp.provider.session import ApiError, Session
from trifold.protocol.declaration import Values

# What the official provider does with a resource on destroy unless told otherwise.
DELETION = "DELETE"


class Resource(ABC):
    """One type. supported: the inputs it acts on; a program that sets another is refused by name (see server.py)."""

    supported: ClassVar[frozenset[str]]

    @abstractmethod
    def make(self, session: Session, inputs: Values) -> str:
        """Create it; its id."""

    @abstractmethod
    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        """Its outputs, None if it is gone. inputs: the last known ones, for what the cloud does not keep."""

    @abstractmethod
    def delete(self, session: Session, id: str, outputs: Values) -> None: ...

    def create(self, session: Session, inputs: Values) -> tuple[str, Values]:
        id = self.make(session, inputs)
        return id, self.look(session, id, inputs) or inputs

    def read(self, session: Session, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        found = self.look(session, id, inputs)
        if found is None:
            return None
        return id, {name: found[name] for name in self.supported if found.get(name) is not None}, found


def supports(names: str) -> frozenset[str]:
    return frozenset(names.split())


def gone(call: Callable[[], Any]) -> Any:
    """What the call gives, or None where Google says 404."""
    try:
        return call()
    except ApiError as error:
        if error.http == 404:
            return None
        raise


def label_patch(session: Session, old: Values, new: Values) -> dict[str, str | None]:
    """Labels to set, and None for those to remove, in a JSON merge patch."""
    wanted = session.labels(new)
    before = old.get("effectiveLabels") or {}
    return {**dict.fromkeys(set(before) - set(wanted)), **wanted}


def place(session: Session, inputs: Mapping[str, Any]) -> tuple[str, str]:
    """(project, location) of a resource; the provider's own where it says none."""
    return str(inputs.get("project") or session.project), str(inputs.get("location") or session.region)
