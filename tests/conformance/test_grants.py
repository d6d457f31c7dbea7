"""Every grant and lock of the program is tried with it and without it, and none is listed that it does not have."""

import pytest

from tests.conformance import grants, rig
from tests.conformance.grants.granted import granted, unknown
from tests.conformance.grants.limits import LIMITS


def test_each_one_is_tried_with_it_and_without_it(recording, cloud):
    covered = [what for grant in grants.of(cloud) for what in grant.covers]
    assert sorted(covered) == sorted(granted(recording))


def test_what_sounds_like_a_lock_is_known_as_one(recording):
    assert unknown(recording) == set()


@pytest.mark.parametrize("test", sorted({test for limit in LIMITS for test in (limit.within, limit.beyond)}))
def test_a_limit_names_tests_that_exist(test):
    file, _, name = test.partition("::")
    assert f"def {name}(" in (rig.ROOT / file).read_text()
