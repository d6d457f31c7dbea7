"""Other stacks, as a program's StackReference sees them: only their outputs are there."""

from collections.abc import Mapping
from typing import Any

from trifold.engine import checkpoint
from trifold.engine import urn as urns
from trifold.engine.backend import FileBackend
from trifold.engine.checkpoint import Snapshot
from trifold.engine.secrets import Passphrase
from trifold.engine.state import Resource


def write_references(
    backend: FileBackend, project: str, given: Mapping[str, Mapping[str, Any]], secrets: Passphrase
) -> None:
    """Keep a stack for each name (STACK, PROJECT/STACK or ORGANIZATION/PROJECT/STACK), with these outputs."""
    for full, outputs in given.items():
        home, name = full.split("/")[-2] if "/" in full else project, full.rpartition("/")[2]
        root = urns.make(name, home, "", urns.ROOT_TYPE, f"{home}-{name}")
        files = backend.stack(home, name)
        only = Snapshot([Resource(root, urns.ROOT_TYPE, False, outputs=dict(outputs))])
        files.save(checkpoint.dump(files.full_name, only, secrets))
