"""Storage: one private, versioned, encrypted object store for a stack, with a life-cycle rule for old versions.

Each cloud implements, in infra/<cloud>/storage.py:

    class Storage(StorageComponent):                                   # type "trifold:<cloud>:Storage"
        def __init__(self, name: str, spec: StorageSpec, *, foundation: Foundation, opts: ResourceOptions | None = None)

Public access is off, transport is TLS only, keys or SAS are not handed out. Where `kept` has "storage", the store and
all that protects it stay when the stack goes: see infra/keeping.py. Children as in infra/capabilities/foundation.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pulumi import Output

from infra import keeping
from infra.component import Component
from infra.naming import Names


@dataclass(frozen=True)
class StorageSpec:
    """What a stack's object store is to be.

    names: makes explicit names (`names("bucket")`). tags: project, stack, capability.
    kept: the stack's stores that a destroy leaves; without "storage" it empties this one, and deletes it.
    keep_versions_days: how long an overwritten or deleted object can be had back.
    """

    names: Names
    tags: Mapping[str, str]
    kept: Collection[str] = keeping.ALL
    keep_versions_days: int = 30

    @property
    def keeps(self) -> bool:
        """Whether a destroy leaves the store."""
        return "storage" in self.kept


class StorageComponent(Component):
    """What every store promises.

    name: bucket (AWS, Google) or container (Azure). url: s3://bucket, gs://bucket, or
    https://account.blob.core.windows.net/container, without a trailing slash.
    """

    PROMISED = ("name", "url")

    name: Output[str]
    url: Output[str]
