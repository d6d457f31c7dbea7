"""What README and the tables say of real accounts is what the records under docs/live/ show."""

from dataclasses import replace

import pytest

from tests.conformance import matrix
from tests.live import record, told
from tests.live.golden import ANSWERS, DRIFT, RECORD

NOTHING, ONE = [], [("2026-12-01-aws", RECORD)]


@pytest.mark.parametrize("page", told.PAGES, ids=lambda page: str(page.relative_to(told.ROOT)))
def test_each_page_says_what_the_records_say(page):
    assert told.rewritten(page, record.kept()) == page.read_text(), "write it anew: python -m tests.live.told --write"


def test_without_a_record_it_was_never_run():
    assert "never run on a real account yet" in told.sentence(NOTHING, "live")


def test_a_record_is_named_with_how_it_went_and_what_is_missing():
    said = told.sentence(ONE, "live")
    assert "[AWS, 2026-12-01](live/2026-12-01-aws.md) (not all went well)" in said
    assert "never run on a real account of Azure or Google Cloud" in said
    later = replace(RECORD, day="2026-12-02", leaked=(), tests=RECORD.tests[:1], steps=RECORD.steps[:1])
    assert "[AWS, 2026-12-02](live/2026-12-02-aws.md)." in told.sentence([*ONE, ("2026-12-02-aws", later)], "live")


class Item:
    """As much of a test as a row of the matrix needs."""

    def __init__(self, id, cloud):
        self.nodeid, self.name = id, id.partition("::")[2]
        self.path = record.FOLDER / id.partition("::")[0]
        self.originalname = self.name.partition("[")[0]
        self.callspec = type("Callspec", (), {"params": {"cloud": cloud}})

    def iter_markers(self, word):
        return ()

    def get_closest_marker(self, word):
        return word == "e2e"


def test_a_cell_says_the_day_on_which_a_test_passed_live_and_only_then():
    items = [Item(ANSWERS, "aws"), Item(ANSWERS.replace("[aws]", "[gcp]"), "gcp"), Item(DRIFT, "aws")]
    page = matrix.render(items, ONE)
    assert "| it answers as the package says | live 2026-12-01 |  | emulated |" in page
    assert "| a refresh sees no drift | emulated |  |  |" in page
    assert "| it answers as the package says | emulated |  | emulated |" in matrix.render(items, NOTHING)
