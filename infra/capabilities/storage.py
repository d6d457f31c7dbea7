"""Storage: one private, versioned, encrypted object store for a stack, with a life-cycle rule for old versions.

Each cloud implements, in infra/<cloud>/storage.py:

    class Storage(StorageComponent):                                   # type "trifold:<cloud>:Storage"
        def __init__(self, name: str, spec: StorageSpec, *, foundation: Foundation, opts: ResourceOptions | None = None)

Public access is off, transport is TLS only, keys or SAS are not handed out. The store itself is protected and is never
emptied by a destroy, unless `ephemeral`. Children as in infra/capabilities/foundation.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Output

from infra.component import Component
from infra.naming import Names


@dataclass(frozen=True)
class StorageSpec:
    """What a stack's object store is to be.

    names: makes explicit names (`names("bucket")`). tags: project, stack, capability.
    ephemeral: destroying it empties it, and it is not protected. keep_versions_days: how long an overwritten or
    deleted object can be had back.
    """

    names: Names
    tags: Mapping[str, str]
    ephemeral: bool = False
    keep_versions_days: int = 30


class StorageComponent(Component):
    """What every store promises.

    name: bucket (AWS, Google) or container (Azure). url: s3://bucket, gs://bucket, or
    https://account.blob.core.windows.net/container, without a trailing slash.
    """

    PROMISED = ("name", "url")

    name: Output[str]
    url: Output[str]
