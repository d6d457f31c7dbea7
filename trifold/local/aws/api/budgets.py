"""AWS Budgets: cost budgets, their notifications and tags are kept and read back; nothing is spent, so nobody is told.

moto's has no update, no subscribers of a notification and no tags.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from trifold.local.aws.api.errors import AwsError, refused
from trifold.local.aws.api.wire import Call
from trifold.local.aws.cloud import ACCOUNT

Handler = Callable[[Call], Awaitable[Mapping[str, Any]]]
MOST_NOTIFICATIONS = 10
NEVER = datetime(2087, 6, 15, tzinfo=UTC)
COST_TYPES = {
    **dict.fromkeys(("IncludeTax", "IncludeSubscription", "IncludeRefund", "IncludeCredit", "IncludeUpfront"), True),
    **dict.fromkeys(("IncludeRecurring", "IncludeOtherSubscription", "IncludeSupport", "IncludeDiscount"), True),
    **dict.fromkeys(("UseBlended", "UseAmortized"), False),
}
NOTHING_SPENT = {"ActualSpend": {"Amount": "0.0", "Unit": "USD"}}


@dataclass
class Held:
    """One budget. notifications: each with its subscribers."""

    budget: dict[str, Any]
    notifications: list[tuple[dict[str, Any], list[dict[str, str]]]] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    def at(self, wanted: Mapping[str, Any]) -> int | None:
        """Where a notification is, or None."""
        same = (index for index, (one, _) in enumerate(self.notifications) if one == _whole(wanted))
        return next(same, None)


class Budgets:
    """The budgets of the one account."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}

    def handlers(self) -> dict[tuple[str, str], Handler]:
        own: list[Any] = [
            *(self.create_budget, self.describe_budget, self.describe_budgets, self.update_budget, self.delete_budget),
            *(self.create_notification, self.delete_notification, self.describe_notifications_for_budget),
            *(self.describe_subscribers_for_notification, self.list_tags_for_resource),
            *(self.tag_resource, self.untag_resource),
        ]
        names = {"".join(part.title() for part in method.__name__.split("_")): method for method in own}
        return {("budgets", name): method for name, method in names.items()}

    async def create_budget(self, call: Call) -> Mapping[str, Any]:
        _own_account(call)
        given = call.parameters["Budget"]
        if given["BudgetName"] in self._held:
            name = given["BudgetName"]
            raise AwsError("DuplicateRecordException", f"Error creating budget: {name} - the budget already exists.")
        start = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        held = Held({"TimePeriod": {"Start": start, "End": NEVER}, **_checked(given)})
        for one in call.parameters.get("NotificationsWithSubscribers", []):
            _add(held, one["Notification"], one["Subscribers"])
        held.tags = {tag["Key"]: tag["Value"] for tag in call.parameters.get("ResourceTags", [])}
        self._held[given["BudgetName"]] = held
        return {}

    async def describe_budget(self, call: Call) -> Mapping[str, Any]:
        return {"Budget": {**self._named(call).budget, "CalculatedSpend": NOTHING_SPENT}}

    async def describe_budgets(self, call: Call) -> Mapping[str, Any]:
        """All of them: an account's are few."""
        _own_account(call)
        return {"Budgets": [{**held.budget, "CalculatedSpend": NOTHING_SPENT} for held in self._held.values()]}

    async def update_budget(self, call: Call) -> Mapping[str, Any]:
        _own_account(call)
        given = call.parameters["NewBudget"]
        held = self._of(given["BudgetName"])
        held.budget = {"TimePeriod": held.budget["TimePeriod"], **_checked(given)}
        return {}

    async def delete_budget(self, call: Call) -> Mapping[str, Any]:
        self._named(call)
        del self._held[call.parameters["BudgetName"]]
        return {}

    async def create_notification(self, call: Call) -> Mapping[str, Any]:
        _add(self._named(call), call.parameters["Notification"], call.parameters["Subscribers"])
        return {}

    async def delete_notification(self, call: Call) -> Mapping[str, Any]:
        held, at = self._notification(call)
        del held.notifications[at]
        return {}

    async def describe_notifications_for_budget(self, call: Call) -> Mapping[str, Any]:
        return {"Notifications": [one for one, _ in self._named(call).notifications]}

    async def describe_subscribers_for_notification(self, call: Call) -> Mapping[str, Any]:
        held, at = self._notification(call)
        return {"Subscribers": held.notifications[at][1]}

    async def list_tags_for_resource(self, call: Call) -> Mapping[str, Any]:
        return {"ResourceTags": [{"Key": key, "Value": value} for key, value in self._tagged(call).items()]}

    async def tag_resource(self, call: Call) -> Mapping[str, Any]:
        self._tagged(call).update({tag["Key"]: tag["Value"] for tag in call.parameters["ResourceTags"]})
        return {}

    async def untag_resource(self, call: Call) -> Mapping[str, Any]:
        for key in call.parameters["ResourceTagKeys"]:
            self._tagged(call).pop(key, None)
        return {}

    def _tagged(self, call: Call) -> dict[str, str]:
        return self._of(call.parameters["ResourceARN"].partition(":budget/")[2]).tags

    def _notification(self, call: Call) -> tuple[Held, int]:
        held = self._named(call)
        at = held.at(call.parameters["Notification"])
        if at is None:
            raise AwsError("NotFoundException", "Unable to find the notification: it does not exist.")
        return held, at

    def _named(self, call: Call) -> Held:
        _own_account(call)
        return self._of(call.parameters["BudgetName"])

    def _of(self, name: str) -> Held:
        if name not in self._held:
            raise AwsError("NotFoundException", f"Unable to get budget: {name} - the budget doesn't exist.")
        return self._held[name]


def _own_account(call: Call) -> None:
    if call.parameters["AccountId"] != ACCOUNT:
        raise AwsError("AccessDeniedException", f"Account {ACCOUNT} is not authorized to perform this operation.")


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    if given["BudgetType"] != "COST" or given["TimeUnit"] != "MONTHLY":
        raise refused(f"budgets of {given['BudgetType']}, {given['TimeUnit']}: only of COST, MONTHLY")
    limit = given.get("BudgetLimit")
    if limit is None:
        raise AwsError("InvalidParameterException", "Unable to create/update budget - please provide a budget limit.")
    if limit["Unit"] != "USD":
        raise AwsError("InvalidParameterException", "Unsupported unit for the budget limit: it must be USD.")
    return {"CostFilters": {}, "CostTypes": COST_TYPES, "LastUpdatedTime": datetime.now(UTC), **given}


def _whole(notification: Mapping[str, Any]) -> dict[str, Any]:
    return {"ThresholdType": "PERCENTAGE", **notification}


def _add(held: Held, notification: Mapping[str, Any], subscribers: list[dict[str, str]]) -> None:
    if held.at(notification) is not None:
        raise AwsError("DuplicateRecordException", "Error creating notification: it already exists.")
    if len(held.notifications) == MOST_NOTIFICATIONS:
        raise AwsError("CreationLimitExceededException", f"A budget has at most {MOST_NOTIFICATIONS} notifications.")
    held.notifications.append((_whole(notification), subscribers))
