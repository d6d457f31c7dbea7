"""docs/grants/<cloud>.md says what the program asks for and nothing else; `python scripts/grants.py` writes it."""

import pytest

from scripts import grants as pages
from tests.conformance import rig
from tests.conformance.grants.granted import granted
from trifold.facts.grants import ENDPOINTS


@pytest.mark.parametrize("cloud", ENDPOINTS)
def test_the_page_is_that_of_the_tables(cloud):
    assert (rig.ROOT / "docs" / "grants" / f"{cloud}.md").read_text() == pages.page(cloud)


def test_each_grant_of_the_endpoints_identity_has_its_reason(recording, cloud):
    if cloud not in ENDPOINTS:
        pytest.skip("its grants have no page yet")
    asked = {what.partition(" ")[2] for what in granted(recording) if "=" not in what and " Deny " not in what}
    assert {one.action for one in ENDPOINTS[cloud]} == asked
