"""What is refused before anything costs money, each with its twin that is let through."""

import inspect
from pathlib import Path

import pytest

from tests.live import __main__, plan, run
from tests.paper import ACCOUNTS
from trifold.errors import UserError

PLACE = plan.Place(Path(), Path(), Path(), ("pulumi",), {})
LOCAL = {"aws": "000000000000", "azure": "00000000-0000-0000-0000-0000000000aa", "gcp": "local"}


def planned(cloud="aws", *, hourly=1.0, unknown=(), hours=3.0, allow=False, account="", **changes):
    given = {"cloud": cloud, "ephemeral": True, "package": "flights", "existing": {"registry": "theirs"}, **changes}
    configuration = {f"trifold:{key}": value for key, value in given.items() if value is not None}
    wish = plan.Wish("aws", 20, hours=hours, allow_unknown=allow)
    return plan.Plan(wish, account or ACCOUNTS["aws"], "us-east-1", hourly, unknown, configuration)


def checked(made, *refusals, place=PLACE):
    plan.check(made, place, refusals or (plan.wrong_file, plan.not_real, plan.too_dear))


def test_a_stack_that_fits_is_let_through():
    checked(planned())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cloud": "gcp"}, "is on gcp, not on aws"),
        ({"ephemeral": None}, "one to throw away"),
        ({"ephemeral": "false"}, "one to throw away"),
        ({"package": "digits"}, "the package 'flights'"),
        ({"variants": "[]"}, "one variant"),
        ({"existing": None}, "registry of your own"),
        ({"hourly": 7.0}, "cost at least US$21.00, and MAX_USD is 20"),
        ({"hours": 21.0}, "cost at least US$21.00"),
        ({"unknown": ("endpoint: 1 x ml.x",)}, "no price in us-east-1 for endpoint: 1 x ml.x"),
    ],
)
def test_what_does_not_fit_is_refused(change, said):
    with pytest.raises(UserError) as refused:
        checked(planned(**change))
    assert said in str(refused.value) and refused.value.next


def test_what_has_no_price_is_let_through_when_told_to():
    checked(planned(unknown=("endpoint: 1 x ml.x",), allow=True))


@pytest.mark.parametrize("cloud", LOCAL)
def test_a_local_account_is_refused(cloud):
    made = planned(cloud, account=LOCAL[cloud])
    local = plan.Plan(plan.Wish(cloud, 20), made.account, "", 0.1, (), made.configuration)
    with pytest.raises(UserError, match=f"pinned to the local {cloud}"):
        checked(local)
    checked(local, plan.wrong_file, plan.too_dear)  # how this project's own test turns the pin off


def test_a_shell_that_speaks_to_the_local_clouds_is_refused():
    inside = plan.Place(Path(), Path(), Path(), ("pulumi",), {"TRIFOLD_LOCAL": "1"})
    with pytest.raises(UserError, match="this shell speaks to the local clouds"):
        checked(planned(), place=inside)


def test_nothing_but_the_test_turns_the_pin_off():
    """`_live` is called by `live`, with the pin, and by the tests; no flag and no variable leads to another call."""
    here = Path(__file__).parent
    files = [*here.glob("*.py"), here.parents[1] / "Makefile"]
    callers = {one.name for one in files if "_live(wish" in one.read_text() or "run._live" in one.read_text()}
    assert callers == {"run.py", "conftest.py", "test_run.py", "test_plan.py"}
    assert "plan.not_real" in inspect.getsource(run.live)
    assert "_live" not in inspect.getsource(__main__)
