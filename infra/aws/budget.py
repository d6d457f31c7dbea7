"""Budget on AWS: one of AWS Budgets, filtered by the stack's tag.

The filter sees a tag once it is activated as a cost allocation tag (Billing, or `aws ce
update-cost-allocation-tags-status`), up to a day after something first carried it.
"""

import pulumi_aws as aws
from pulumi import ResourceOptions

from infra.aws.foundation import Foundation
from infra.capabilities.budget import BudgetComponent, BudgetSpec, Notification


class Budget(BudgetComponent):
    """What a stack may cost a month, in AWS Budgets."""

    def __init__(
        self, name: str, spec: BudgetSpec, *, foundation: Foundation, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("trifold:aws:Budget", name, None, opts)
        budget = aws.budgets.Budget(
            f"{name}-month",
            account_id=foundation.account.id,
            name=spec.names("budget"),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=f"{spec.dollars:.2f}",
            limit_unit="USD",
            # A tag of the user's own, as Cost Explorer names it.
            cost_filters=[{"name": "TagKeyValue", "values": [f"user:stack${spec.tags['stack']}"]}],
            notifications=[_notification(one, spec.email) for one in spec.notifications],
            tags=dict(spec.tags),
            opts=ResourceOptions(parent=self),
        )
        self.name, self.id = budget.name, budget.id
        self.promise()


def _notification(wanted: Notification, email: str) -> aws.budgets.BudgetNotificationArgsDict:
    return {
        "comparison_operator": "GREATER_THAN",
        "notification_type": "FORECASTED" if wanted.forecast else "ACTUAL",
        "threshold": float(wanted.percent),
        "threshold_type": "PERCENTAGE",
        "subscriber_email_addresses": [email],
    }
