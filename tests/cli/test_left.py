"""What a destroy says of what is still there."""

import pytest

from trifold.cli.left import Left, lines
from trifold.facts.bills import monthly

FREE, UNPRICED = "aws:iam/role:Role", "other:index:Thing"


@pytest.mark.parametrize(
    ("types", "said"),
    [
        ([UNPRICED], "what it costs is not known:"),
        ([UNPRICED, FREE], "what it costs is not known:"),
        ([FREE], "US$0.00 a month goes on:"),
    ],
)
def test_a_price_that_nobody_knows_is_no_sum(types: list[str], said: str) -> None:
    found = [Left(one, "id", True, monthly(one, "us-east-1")) for one in types]
    assert next(iter(lines(found, "dev", True))) == f"still there, by choice, and {said}"
