"""What SageMaker keeps: models and endpoint configurations as they were given, endpoints with their fleets, tags."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypeVar

from trifold.local.aws.api.errors import validation
from trifold.local.aws.cloud import ACCOUNT, REGION


class Named(Protocol):
    """Anything that is kept under a name."""

    @property
    def name(self) -> str: ...

    @property
    def created(self) -> datetime: ...


Record = TypeVar("Record", bound=Named)
WORDS = {"model": "model", "endpoint-config": "endpoint configuration", "endpoint": "endpoint"}


def now() -> datetime:
    return datetime.now(UTC)


def arn(kind: str, name: str) -> str:
    """kind: model, endpoint-config or endpoint. SageMaker's ARNs are lower case."""
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{kind}/{name.lower()}"


@dataclass(frozen=True)
class Model:
    """One container's definition. given: the request, as DescribeModel gives it back."""

    name: str
    given: Mapping[str, Any]
    created: datetime = field(default_factory=now)

    @property
    def container(self) -> Mapping[str, Any]:
        return self.given["PrimaryContainer"]


@dataclass(frozen=True)
class EndpointConfig:
    """given: the request, with SageMaker's defaults filled in."""

    name: str
    given: Mapping[str, Any]
    created: datetime = field(default_factory=now)

    @property
    def variants(self) -> list[Mapping[str, Any]]:
        return list(self.given["ProductionVariants"])


class Store(Generic[Record]):
    """The records of one kind; names are unique without regard to case."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._records: dict[str, Record] = {}

    def add(self, record: Record) -> str:
        """Keep it, and give its ARN."""
        identifier = arn(self._kind, record.name)
        if identifier in self._records:
            raise validation(f'Cannot create already existing {WORDS[self._kind]} "{identifier}".')
        self._records[identifier] = record
        return identifier

    def get(self, name: str) -> Record:
        found = self.find(name)
        if found is None:
            raise validation(f'Could not find {WORDS[self._kind]} "{arn(self._kind, name)}".')
        return found

    def find(self, name: str) -> Record | None:
        return self._records.get(arn(self._kind, name))

    def remove(self, name: str) -> None:
        self.get(name)
        del self._records[arn(self._kind, name)]

    def all(self) -> list[Record]:
        return list(self._records.values())

    def has(self, identifier: str) -> bool:
        """Whether an ARN is one of this kind's."""
        return identifier in self._records
