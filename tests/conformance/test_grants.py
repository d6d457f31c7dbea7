"""Every grant and lock of the program is tried with it and without it, and none is listed that it does not have."""

from tests.conformance import grants
from tests.conformance.grants.granted import granted


def test_each_one_is_tried_with_it_and_without_it(recording, cloud):
    covered = [what for grant in grants.of(cloud) for what in grant.covers]
    assert sorted(covered) == sorted(granted(recording))
