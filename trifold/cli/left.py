"""What a destroy leaves, protected or retained, and what that goes on costing. Pure, but for reading."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trifold.engine.backend import StackFiles

# As state files write them; one without either leaves nothing, and need not be read.
MARKS = (b'"protect":true', b'"protect": true', b'"retainOnDelete":true', b'"retainOnDelete": true')
Resources = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Left:
    """One resource that is still there. held: the stack's state still has it; else it was forgotten."""

    type: str
    id: str
    held: bool
    cost: Any

    @property
    def name(self) -> str:
        return self.id.rpartition("/")[2]


def resources_of(files: "StackFiles") -> Resources:
    """The resources in a stack's state; none of one without marks, or that is gone."""
    from trifold.engine.stack import content_of

    if not files.checkpoint.is_file():
        return []
    if not any(mark in files.checkpoint.read_bytes() for mark in MARKS):
        return []
    return ((content_of(files).get("checkpoint") or {}).get("latest") or {}).get("resources") or []


def left(before: Resources, after: Resources, region: str) -> list[Left]:
    """What of the resources before is there after a destroy: held by the state still, or forgotten and not deleted."""
    from trifold.facts.bills import monthly

    held = {one["urn"] for one in after}
    found = (one for one in before if _made(one) and (one["urn"] in held or one.get("retainOnDelete")))
    return [Left(one["type"], one.get("id", ""), one["urn"] in held, monthly(one["type"], region)) for one in found]


def _made(one: Mapping[str, Any]) -> bool:
    """Whether the stack made it: no component, no provider, nothing that it only looked up."""
    return bool(one.get("custom")) and not one.get("external") and not one["type"].startswith("pulumi:")


def lines(found: Sequence[Left], stack: str, changed: bool) -> Iterator[str]:
    """What is said of it. changed: whether the destroy took anything down."""
    from trifold.facts.bills import EXACT, total

    charged = [one for one in found if (one.cost.dollars, one.cost.certainty) != (0.0, EXACT)]
    sum_of_all = total(one.cost for one in found)
    known = sum_of_all.dollars or sum_of_all.certainty == EXACT
    goes_on = f"{sum_of_all} a month goes on" if known else "what it costs is not known"
    yield f"still there, by choice, and {goes_on}:"
    for one in charged:
        how = "protected" if one.held else "retained, and no stack's any more"
        yield f"  {one.type.rpartition(':')[2]} {one.name}: {one.cost} a month ({how})"
    if len(found) > len(charged):
        yield f"  and {len(found) - len(charged)} that cost nothing by themselves"
    if not changed:
        yield f"to take down all the rest: trifold destroy -s {stack} --exclude-protected"
    yield f"to see it again: trifold sweep -s {stack}; to delete the data: docs/how-to/destroy-and-sweep.md"


@contextmanager
def telling(flags: Mapping[str, Any]) -> Iterator[None]:
    """Say afterwards what a destroy left, on stderr, whether it went through or not."""
    import sys

    from trifold.cli.engine_run import find_place, find_stack

    stack = find_stack(find_place(flags["folder"], flags["stack"]), flags["stack"])
    before = resources_of(stack.files)
    try:
        yield
    finally:
        after = resources_of(stack.files)
        found = left(before, after, _region(before))
        if found and not flags.get("preview_only"):
            print(*lines(found, stack.name, len(after) < len(before)), sep="\n", file=sys.stderr)


def _region(resources: Resources) -> str:
    """Where the stack is, by its own output; "" where it has none: prices are then unknown."""
    root = next((one for one in resources if one["type"] == "pulumi:pulumi:Stack"), {})
    found = (root.get("outputs") or {}).get("region")
    return found if isinstance(found, str) else ""
