"""The pytest plugin: the fixture `pulumi_stack`, and the ini option `pulumi_preload`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from trifold.testing import Stack


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "pulumi_preload",
        "modules that every program under test would import, such as pulumi_aws: imported once a session",
        type="args",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    import os

    if wished := config.getini("pulumi_preload"):
        os.environ.setdefault("TRIFOLD_TESTING_PRELOAD", " ".join(wished))


def pytest_unconfigure() -> None:
    import sys

    forking = sys.modules.get("trifold.testing.forking")
    if forking is not None:
        forking.stop()


@pytest.fixture
def pulumi_stack() -> Iterator[Callable[..., Stack]]:
    """Makes stacks on which a Pulumi program is run: `pulumi_stack(program, providers=..., config=...)`.

    Its arguments are those of `trifold.testing.Stack`. All stacks end with the test; one whose run failed without the
    test having looked at it fails the test.
    """
    from trifold.testing.stack import Stack

    made: list[Stack] = []

    def make(program: Any, **how: Any) -> Stack:
        made.append(Stack(program, **how))
        return made[-1]

    yield make
    for stack in made:
        stack.close()
    for stack in made:
        stack.complain()
