"""Whatever keeps a stack safe is held by a test that fails without it."""

import pytest

from tests.conformance.removals import REMOVALS, ROOT, copied, fails


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("removals"))


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda one: one.name)
def test_the_code_still_has_it_where_the_table_says(removal):
    assert (ROOT / removal.file).read_text().count(removal.old) == 1


@pytest.mark.soak
@pytest.mark.parametrize("removal", REMOVALS, ids=lambda one: one.name)
def test_its_absence_is_noticed(removal, copy):
    noticed, said = fails(removal, copy)
    assert noticed, said
