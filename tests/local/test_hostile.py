"""What is drawn from a seed, and values that are seen late."""

from hypothesis import given
from hypothesis import strategies as st

from trifold.local.hostile import Hostile, Measures


class Clock:
    """Seconds, as told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(0, 2**32), st.lists(st.sampled_from("abc")))
def test_the_same_seed_draws_the_same_whatever_else_is_drawn_between(seed, asked):
    mixed, alone = Hostile(seed, "aws"), Hostile(seed, "aws")
    drawn = [(about, mixed.draw(about)) for about in asked]
    assert [value for about, value in drawn if about == "a"] == [alone.draw("a") for _ in range(asked.count("a"))]


def test_another_seed_and_another_cloud_draw_something_else():
    assert len({Hostile(1, "aws").draw("a"), Hostile(2, "aws").draw("a"), Hostile(1, "gcp").draw("a")}) == 3


@given(st.integers(0, 2**32), st.floats(0, 1))
def test_a_caller_that_tries_three_times_comes_through(seed, share):
    hostile = Hostile(seed, "aws")
    happened = [hostile.happens("throttle", share) for _ in range(200)]
    assert not any(all(happened[at : at + 3]) for at in range(198))
    assert share < 1 or any(happened)


def test_what_can_happen_once_does_not_again():
    hostile = Hostile(1, "aws")
    assert hostile.once("late", 1.0)
    assert not hostile.once("late", 1.0)


@given(st.lists(st.floats(0, 10), min_size=1))
def test_changes_are_seen_in_their_order_and_in_the_end_all_of_them(steps):
    clock = Clock()
    value = Hostile(3, "aws", Measures(), clock).lagging("policy", -1, (2.0, 5.0))
    seen = []
    for number, step in enumerate(steps):
        value.set(number)
        seen.append(value.seen)
        clock.now += step
    assert seen == sorted(seen)
    assert seen[0] == -1, "not at once"
    clock.now += 5.0
    assert value.seen == value.now == len(steps) - 1
