"""Budget on Google Cloud: one of the billing account, for the project, filtered by the stack's label.

Google tells the billing account's administrators; somebody else is told through a channel of Cloud Monitoring.
"""

import pulumi_gcp as gcp
from pulumi import ResourceOptions

from infra.capabilities.budget import BudgetComponent, BudgetSpec, Notification
from infra.gcp import services
from infra.gcp.foundation import Foundation

# The APIs that this calls and a new project has off.
SERVICES = ("billingbudgets", "monitoring")


class Budget(BudgetComponent):
    """What a stack may cost a month, in Cloud Billing."""

    def __init__(
        self, name: str, spec: BudgetSpec, *, foundation: Foundation, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("trifold:gcp:Budget", name, None, opts)
        ready = ResourceOptions(parent=self, depends_on=services.enabled(name, SERVICES, foundation.account, self))
        told = [self._channel(name, spec, foundation, ready).name] if spec.email else []
        budget = gcp.billing.Budget(
            f"{name}-month",
            billing_account=spec.billing_account,
            display_name=spec.names("budget"),
            amount={"specified_amount": _dollars(spec.dollars)},
            budget_filter={
                "projects": [f"projects/{foundation.account.number}"],
                # Google takes one label with one value here, and no more.
                "labels": {"stack": spec.tags["stack"]},
                "calendar_period": "MONTH",
            },
            threshold_rules=[_rule(one) for one in spec.notifications],
            **({"all_updates_rule": {"monitoring_notification_channels": told}} if told else {}),
            opts=ready,
        )
        self.name, self.id = budget.display_name, budget.id
        self.promise()

    def _channel(
        self, name: str, spec: BudgetSpec, foundation: Foundation, ready: ResourceOptions
    ) -> gcp.monitoring.NotificationChannel:
        return gcp.monitoring.NotificationChannel(
            f"{name}-told",
            project=foundation.account.id,
            display_name=spec.names("budget"),
            type="email",
            labels={"email_address": spec.email},
            user_labels=dict(spec.tags),
            opts=ready,
        )


def _dollars(amount: float) -> gcp.billing.BudgetAmountSpecifiedAmountArgsDict:
    """The currency must be the billing account's own: Google refuses US dollars on an account in another."""
    cents = round(amount * 100)
    whole = {"currency_code": "USD", "units": str(cents // 100)}
    return {**whole, **({"nanos": cents % 100 * 10_000_000} if cents % 100 else {})}


def _rule(wanted: Notification) -> gcp.billing.BudgetThresholdRuleArgsDict:
    return {
        "threshold_percent": wanted.percent / 100,
        "spend_basis": "FORECASTED_SPEND" if wanted.forecast else "CURRENT_SPEND",
    }
