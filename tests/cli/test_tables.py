"""The table at the end of `make up`, and the line that says whether the clouds agree."""

import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from trifold.cli import tables

GOLDEN = Path(__file__).parent / "golden" / "answers.txt"


def answer(cloud: str, late: float = 0.25, digest: str = "ab" * 32, **more) -> dict:
    return {
        "cloud": cloud,
        "endpoint_id": f"{cloud}/endpoints/1",
        "state": "InService",
        "predictions": [{"late": late}],
        "package_digest": digest,
        "seconds": 0.031,
        "import_seconds": 1.25,
        **more,
    }


def printed(answers: list[dict]) -> str:
    out = io.StringIO()
    Console(file=out, width=110).print(tables.answers_table(answers))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def test_the_table_is_as_kept():
    """TRIFOLD_GOLDEN=write makes it anew."""
    found = printed([answer(cloud, up_seconds=12.4) for cloud in ("aws", "azure", "gcp")])
    if os.environ.get("TRIFOLD_GOLDEN") == "write":
        GOLDEN.write_text(found)
    assert found == GOLDEN.read_text()


def test_without_a_time_for_the_stack_there_is_no_such_row():
    assert "stack up in" not in printed([answer("aws")])


def test_equal_answers_agree_also_where_a_platform_tells_half_of_the_digest():
    agree, line = tables.agreement([answer("aws"), answer("gcp", digest="ab" * 16)])
    assert agree and "2 answers agree" in line


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (answer("gcp", late=0.2501), "differ by 0.0001"),
        (answer("gcp", digest="cd" * 32), "2 different packages"),
        (answer("gcp", predictions=[]), "differ by inf"),
    ],
)
def test_what_does_not_agree_says_how(other, said):
    agree, line = tables.agreement([answer("aws"), other])
    assert not agree and said in line


def test_a_difference_within_the_tolerance_is_none():
    assert tables.agreement([answer("aws"), answer("gcp", late=0.25 + 5e-7)])[0]
