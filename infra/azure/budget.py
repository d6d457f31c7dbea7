"""Budget on Azure: one of Cost Management, on the stack's resource group: all that lies in it, and nothing else."""

from datetime import UTC, datetime

from pulumi import Output, ResourceOptions
from pulumi_azure_native import consumption

from infra.azure.foundation import Foundation
from infra.capabilities.budget import BudgetComponent, BudgetSpec, Notification


class Budget(BudgetComponent):
    """What a stack may cost a month, in Cost Management."""

    def __init__(
        self, name: str, spec: BudgetSpec, *, foundation: Foundation, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("trifold:azure:Budget", name, None, opts)
        budget = consumption.Budget(
            f"{name}-month",
            budget_name=spec.names("budget"),
            scope=Output.concat(f"/subscriptions/{foundation.account.id}/resourceGroups/", foundation.group),
            category=consumption.CategoryType.COST,
            # In the currency of the subscription's bill: Azure takes no other.
            amount=spec.dollars,
            time_grain=consumption.TimeGrainType.MONTHLY,
            time_period={"start_date": _this_month()},
            notifications={_key(one): _notification(one, spec.email) for one in spec.notifications},
            # It begins with the month it is made in, and can't be moved to a later one.
            opts=ResourceOptions(parent=self, ignore_changes=["timePeriod"]),
        )
        self.name, self.id = budget.name, budget.id
        self.promise()


def _this_month() -> str:
    return datetime.now(UTC).strftime("%Y-%m-01T00:00:00Z")


def _key(wanted: Notification) -> str:
    return f"{'forecast' if wanted.forecast else 'actual'}-{wanted.percent}"


def _notification(wanted: Notification, email: str) -> consumption.NotificationArgsDict:
    return {
        "enabled": True,
        "operator": consumption.OperatorType.GREATER_THAN,
        "threshold": float(wanted.percent),
        "threshold_type": consumption.ThresholdType.FORECASTED if wanted.forecast else consumption.ThresholdType.ACTUAL,
        "contact_emails": [email],
    }
