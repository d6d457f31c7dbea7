"""What random lives of stacks found, each as the smallest life that shows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.modelling import Model, Wish
from trifold.engine.fork_server import ForkServer


@pytest.fixture
def model(tmp_path: Path, server: ForkServer) -> Iterator[Model]:
    made = Model(tmp_path / "program", server)
    try:
        yield made
        made.destroy_all()
    finally:
        made.close()


def test_a_parent_that_was_renamed_before_the_engine_was_killed(model: Model) -> None:
    """The child, not come to, names its parent by the new name: the old one is not in state any more."""
    model.wishes = [Wish("a", group=True), Wish("b", parent="a"), Wish("c", after=["b"])]
    assert model.run("up").ok
    model.wishes[0].name, model.wishes[0].names, model.wishes[1].parent = "n", ["a"], "n"
    model.wishes[1].size = 2
    assert model.killed(1, lost=False)
    assert [one.parent.rpartition("::")[2] for one in model.stack.resources.of("b")] == ["n"]
    assert model.run("up").ok


def test_a_child_that_was_moved_is_not_what_was_found_by_its_name(model: Model) -> None:
    """Without an alias it is another resource, of the same name: both are there when the engine is killed."""
    model.wishes = [Wish("a"), Wish("d", parent="a")]
    assert model.run("up").ok
    model.wishes[1].parent = ""
    assert model.killed(4, lost=True) and model.stack.pending == [("creating", "d")]
    assert model.run("up").ok
    assert [one.id for one in model.stack.resources.of("d")] == ["d-2"]


def test_a_replacement_of_what_was_renamed_takes_the_place_of_the_old_one(model: Model) -> None:
    """Killed between the delete and the create, the old one is still in state under its old name."""
    model.wishes = [Wish("c")]
    assert model.run("up").ok
    model.wishes = [Wish("n", place=2, delete_first=True, names=["c"])]
    assert model.killed(5, lost=True) and model.stack.pending == [("creating", "n")]
    model.wishes = [Wish("a")]
    assert model.killed(1, lost=False)
    assert model.run("up").ok
    assert model.live() == {"a-1"}


def test_what_an_interrupted_run_created_comes_before_what_needs_it(model: Model) -> None:
    """It is taken into state where what was deleted along with its predecessor still names it."""
    model.wishes = [Wish("a", delete_first=True), Wish("b", parent="a", uses="a")]
    assert model.run("up").ok
    model.wishes[0].place = 2
    model.interrupted("create", "a", after=True)
    assert model.stack.pending == [("creating", "a")]
    model.wishes = [Wish("c")]
    for step in range(1, 9):
        model.killed(step, lost=True)


def test_an_interrupted_delete_of_what_was_renamed_is_looked_up(model: Model) -> None:
    """The operation tells the old name, state's entry the new one. It was done, so that it is not done again."""
    model.wishes = [Wish("c")]
    assert model.run("up").ok
    model.wishes = [Wish("n", place=2, names=["c"])]
    assert model.killed(5, lost=True) and model.stack.pending == [("deleting", "c")]
    assert not model.run("up").steps.changes


def test_what_stays_as_it_is_comes_after_the_provider_that_it_needs(model: Model) -> None:
    """It is not among the targets; nobody waited for its provider, which the program gives to another only."""
    model.wishes = [Wish("a"), Wish("b")]
    assert model.run("up").ok
    model.wishes[0].own_provider = True
    for _ in range(8):  # a race: without the wait one of two runs lost it
        model.wishes[1].size += 1
        ended = model.run("up", targets=["b"])  # `run` looks at the order in state
        assert ended.ok or "has not been registered yet" in ended.error  # as Pulumi, where a comes before b


def test_a_child_stays_as_it_is_below_a_component_with_a_new_name(model: Model) -> None:
    """What the child needed is the component by its old name: it is there already, by the new one."""
    model.wishes = [Wish("a", group=True), Wish("b", parent="a")]
    assert model.run("up").ok
    model.wishes = [Wish("n", group=True, names=["a"]), Wish("b", parent="n")]
    assert model.run("up", targets=["n"]).ok
    assert not model.run("preview").steps.changes
