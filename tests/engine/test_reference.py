"""Pulumi's own engine, recorded: the same calls, steps, events and state file, case by case."""

import pytest

from tests.engine.replaying import names, run_case
from trifold.engine.fork_server import ForkServer

# The rest runs in `make soak`; all of them replay equal.
SAMPLE = frozenset(
    {1, 2, 3, 4, 5, 12, 13, 20, 23, 24, 26, *range(30, 35), 36, 37, 40, *range(43, 47), 51, 58, 59, 63, 65, 72, 76}
)
ALL = [pytest.param(name, marks=[] if int(name.partition("-")[0]) in SAMPLE else pytest.mark.soak) for name in names()]


@pytest.mark.parametrize("name", ALL)
def test_replays_equal(name: str, server: ForkServer) -> None:
    lines, output = run_case(name, server)
    assert not lines, "\n".join([*lines[:60], output[-3000:]])


@pytest.mark.soak
@pytest.mark.parametrize("name", names())
def test_replays_equal_as_processes_of_its_own(name: str) -> None:
    lines, output = run_case(name, None)
    assert not lines, "\n".join([*lines[:60], output[-3000:]])
