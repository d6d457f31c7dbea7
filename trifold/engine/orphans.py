"""What a killed run made and a journal alone knows of, when another engine went on without the journal.

`pulumi` does not read the journal of a killed run. Its lock keeps `pulumi` away; who removes the lock by hand and goes
on with `pulumi` goes on from the checkpoint, which then no longer is the journal's. What the journal says was made,
and the state does not have, is told to the user instead of being forgotten.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def orphans(journal: Path, state: Mapping[str, Any]) -> list[str]:
    """`URN (id)` of each resource that only the journal knows."""
    known = {_name(one) for one in (state["checkpoint"].get("latest") or {}).get("resources") or []}
    made: dict[int, str] = {}
    for record in _records(journal):
        if "new" in record and record["resource"].get("id") and record["resource"].get("custom"):
            made[record["new"]] = _name(record["resource"])
        elif "done" in record:
            made.pop(record["done"], None)
    return [name for name in dict.fromkeys(made.values()) if name not in known and "::pulumi:providers:" not in name]


def advice(lost: list[str]) -> str:
    """What the user is told."""
    lines = "".join(f"\n  * {name}" for name in lost)
    return (
        "an earlier run was killed, and another engine went on without what it left in its journal. These were created "
        f"by that run, and are not in the state:{lines}\nImport them (the option `import_`), or delete them by hand."
    )


def _name(resource: Mapping[str, Any]) -> str:
    return f"{resource['urn']} ({resource.get('id', '')})"


def _records(journal: Path) -> Iterator[dict[str, Any]]:
    for line in journal.read_text(errors="replace").splitlines():
        try:
            yield json.loads(line)
        except ValueError:  # cut off: it stands for nothing that had begun
            continue
