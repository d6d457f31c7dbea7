"""A record as a page, and back."""

from dataclasses import replace

import pytest

from tests.live import look, page, record
from tests.live.golden import GOLDEN, RECORD


def test_the_page_is_the_golden_one():
    assert page.render(RECORD) == GOLDEN.read_text(), "write it anew: python -m tests.live.golden"


def test_a_record_comes_back_as_it_was():
    assert record.from_json(record.to_json(RECORD)) == RECORD


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"left": ("Bucket b",)}, "1 things are left"),
        ({"left": None}, "not known"),
        ({"tests": ()}, "Tests: none was run"),
        ({"account": record.LOCAL}, "Not a run on a real account"),
    ],
)
def test_what_went_wrong_is_said_at_the_top(change, said):
    clean = replace(RECORD, leaked=(), tests=RECORD.tests[:1], steps=RECORD.steps[:1])
    assert clean.passed
    found = replace(clean, **change)
    assert said in page.render(found).split("## Steps")[0]
    assert found.passed == (change == {"account": record.LOCAL})


def test_a_test_that_differs_from_the_local_cloud_is_named_and_one_that_does_not_is_not():
    same, failed = record.Tried("t.py::test_a[aws]", "passed"), record.Tried("t.py::test_b[aws]", "failed", why="no")
    local = [same, replace(failed, outcome="passed", why="")]
    assert list(page.differences([same, failed], local)) == [("T: b", "failed", "passed", "no")]
    assert list(page.differences([same], [same])) == []


def test_a_second_run_of_a_day_is_another_file(tmp_path):
    names = [record.write(RECORD, "page", tmp_path).name for _ in range(2)]
    assert names == ["2026-12-01-aws.md", "2026-12-01-aws-2.md"]
    assert [name for name, _ in record.kept(tmp_path)] == ["2026-12-01-aws", "2026-12-01-aws-2"]


def test_a_test_that_failed_later_is_no_longer_shown():
    passed = record.Tried("t.py::test_a[aws]", "passed")
    first, second = replace(RECORD, tests=(passed,)), replace(RECORD, tests=(replace(passed, outcome="failed"),))
    assert record.shown([("1", first)]) == {("t.py::test_a", "aws"): "2026-12-01"}
    assert record.shown([("1", first), ("2", second)]) == {}


def test_no_account_is_told():
    given = {"why": ["arn:aws:iam::123456789012:role/x"], "seconds": 1.5, "left": None}
    assert look.masked(given, "123456789012") == {"why": ["arn:aws:iam::ACCOUNT:role/x"], "seconds": 1.5, "left": None}
