"""A toy cloud for the tests of the fixture."""

from collections.abc import Callable
from typing import Any

import pytest

from trifold.testing import Provider, Resource, Stack


class Bucket(Resource):
    type = "toy:index:Bucket"
    replaces = {"place"}
    computed = {"arn"}


@pytest.fixture
def toy(pulumi_stack: Callable[..., Stack]) -> Callable[..., Stack]:
    """A stack with the toy cloud."""

    def make(program: Any, **how: Any) -> Stack:
        return pulumi_stack(program, providers={"toy": Provider(Bucket)}, **how)

    return make
