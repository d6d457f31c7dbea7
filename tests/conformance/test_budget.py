"""Budget: what a stack may cost is in the account too, where somebody can be told; what is over it is never made."""

from datetime import UTC, datetime

import pytest

from tests.conformance.test_stack import taggable

EMAIL = "somebody@example.com"
BUDGETS = {
    "aws": "aws:budgets/budget:Budget",
    "azure": "azure-native:consumption:Budget",
    "gcp": "gcp:billing/budget:Budget",
}
TOLD = {
    "aws": {"trifold:budgetEmail": EMAIL},
    "azure": {"trifold:budgetEmail": EMAIL},
    "gcp": {"trifold:budgetEmail": EMAIL, "trifold:billingAccount": "01AB23-45CD67-89EF01"},
}


@pytest.fixture
def told(record, cloud):
    """told({...}) -> the program on a stack that says who is to be told."""

    def run(changes=None, **options):
        found = record({**TOLD[cloud], **(changes or {})}, **options)
        assert found.error == ""
        return found

    return run


def budget(recording, cloud):
    (found,) = recording.of(BUDGETS[cloud])
    return found.inputs


def percents(inputs, cloud):
    """[(percent of the budget, by forecast)] of the notifications."""
    if cloud == "aws":
        return [(one["threshold"], one["notificationType"] == "FORECASTED") for one in inputs["notifications"]]
    if cloud == "azure":
        return [(one["threshold"], one["thresholdType"] == "Forecasted") for one in inputs["notifications"].values()]
    rules = inputs["thresholdRules"]
    return [(one["thresholdPercent"] * 100, one["spendBasis"] == "FORECASTED_SPEND") for one in rules]


def test_the_stacks_budget_is_in_the_account_in_us_dollars_a_month(told, cloud):
    found = budget(told({"trifold:budget": "199.50"}), cloud)
    if cloud == "aws":
        assert (found["limitAmount"], found["limitUnit"], found["timeUnit"]) == ("199.50", "USD", "MONTHLY")
    elif cloud == "azure":  # in the currency of the subscription's bill: Azure takes no other
        assert (found["amount"], found["category"], found["timeGrain"]) == (199.5, "Cost", "Monthly")
    else:
        amount = found["amount"]["specifiedAmount"]
        assert amount == {"currencyCode": "USD", "units": "199", "nanos": 500_000_000}
        assert found["budgetFilter"]["calendarPeriod"] == "MONTH"


def test_it_counts_what_is_the_stacks_and_nothing_else(told, cloud):
    recording = told()
    found = budget(recording, cloud)
    if cloud == "aws":
        assert found["costFilters"] == [{"name": "TagKeyValue", "values": ["user:stack$aws"]}]
    elif cloud == "azure":
        (group,) = recording.of("azure-native:resources:ResourceGroup")
        assert "/resourceGroups/" in found["scope"]
        assert group.urn in recording.of(BUDGETS["azure"])[0].dependencies
    else:
        assert found["budgetFilter"]["labels"] == {"stack": "gcp"}
        assert len(found["budgetFilter"]["projects"]) == 1


def test_somebody_is_told_at_50_80_and_100_percent_and_when_all_is_forecast_to_be_used(told, cloud):
    found = budget(told(), cloud)
    assert sorted(percents(found, cloud)) == [(50, False), (80, False), (100, False), (100, True)]


def test_it_is_the_one_who_was_named(told, cloud):
    recording = told()
    if cloud == "gcp":
        (channel,) = recording.of("gcp:monitoring/notificationChannel:NotificationChannel")
        assert (channel.inputs["type"], channel.inputs["labels"]) == ("email", {"email_address": EMAIL})
        assert budget(recording, cloud)["allUpdatesRule"]["monitoringNotificationChannels"]
        return
    given = budget(recording, cloud)["notifications"]
    if cloud == "aws":
        assert all(one["subscriberEmailAddresses"] == [EMAIL] for one in given)
    else:
        assert all(one["contactEmails"] == [EMAIL] and one["enabled"] for one in given.values())


def test_a_stack_that_names_nobody_has_a_budget_of_its_own_only(recording, cloud):
    assert not recording.of(BUDGETS[cloud])


@pytest.mark.never("a budget belongs to the account or subscription itself", clouds=("aws", "azure"))
def test_without_an_email_the_billing_accounts_administrators_are_told(record, cloud):
    found = record({"trifold:billingAccount": "01AB23-45CD67-89EF01"})
    assert found.error == ""
    assert budget(found, cloud)["billingAccount"] == "01AB23-45CD67-89EF01"
    assert "allUpdatesRule" not in budget(found, cloud)
    assert not found.of("gcp:monitoring/notificationChannel:NotificationChannel")


def test_it_hangs_below_its_component_and_knows_in_a_preview_what_it_will_make(told, cloud):
    planned, made = told(preview=True), told()
    assert {one.urn for one in planned.resources} == {one.urn for one in made.resources}
    assert [one.component for one in made.of(BUDGETS[cloud])] == ["Budget"]


@pytest.mark.never("a budget begins by itself there", clouds=("aws", "gcp"))
def test_it_begins_with_the_month_and_is_never_moved_by_a_later_run(told, cloud):
    (found,) = told().of(BUDGETS[cloud])
    assert found.inputs["timePeriod"] == {"startDate": datetime.now(UTC).strftime("%Y-%m-01T00:00:00Z")}
    assert found.ignored == ("timePeriod",)


# ---- before anything is made -------------------------------------------------------------------------------------


def test_a_stack_over_its_budget_is_refused_before_anything_is_registered(record, cloud):
    found = record({"trifold:budget": "10"})
    assert "more than its budget of US$10.00" in found.error and f"Pulumi.{cloud}.yaml" in found.error
    assert found.error.count("\n  - ") == 3
    assert [one.type for one in found.resources] == ["pulumi:pulumi:Stack"] and not found.invokes


def test_a_stack_within_its_budget_is_let_through(record):
    assert record({"trifold:budget": "90"}).error == ""


def test_a_stack_without_a_budget_is_refused(record):
    found = record({"trifold:budget": ""})
    assert "trifold:budget: is required" in found.error
    assert [one.type for one in found.resources] == ["pulumi:pulumi:Stack"]


def test_the_last_day_is_on_whatever_can_be_tagged(told):
    for one in told({"trifold:expires": "2999-12-31"}).custom:
        if key := taggable(one):
            assert one.inputs[key]["expires"] == "2999-12-31", one.urn


def test_a_stack_that_expired_is_refused_with_how_to_prolong_it(record):
    found = record({"trifold:expires": "2020-01-01"})
    assert "the stack expired on 2020-01-01; prolong it: pulumi config set trifold:expires" in found.error
    assert [one.type for one in found.resources] == ["pulumi:pulumi:Stack"]
