"""What a provider's calls come to: what was found, how things differ, and how a call can fail."""

from dataclasses import dataclass, field

from trifold.engine.properties import Properties


class ProviderError(Exception):
    """A call failed: nothing was done, as far as is known."""


class PartialFailure(ProviderError):
    """The call was done, but the resource is not right; what there is now comes along."""

    def __init__(
        self, message: str, id: str, outputs: Properties, inputs: Properties | None, reasons: list[str]
    ) -> None:
        super().__init__(message)
        self.id, self.outputs, self.inputs, self.reasons = id, outputs, inputs, reasons


class AnswerLost(ProviderError):
    """Nobody knows whether the call was done: the provider ended, or its answer makes no sense. id: if it said one."""

    def __init__(self, message: str, id: str = "") -> None:
        super().__init__(message)
        self.id = id


class DiffUnavailable(ProviderError):
    """The provider's inputs are not known in this preview, so it cannot tell what would change."""


@dataclass
class Difference:
    """A provider's answer to Diff. changes: "some", "none" or "unknown"; detailed: {path: (kind, is it an input)}."""

    changes: str = "none"
    replace_keys: list[str] = field(default_factory=list)
    changed_keys: list[str] = field(default_factory=list)
    stable_keys: list[str] = field(default_factory=list)
    detailed: dict[str, tuple[str, bool]] | None = None
    delete_before_replace: bool = False

    @property
    def replaces(self) -> bool:
        detailed = self.detailed or {}
        return bool(self.replace_keys) or any(kind.endswith("_REPLACE") for kind, _ in detailed.values())

    def inverted(self) -> "Difference":
        """The same difference seen from the other side."""
        turn = {"ADD": "DELETE", "DELETE": "ADD"}
        detailed = None
        if self.detailed is not None:
            detailed = {}
            for path, (kind, is_input) in self.detailed.items():
                first, *rest = kind.split("_")
                detailed[path] = ("_".join([turn.get(first, first), *rest]), is_input)
        return Difference(self.changes, self.replace_keys, self.changed_keys, self.stable_keys, detailed)


@dataclass(frozen=True)
class Found:
    """A provider's answer to Create, Read or Update. An empty id: there is none (gone, or a preview)."""

    id: str
    outputs: Properties
    inputs: Properties | None = None
    refresh_before_update: bool = False
    missing: bool = False


@dataclass(frozen=True)
class Accepts:
    """What the provider understands."""

    secrets: bool = False
    references: bool = False
    preview: bool = False


class Unimplemented(ProviderError):
    """The provider does not have the method."""
