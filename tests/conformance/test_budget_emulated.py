"""Budget, brought up on the local cloud with a stack that says whom to tell, and read through the vendor's own SDK."""

import pytest

from tests.conformance.test_budget import EMAIL

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.soak,  # two runs of `up` on each cloud
    pytest.mark.notlive("whom it tells is made up, and so is the billing account"),
    pytest.mark.notemulated("the local Azure has no Microsoft.Consumption yet", clouds=("azure",)),
]
TOLD = {
    "aws": {"trifold:budgetEmail": EMAIL},
    "azure": {"trifold:budgetEmail": EMAIL},
    "gcp": {"trifold:budgetEmail": EMAIL, "trifold:billingAccount": "000000-000000-000000"},
}


@pytest.fixture
def told(stack, cloud):
    """The stack, with somebody to tell, for the length of a test."""
    for key, value in TOLD[cloud].items():
        stack.run("config", "set", key, value)
    stack.run("up", "--yes", "--skip-preview")
    yield stack
    for key in TOLD[cloud]:
        stack.run("config", "rm", key)
    stack.run("up", "--yes", "--skip-preview")
    assert stack.use("budgets") == {}


def test_the_stacks_budget_is_in_the_account_and_a_second_run_changes_nothing(told, cloud):
    assert told.use("budgets") == {f"trifold-{cloud}": 250}
    told.run("preview", "--expect-no-changes")
