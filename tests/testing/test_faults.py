"""Faults by name: what the run says, what state and cloud hold afterwards, and that the next run mends it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.testing.programs import buckets
from trifold.testing import THROTTLED, Stack
from trifold.testing.faults import GARBAGE

Toy = Callable[..., Stack]


def test_a_create_fails_once_and_then_goes_through(toy: Toy) -> None:
    stack = toy(buckets("a", "b", "c"))
    fault = stack.fail("create", "b", "no room for b")
    first = stack.up()
    assert first.failed and "no room for b" in first.error and fault.hits == 1
    assert first.steps["b"].error and not first.steps["a"].error
    assert stack.resources.names == ["a"] and stack.cloud.names == ["a"]
    assert stack.up().changed == {"b": "create", "c": "create"}


def test_a_throttled_call_fails_as_often_as_it_is_told(toy: Toy) -> None:
    stack = toy(buckets("a"))
    assert stack.up()
    stack.program = buckets("a", size=2)
    stack.throttle("update", "a", times=2)
    assert [stack.up().error for _ in range(3)] == [THROTTLED, THROTTLED, ""]
    assert stack.cloud.find("a").outputs["size"] == 2
    assert len(stack.calls.of("update")) == 3  # the engine itself does not try again


def test_what_vanished_is_found_gone_and_made_again(toy: Toy) -> None:
    stack = toy(buckets("a", "b"))
    assert stack.up()
    stack.vanish("a")
    found = stack.refresh()
    assert found.ops == {"a": "delete", "b": "same"} and stack.resources.names == ["b"]
    assert stack.up().changed == {"a": "create"}
    with pytest.raises(LookupError, match="0 objects are called 'nobody'"):
        stack.vanish("nobody")


def test_drift_is_found_and_undone(toy: Toy) -> None:
    stack = toy(buckets("a", size=1))
    assert stack.up()
    stack.cloud.find("a").change(size=5)
    drifted = stack.refresh(preview=True)
    assert drifted.ops == {"a": "update"} and drifted.steps["a"].new["outputs"]["size"] == 5
    mended = stack.up(refresh=True)
    assert mended.changed == {"a": "update"} and mended.steps["a"].op == "update"
    assert stack.cloud.find("a").inputs["size"] == 1


@pytest.mark.parametrize("op", ["create", "update"])
def test_what_is_not_initialised_is_kept_with_its_reasons(toy: Toy, op: str) -> None:
    stack = toy(buckets("a", size=1))
    if op == "update":
        assert stack.up()
        stack.program = buckets("a", size=2)
    stack.partial(op, "a", "still starting", "no quorum")
    first = stack.up()
    assert "still starting" in first.error and "no quorum" in first.error
    assert stack.resources["a"].init_errors == ["still starting", "no quorum"]
    assert stack.cloud.names == ["a"]
    assert stack.up().changed == {"a": "update"} and stack.resources["a"].init_errors == []


@pytest.mark.parametrize("how", GARBAGE)
def test_an_answer_that_breaks_the_protocol_fails_the_step(toy: Toy, how: str) -> None:
    stack = toy(buckets("a"))
    stack.garbage("create", "a", how)
    first = stack.up()
    assert first.failed and first.steps["a"].error and stack.cloud.names == ["a"]
    assert stack.pending == [] or stack.pending == [("creating", "a")]
    assert "a" not in stack.resources


@pytest.mark.parametrize("after", [False, True])
def test_a_provider_that_dies_is_told_and_is_there_again_in_the_next_run(toy: Toy, after: bool) -> None:
    stack = toy(buckets("a", "b"))
    fault = stack.die("create", "a", after=after)
    first = stack.up()
    assert "cannot be reached" in first.error and fault.hits == 1
    assert stack.cloud.names == (["a"] if after else [])
    again = stack.up()
    assert again.ok and stack.resources.names == ["a", "b"] == stack.cloud.names, again


def test_a_call_that_hangs_is_reached_and_let_go(toy: Toy) -> None:
    stack = toy(buckets("a", "b"))
    fault = stack.hang("create", "a")
    with ThreadPoolExecutor(1) as background:
        run = background.submit(stack.up)
        assert fault.reached.wait(60) and not run.done()
        fault.release()
        assert run.result(60).ok
    assert stack.cloud.names == ["a", "b"]


def test_an_interrupt_ends_what_hangs_and_the_next_run_goes_on(toy: Toy) -> None:
    stack = toy(buckets("a", "b"))
    fault = stack.hang("create", "b")
    with ThreadPoolExecutor(1) as background:
        background.submit(lambda: fault.reached.wait(60) and stack.interrupt())
        assert stack.up().failed
    assert stack.resources.names == ["a"]
    assert stack.up().changed == {"b": "create"}


def test_a_provider_that_will_not_be_configured(toy: Toy) -> None:
    stack = toy(buckets("a"))
    stack.fail("configure", "default", "bad credentials")
    assert "bad credentials" in stack.up().error
    assert stack.up().changed == {"a": "create"}


def test_an_operation_that_is_none_is_refused(toy: Toy) -> None:
    with pytest.raises(ValueError, match="'crate' is no operation; they are check, diff, create"):
        toy(buckets("a")).fail("crate", "a")
