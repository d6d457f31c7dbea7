"""docs/serving.md names every code and every variable, and no other."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SOURCE = "\n".join(path.read_text() for path in (CHECKOUT / "trifold" / "serving").rglob("*.py"))
PAGE = (CHECKOUT / "docs" / "serving.md").read_text()


def test_every_variable_is_told() -> None:
    assert set(re.findall(r"TRIFOLD_[A-Z_]+", PAGE)) == set(re.findall(r"TRIFOLD_[A-Z_]+", SOURCE))


def test_every_code_is_told() -> None:
    used = set(re.findall(r'Problem(?:\.of)?\(\s*4\d\d,\s*"(\w+)"', SOURCE))
    assert used
    told = {
        code for row in re.findall(r"^\|.*\| *4[\d, ]+\|(.*)\|$", PAGE, re.MULTILINE) for code in row.split("`")[1::2]
    }
    assert told == used


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", PAGE))))
def test_links_within_the_room_lead_somewhere(link: str) -> None:
    if link.startswith(("decisions/", "../benchmarks/")):
        assert (CHECKOUT / "docs" / link).exists()
