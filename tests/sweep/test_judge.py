"""Whose a thing is, and whether it goes: what belongs to a stack never does, and nothing goes that may be another's."""

from datetime import date

import pytest

from trifold.sweep import report
from trifold.sweep.judge import EXPIRED, FORGOTTEN, HELD, IDLE, KEPT, LIVING, Wish, going, judged, refusal
from trifold.sweep.thing import Place, Stack, Thing, same

TODAY = date(2030, 6, 15)
PLACE = Place("aws", "123456789012", "us-east-1", "trifold")
BUCKET, ENDPOINT = "aws:s3/bucket:Bucket", "aws:sagemaker/endpoint:Endpoint"
ALL = Wish(("gone", "dev"), kept=True, purge=True)


def thing(stack="dev", name="one", type=BUCKET, requests=None, deleted=False, **tags):
    given = {"project": "trifold", "stack": stack, "capability": "storage", **tags}
    return Thing(type, f"arn:aws:s3:::{name}", name, "us-east-1", given, requests=requests, deleted=deleted)


def dev(*held, busy=False):
    return Stack("trifold", "dev", frozenset(one.key for one in held), busy)


def verdict(one, *stacks):
    (found,) = judged(PLACE, [one], stacks, TODAY)
    return found


def test_what_a_stack_holds_is_living_and_is_never_removed():
    found = verdict(thing(), dev(thing()))
    assert (found.word, found.owned) == (LIVING, True)
    assert going([found], ALL) == []


def test_what_its_stack_does_not_hold_is_forgotten():
    found = verdict(thing(), dev())
    assert found.word == FORGOTTEN and going([found], Wish()) == [found]


def test_what_is_of_a_stack_that_this_backend_does_not_know_goes_only_when_the_stack_is_named():
    found = verdict(thing("gone"), dev())
    assert found.word == FORGOTTEN
    assert going([found], Wish()) == [] and "-s gone" in refusal(found, Wish())
    assert going([found], Wish(("gone",))) == [found]
    assert going([found], Wish(("other",))) == []


def test_while_something_is_being_done_with_a_stack_all_with_its_tags_is_its_own():
    found = verdict(thing(), dev(busy=True))
    assert found.word == LIVING and going([found], ALL) == []


def test_another_project_of_the_same_backend_may_hold_it():
    other = Stack("access", "dev", frozenset({thing().key}))
    assert verdict(thing(), other).word == LIVING


def test_expired_and_held_is_told_and_left_to_destroy():
    late = thing(expires="2030-06-14")
    found = verdict(late, dev(late))
    assert (found.word, found.owned) == (EXPIRED, True)
    assert "pulumi destroy -s dev" in found.why and going([found], ALL) == []


def test_the_last_day_is_a_day_on_which_it_is_wanted():
    last = thing(expires="2030-06-15")
    assert verdict(last, dev(last)).word == LIVING


def test_expired_and_held_by_none_goes_whosever_it_was():
    found = verdict(thing("gone", expires="2030-06-14"), dev())
    assert found.word == EXPIRED and going([found], Wish()) == [found]


@pytest.mark.parametrize("expires", ["", "soon", "2030-13-01"])
def test_a_day_that_is_none_expires_nothing(expires):
    assert verdict(thing("gone", expires=expires), dev()).word == FORGOTTEN


def test_what_was_kept_on_purpose_goes_only_when_that_is_said_too():
    kept = thing(on_destroy="keep")
    found = verdict(kept, dev())
    assert found.word == KEPT and not report.found([found])
    assert going([found], Wish()) == [] and going([found], Wish(kept=True)) == [found]


def test_what_was_kept_of_a_stack_that_is_not_known_takes_both():
    found = verdict(thing("gone", on_destroy="keep"), dev())
    assert going([found], Wish(kept=True)) == going([found], Wish(("gone",))) == []
    assert going([found], Wish(("gone",), kept=True)) == [found]


def test_kept_outlives_its_last_day():
    assert verdict(thing(on_destroy="keep", expires="2030-01-01"), dev()).word == KEPT


def test_an_endpoint_that_nobody_asks_is_idle_and_left_to_destroy():
    one = thing(type=ENDPOINT, requests=0)
    found = verdict(one, dev(one))
    assert (found.word, found.owned) == (IDLE, True) and report.found([found])


@pytest.mark.parametrize("requests", [None, 1, 250.0])
def test_an_endpoint_that_is_asked_or_of_which_nothing_is_known_is_not(requests):
    one = thing(type=ENDPOINT, requests=requests)
    assert verdict(one, dev(one)).word == LIVING


def test_a_name_that_is_held_goes_with_purge_only():
    found = verdict(thing(deleted=True), dev())
    assert found.word == HELD and not report.found([found])
    assert going([found], Wish()) == [] and going([found], Wish(purge=True)) == [found]


def test_the_dearest_comes_first():
    found = judged(
        PLACE,
        [
            thing("gone", "bucket"),
            Thing(ENDPOINT, "arn:e", "e", "us-east-1", {"stack": "gone"}, (("ml.t2.medium", 2),)),
            thing("gone", "old", expires="2030-01-01"),
        ],
        [dev()],
        TODAY,
    )
    assert [one.thing.name for one in found] == ["e", "bucket", "old"]
    assert str(found[0].cost) == "at least US$81.76"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/subscriptions/S/resourceGroups/G", "/subscriptions/s/resourcegroups/g"),
        ("projects/1234/locations/l/endpoints/5", "projects/name/locations/l/endpoints/5"),
        ("projects/1/locations/l/models/m@3", "projects/name/locations/l/models/m"),
    ],
)
def test_clouds_spell_one_id_in_several_ways(one, other):
    assert same(one) == same(other)


def test_accounts_of_one_name_in_two_projects_are_told_apart_by_their_address():
    one, other = ("projects/p/serviceAccounts/a@p.iam", "projects/p/serviceAccounts/a@q.iam")
    assert same(one) != same(other)
