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
