"""What a stack costs: by its own region's prices, unknown where there is none, and never more than its budget."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra import costs
from infra.errors import SettingsError
from infra.offers import OFFERS
from tests.paper import stack
from trifold.facts import Price, prices


def line(found, start):
    (one,) = [one for one in found.lines if one.what.startswith(start)]
    return one


def price(region="us-east-1", dollars=0.1, tier=None):
    meter = "Host:ml.m5.large"
    return Price(
        "aws", region, "sagemaker.realtime.instance", meter, "h", dollars, tier, "2026-01-01", "s", "exact", None
    )


# ---- lines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cloud", "hourly"), [("aws", 0.115), ("azure", 0.0846), ("gcp", 0.1095)])
def test_an_instance_costs_its_price_for_730_hours(cloud, hourly):
    (one,) = [one for one in costs.estimate(stack(cloud, count="2")).lines if "2 x" in one.what]
    assert one.hourly == pytest.approx(2 * hourly) and one.monthly == pytest.approx(2 * hourly * 730)
    assert one.certainty == "exact" and one.price.source and one.price.as_of


def test_with_autoscaling_the_minimum_counts_and_the_maximum_is_named():
    found = costs.estimate(stack(maximum="3"))
    one = line(found, "endpoint: 1 to 3 x ml.m5.large")
    assert one.certainty == "at least" and one.monthly == pytest.approx(0.115 * 730)
    assert found.monthly_most - found.monthly == pytest.approx(2 * 0.115 * 730)
    assert costs.spoken(found).endswith(", US$251.85 with autoscaling at its maximum")


def test_what_depends_on_use_is_at_least_nothing_and_says_the_price_of_a_unit():
    one = line(costs.estimate(stack()), "store")
    assert (one.monthly, one.certainty) == (0, "at least")
    assert (one.price.price_usd, one.price.unit) == (0.023, "GB-month")


def test_what_is_paid_by_the_day_is_paid_for_every_day_of_the_month():
    one = line(costs.estimate(stack("azure", region="eastus2")), "registry")
    assert one.monthly == pytest.approx(0.1666 * 730 / 24) and one.certainty == "exact"


def test_a_price_of_another_region_is_never_used():
    found = costs.estimate(stack(region="eu-west-3"))
    assert found.unknown == tuple(one.what for one in found.lines)
    assert (found.monthly, found.certainty) == (0, "at least")
    # Azure's registry has a price in eastus2 only.
    assert line(costs.estimate(stack("azure")), "registry").monthly is None


def test_a_price_of_everywhere_is_used_in_each_region():
    assert costs.estimate(stack(), [price("global")]).monthly == pytest.approx(73)


def test_of_several_tiers_the_first_is_taken():
    tiers = [
        price(tier={"from": 10, "to": None, "unit": "h"}, dollars=0.05),
        price(tier={"from": 0, "to": 10, "unit": "h"}),
    ]
    assert costs.estimate(stack(), tiers).monthly == pytest.approx(73)


@pytest.mark.parametrize("cloud", OFFERS)
def test_no_offered_size_has_two_prices_in_one_region(cloud):
    known = [one for one in prices() if one.service == costs.INSTANCES[cloud]]
    for size in OFFERS[cloud].sizes:
        regions = [one.region for one in known if size in re.split(r"[ /:]+", one.sku_or_meter)]
        assert len(regions) == len(set(regions)), size


@given(count=st.integers(1, 100), cloud=st.sampled_from(sorted(OFFERS)))
def test_more_instances_never_cost_less_and_the_total_is_the_sum_of_the_lines(count, cloud):
    found = costs.estimate(stack(cloud, count=str(count), budget="1000000"))
    assert found.monthly >= costs.estimate(stack(cloud)).monthly
    assert found.monthly == pytest.approx(sum(one.monthly or 0 for one in found.lines))
    assert found.monthly_most >= found.monthly


# ---- the budget --------------------------------------------------------------------------------------------------


def test_a_stack_over_its_budget_is_refused_with_the_three_dearest_lines():
    with pytest.raises(SettingsError) as caught:
        costs.check(stack(count="3", budget="200"))
    told = str(caught.value)
    assert (
        "costs at least US$251.85 a month of 730 hours (0.3450 an hour)" in told
        and "more than its budget of US$200.00" in told
    )
    assert told.count("\n  - ") == 3 and "- endpoint: 3 x ml.m5.large (main): US$251.85" in told
    assert "Pulumi.prod-aws.yaml" in told and "trifold:budget" in told and "trifold cost -s prod-aws" in told


def test_a_stack_within_its_budget_is_let_through():
    assert costs.check(stack(count="3", budget="251.85")).monthly == pytest.approx(251.85)


def test_the_dearest_come_first():
    variants = '{"a": {"weight": 50, "size": "ml.m5.large"}, "b": {"weight": 50, "size": "ml.m5.2xlarge"}}'
    first, second, _ = costs.estimate(stack(variants=variants)).dearest(3)
    assert "ml.m5.2xlarge (b)" in first.what and "ml.m5.large (a)" in second.what


def test_what_is_unknown_is_not_refused_and_not_called_exact():
    found = costs.check(stack(region="eu-west-3", budget="0.01"))
    assert costs.spoken(found) == "at least US$0.00 a month of 730 hours (0.0000 an hour)"


def test_a_total_is_exact_where_all_lines_are():
    found = costs.estimate(stack())
    assert replace(found, lines=found.lines[:1]).certainty == "exact"


# ---- settings ----------------------------------------------------------------------------------------------------


WRONG = [
    ({"budget": None}, "trifold:budget: is required; what the stack may cost: US dollars a month"),
    ({"budget": "0"}, "trifold:budget: '0' is no amount"),
    ({"budget": "-5"}, "trifold:budget: '-5' is no amount"),
    ({"budget": "lots"}, "trifold:budget: 'lots' is no amount"),
    ({"budgetEmail": "me"}, "trifold:budgetEmail: 'me' is no e-mail address"),
    ({"billingAccount": "01AB23-45CD67-89EF01"}, "trifold:billingAccount: is for Google Cloud only"),
    ({"expires": "tomorrow"}, "trifold:expires: 'tomorrow' is no day"),
    ({"expires": "2026-02-30"}, "trifold:expires: '2026-02-30' is no day of the calendar"),
    ({"expires": "2026-11-24"}, "the stack expired on 2026-11-24; prolong it: pulumi config set trifold:expires"),
]


@pytest.mark.parametrize(
    ("changes", "message"), WRONG, ids=[f"{next(iter(one))}{n}" for n, (one, _) in enumerate(WRONG)]
)
def test_a_wrong_setting_of_money_is_named(changes, message):
    with pytest.raises(SettingsError) as caught:
        stack(**changes)
    assert message in str(caught.value)


def test_on_google_cloud_an_email_alone_is_refused_and_a_billing_account_is_enough():
    with pytest.raises(SettingsError, match="trifold:billingAccount: is required with an e-mail"):
        stack("gcp", budgetEmail="me@example.com")
    assert stack("gcp", billingAccount="01AB23-45CD67-89EF01").alerted


def test_without_anybody_to_tell_there_is_no_budget_in_the_account():
    assert not stack().alerted and stack(budgetEmail="me@example.com").alerted


def test_the_last_day_is_still_within_and_becomes_a_tag():
    assert stack(expires="2026-11-25").tags("storage")["expires"] == "2026-11-25"
    assert "expires" not in stack().tags("storage")
