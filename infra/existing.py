"""Looks up what a stack brings along: while the program runs, so that what is not there fails the preview."""

from collections.abc import Callable
from typing import TypeVar

import pulumi

from infra.errors import SettingsError

Found = TypeVar("Found")


def find(part: str, id: str, look: Callable[[pulumi.InvokeOptions], Found], parent: pulumi.Resource) -> Found:
    """What the provider's own function says of an existing part. part: its key below `trifold:`; parent: the component
    that asks, whose provider answers.

    Raises SettingsError where the provider does not find it, in the provider's own words.
    """
    try:
        return look(pulumi.InvokeOptions(parent=parent))
    except Exception as error:
        raise unfit(part, id, f"was not found: {error}") from None


def unfit(part: str, id: str, problem: str) -> SettingsError:
    """The error about an existing part that cannot be used."""
    stack = pulumi.get_stack()
    return SettingsError(
        f"{id} {problem}",
        where=f"Pulumi.{stack}.yaml (stack {stack}): trifold:{part}",
        next="name one that is there and fits (docs/how-to/bring-your-own-foundation.md), or leave the key out and the "
        "stack makes one",
    )
