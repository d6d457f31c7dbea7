"""Requests that are there together are scored together; nobody waits alone, and nobody fails for another."""

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from trifold.serving.batching import INLINE_SECONDS, Batcher


class Model:
    """Doubles numbers; remembers its runs and the thread of each. A row of None is refused."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.runs: list[int] = []
        self.threads: set[int] = set()
        self.seconds = seconds

    def __call__(self, rows: Sequence[Any]) -> list[Any]:
        if None in [row[0] for row in rows]:
            raise ValueError("no")
        time.sleep(self.seconds)
        self.runs.append(len(rows))
        self.threads.add(threading.get_ident())
        return [row[0] * 2 for row in rows]


def batcher(model: Model, in_flight: int, wait: float = 5.0, rows: int = 256) -> Batcher:
    return Batcher(model, lambda: in_flight, wait, rows, lambda count: None)


async def together(one: Batcher, *requests: list[Any]) -> list[Any]:
    return await asyncio.gather(*(one.submit(rows) for rows in requests), return_exceptions=True)


def test_a_request_that_is_alone_is_scored_at_once() -> None:
    model = Model()
    assert asyncio.run(batcher(model, in_flight=1).submit([(1,), (2,)])) == [2, 4]
    assert model.runs == [2]


def test_those_that_are_there_are_scored_in_one_run() -> None:
    model = Model()
    assert asyncio.run(together(batcher(model, in_flight=3), [(1,)], [(2,), (3,)], [(4,)])) == [[2], [4, 6], [8]]
    assert model.runs == [4]


def test_the_wait_for_others_is_bounded() -> None:
    model = Model()
    answers = asyncio.run(together(batcher(model, in_flight=9, wait=0.01), [(1,)], [(2,)]))
    assert (answers, model.runs) == ([[2], [4]], [2])


def test_without_a_wait_each_goes_by_itself() -> None:
    model = Model()
    asyncio.run(together(batcher(model, in_flight=9, wait=0), [(1,)], [(2,)]))
    assert model.runs == [1, 1]


def test_a_run_is_no_larger_than_allowed() -> None:
    model = Model()
    asyncio.run(together(batcher(model, in_flight=4, rows=3), [(1,), (1,)], [(2,)], [(3,)], [(4,)] * 5))
    assert model.runs == [3, 1, 5]  # the third request's row waits; five rows of one request stay together


def test_a_request_that_the_model_refuses_fails_no_other() -> None:
    answers = asyncio.run(together(batcher(Model(), in_flight=3), [(1,)], [(None,)], [(3,)]))
    assert (answers[0], answers[2]) == ([2], [6])
    assert isinstance(answers[1], ValueError)


def test_a_client_that_went_away_holds_nobody_up() -> None:
    async def scene() -> list[Any]:
        one = batcher(Model(), in_flight=2)
        gone = asyncio.ensure_future(one.submit([(1,)]))
        await asyncio.sleep(0)
        gone.cancel()
        return await one.submit([(2,)])

    assert asyncio.run(scene()) == [4]


def test_a_slow_model_runs_beside_the_loop_and_gathers_meanwhile() -> None:
    async def scene() -> None:
        one = batcher(model, in_flight=1)
        await one.submit([(0,)])  # tells what a row costs
        first = asyncio.ensure_future(one.submit([(1,)]))
        while not one.running:
            await asyncio.sleep(0)
        answers = await together(one, [(2,)], [(3,)])
        assert (await first, answers) == ([2], [[4], [6]])
        one.close()

    model = Model(seconds=INLINE_SECONDS * 20)
    asyncio.run(scene())
    assert model.runs == [1, 1, 2]
    assert len(model.threads) == 2


@pytest.mark.parametrize("connections", [2, 16])
def test_answers_go_to_who_asked(connections: int) -> None:
    async def client(one: Batcher, number: int) -> None:
        for turn in range(50):
            assert await one.submit([(number + turn,)] * (1 + turn % 3)) == [(number + turn) * 2] * (1 + turn % 3)

    async def scene() -> None:
        one = batcher(Model(), in_flight=connections, wait=0.0005, rows=8)
        await asyncio.gather(*(client(one, 1000 * number) for number in range(connections)))

    asyncio.run(scene())
