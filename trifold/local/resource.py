"""What the types of a local provider share: make or change something, then read it back; the outputs are what the
cloud says."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from trifold.protocol.declaration import NotInitialized, Values


class Resource(ABC):
    """One type. supported: the inputs it acts on; a program that sets another is refused by name (DeclaredProvider).

    session: the cloud's own; see its provider/session.py.
    """

    supported: ClassVar[frozenset[str]]

    @abstractmethod
    def make(self, session: Any, inputs: Values) -> str:
        """Create it; its id."""

    def settle(self, session: Any, id: str, inputs: Values) -> None:  # noqa: B027
        """What is set on it, or waited for, once it is there and before it is read back."""

    @abstractmethod
    def look(self, session: Any, id: str, inputs: Values) -> Values | None:
        """Its outputs, None if it is gone. inputs: the last known ones, for what the cloud does not keep."""

    @abstractmethod
    def delete(self, session: Any, id: str, outputs: Values) -> None: ...

    def create(self, session: Any, inputs: Values) -> tuple[str, Values]:
        """What was made and can't be read back is kept in state, as the official providers keep it."""
        id = self.make(session, inputs)
        try:
            self.settle(session, id, inputs)
            return id, self.look(session, id, inputs) or inputs
        except NotInitialized:
            raise
        except Exception as error:
            raise NotInitialized(id, inputs, inputs, str(error)) from error

    def read(self, session: Any, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        found = self.look(session, id, inputs)
        if found is None:
            return None
        return id, {name: found[name] for name in self.supported if found.get(name) is not None}, found


def supports(names: str) -> frozenset[str]:
    return frozenset(names.split())
