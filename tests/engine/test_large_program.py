"""Programs of hundreds of resources: their end costs no more than their size, and a failure still ends them early."""

from collections.abc import Callable

import pulumi
import pytest
from pulumi.runtime.settings import SETTINGS

from tests.testing.programs import Bucket
from trifold.engine import run_program
from trifold.testing import Provider, Resource, Stack

COUNT = 520  # with more outputs than the SDK itself is left to wait for


class Kept(Resource):
    type = "toy:index:Bucket"
    computed = {"arn"}


@pytest.fixture
def large(pulumi_stack: Callable[..., Stack]) -> Stack:
    return pulumi_stack(program(1), providers={"toy": Provider(Kept)})


def program(divisor: int) -> Callable[[], None]:
    """One that divides by it, in an apply."""

    def run() -> None:
        pulumi.Output.from_input(1).apply(lambda one: one / divisor)
        for number in range(COUNT):
            Bucket(f"b{number}", size=number)
        assert len(SETTINGS.outputs) > run_program.MANY_OUTPUTS

    return run


def test_all_of_it_is_made(large: Stack) -> None:
    assert large.up()
    assert len(large.cloud) == COUNT


def test_a_failure_of_its_own_code_ends_it_before_all_is_registered(large: Stack) -> None:
    large.program = program(0)
    failed = large.up()
    assert not failed.ok
    assert "ZeroDivisionError: division by zero" in failed.error
    assert len(large.cloud) < COUNT
