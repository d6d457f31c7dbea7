"""The worked example in docs/how-to/costs.md is computed, not typed: what a course pays, by the price facts."""

import os
from dataclasses import dataclass
from pathlib import Path

from infra import costs
from tests.paper import stack

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "costs.md"
BEGIN, END = "<!-- computed: tests/infra/test_course.py -->", "<!-- /computed -->"
NAMES = {"aws": "AWS, us-east-1", "azure": "Azure, eastus2", "gcp": "Google Cloud, us-central1"}
REGIONS = {"aws": "us-east-1", "azure": "eastus2", "gcp": "us-central1"}
SMALL = {"aws": "ml.t2.medium", "azure": "Standard_F2s_v2", "gcp": "e2-standard-2"}
LARGE = {"aws": "ml.m5.xlarge", "azure": "Standard_DS3_v2", "gcp": "n1-standard-4"}
BUDGETS = (100, 500, 1000, 2000)


@dataclass(frozen=True)
class Plan:
    """stacks: how many; sizes: of their one instance, by cloud; hours: a month that they are up."""

    what: str
    stacks: int
    sizes: dict[str, str]
    hours: int

    def dollars(self, cloud: str) -> float:
        return self.stacks * hourly(cloud, self.sizes[cloud]) * self.hours


PLANS = (
    Plan("one endpoint for all, up in the labs", 1, SMALL, 40),
    Plan("one endpoint for all, all month", 1, SMALL, costs.HOURS),
    Plan("25 students, a stack each, up in the labs", 25, SMALL, 40),
    Plan("10 teams, a larger stack each, in working hours", 10, LARGE, 160),
    Plan("25 students, a stack each, never taken down", 25, SMALL, costs.HOURS),
    Plan("10 teams, a larger stack each, all month", 10, LARGE, costs.HOURS),
)


def hourly(cloud, size):
    """US dollars an hour of a stack with one instance, as far as prices are known."""
    return costs.estimate(stack(cloud, region=REGIONS[cloud], size=size, budget="5000")).hourly


def table(rows):
    head, *body = rows
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def computed():
    """The part of the page that is made."""
    columns = list(NAMES.values())
    sizes = [
        [name, *(f"`{of[cloud]}`: {hourly(cloud, of[cloud]):.4f}" for cloud in NAMES)]
        for name, of in (("small", SMALL), ("larger", LARGE))
    ]
    plans = [
        [plan.what, f"{plan.stacks * plan.hours:,}", *(f"{plan.dollars(cloud):,.0f}" for cloud in NAMES)]
        for plan in PLANS
    ]
    bought = [
        [f"{budget:,}", *(f"{budget / hourly(cloud, SMALL[cloud]):,.0f} h, {fits(cloud, budget)}" for cloud in NAMES)]
        for budget in BUDGETS
    ]
    return "\n\n".join(
        [
            "A stack with one instance, US dollars an hour, at least:",
            table([["size", *columns], *sizes]),
            "What a month costs, US dollars, at least:",
            table([["plan", "stack-hours", *columns], *plans]),
            "What a month's money buys: hours of small stacks, and how many can stay up all month:",
            table([["US$ a month", *columns], *bought]),
        ]
    )


def fits(cloud, budget):
    return f"{budget // (hourly(cloud, SMALL[cloud]) * costs.HOURS):.0f} all month"


def test_the_page_says_what_is_computed():
    """TRIFOLD_GOLDEN=write puts it there anew."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page = f"{before}{BEGIN}\n{computed()}\n\n{END}{after}"
    if os.environ.get("TRIFOLD_GOLDEN") == "write":
        PAGE.write_text(page)
    assert page == PAGE.read_text()


def test_the_plans_span_what_a_course_has():
    dollars = [plan.dollars(cloud) for plan in PLANS for cloud in NAMES]
    assert min(dollars) < 10 and 1500 < max(dollars) <= 2000


def test_no_price_of_an_instance_in_the_example_is_unknown():
    for plan in PLANS:
        for cloud in NAMES:
            found = costs.estimate(stack(cloud, region=REGIONS[cloud], size=plan.sizes[cloud]))
            assert found.lines[0].certainty == "exact"
