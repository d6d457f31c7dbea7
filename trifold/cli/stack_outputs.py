"""The outputs of a stack as plain values, for other commands."""

from typing import Any


def stack_outputs(stack: str, folder: str = ".") -> dict[str, Any]:
    """The outputs of a stack, secrets revealed. UserError where there is no such stack."""
    from trifold.cli.engine_run import find_place, find_stack
    from trifold.protocol.values import reveal, to_wire

    place = find_place(folder, stack, start=False)
    return to_wire(reveal(find_stack(place, stack).outputs()))
