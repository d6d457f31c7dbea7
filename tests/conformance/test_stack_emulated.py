"""A whole stack on the local cloud: up again changes nothing, destroy leaves nothing, and up again works."""

from collections import Counter

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def test_a_second_up_changes_nothing(stack):
    printed = stack.run("up", "--yes")
    assert not any(word in printed for word in (" created", " updated", " replaced", " deleted")), printed


def test_a_refresh_sees_no_drift(stack):
    printed = stack.run("refresh", "--yes")
    assert not any(word in printed for word in (" updated", " deleted")), printed


def test_destroy_leaves_nothing_and_up_again_works(stack):
    outputs = stack.outputs()
    held = stack.left()
    stack.run("destroy", "--yes")
    assert held and stack.left(outputs) == []
    stack.run("up", "--yes")
    assert kinds(stack.left()) == kinds(held)


def kinds(held):
    """How many of each kind there are; what has an automatic name gets another the next time."""
    return Counter(one.partition(" ")[0] for one in held)
