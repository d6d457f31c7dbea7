"""AWS Budgets."""

from collections.abc import Iterable, Mapping
from typing import Any

from trifold.local.aws.provider.base import gone, pairs, tag_changes, unpaired
from trifold.local.aws.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Autoname, ResourceType, Values

MISSING = "NotFoundException"
EMAILS, TOPICS = "subscriberEmailAddresses", "subscriberSnsTopicArns"
SUBSCRIPTIONS = {EMAILS: "EMAIL", TOPICS: "SNS"}
# Pulumi's names of a notification's members, and the API's.
MEMBERS = {
    "comparisonOperator": "ComparisonOperator",
    "notificationType": "NotificationType",
    "threshold": "Threshold",
    "thresholdType": "ThresholdType",
}
STAMP = "%Y-%m-%d_%H:%M"


class Budget(Resource):
    supported = supports("accountId budgetType costFilters limitAmount limitUnit name notifications tags timeUnit")

    def make(self, session: Session, inputs: Values) -> str:
        account = inputs.get("accountId") or session.account
        client = session.client("budgets")
        told = [
            {"Notification": _notification(one), "Subscribers": _subscribers(one)}
            for one in inputs.get("notifications") or []
        ]
        client.create_budget(
            AccountId=account,
            Budget=_budget(inputs),
            NotificationsWithSubscribers=told,
            ResourceTags=pairs(session.tags(inputs)),
        )
        return f"{account}:{inputs['name']}"

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        account, _, name = id.partition(":")
        client = session.client("budgets")
        named = {"AccountId": account, "BudgetName": name}
        found = gone(lambda: client.describe_budget(**named), MISSING)
        if found is None:
            return None
        budget, arn = found["Budget"], _arn(id)
        return {
            **session.tag_outputs(unpaired(client.list_tags_for_resource(ResourceARN=arn)["ResourceTags"])),
            "accountId": account,
            "name": name,
            "namePrefix": "",
            "arn": arn,
            "budgetType": budget["BudgetType"],
            "timeUnit": budget["TimeUnit"],
            "limitAmount": budget["BudgetLimit"]["Amount"],
            "limitUnit": budget["BudgetLimit"]["Unit"],
            "costFilters": [{"name": key, "values": values} for key, values in budget["CostFilters"].items()],
            "costTypes": {key[:1].lower() + key[1:]: value for key, value in budget["CostTypes"].items()},
            "timePeriodStart": budget["TimePeriod"]["Start"].strftime(STAMP),
            "timePeriodEnd": budget["TimePeriod"]["End"].strftime(STAMP),
            "notifications": list(_told(client, named)),
            "billingViewArn": "",
            "metrics": "",
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        client = session.client("budgets")
        account, _, name = id.partition(":")
        client.update_budget(AccountId=account, NewBudget=_budget(inputs))
        _tell(client, {"AccountId": account, "BudgetName": name}, inputs.get("notifications") or [])
        put, removed = tag_changes(session, old, inputs)
        if put:
            client.tag_resource(ResourceARN=_arn(id), ResourceTags=pairs(put))
        if removed:
            client.untag_resource(ResourceARN=_arn(id), ResourceTagKeys=removed)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        account, _, name = id.partition(":")
        client = session.client("budgets")
        gone(lambda: client.delete_budget(AccountId=account, BudgetName=name), MISSING)

    def find(self, session: Session, inputs: Values) -> str | None:
        return f"{inputs.get('accountId') or session.account}:{inputs['name']}"


def _arn(id: str) -> str:
    account, _, name = id.partition(":")
    return f"arn:aws:budgets::{account}:budget/{name}"


def _budget(inputs: Values) -> dict[str, Any]:
    return {
        "BudgetName": inputs["name"],
        "BudgetType": inputs["budgetType"],
        "TimeUnit": inputs["timeUnit"],
        "BudgetLimit": {"Amount": inputs["limitAmount"], "Unit": inputs["limitUnit"]},
        "CostFilters": {one["name"]: list(one["values"]) for one in inputs.get("costFilters") or []},
    }


def _notification(given: Mapping[str, Any]) -> dict[str, Any]:
    return {member: given[name] for name, member in MEMBERS.items()}


def _subscribers(given: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {"SubscriptionType": kind, "Address": address}
        for name, kind in SUBSCRIPTIONS.items()
        for address in given.get(name) or []
    ]


def _told(client: Any, named: Mapping[str, str]) -> Iterable[Values]:
    """The notifications of a budget, as Pulumi says them."""
    for one in client.describe_notifications_for_budget(**named)["Notifications"]:
        plain = {member: one[member] for member in MEMBERS.values()}
        found = client.describe_subscribers_for_notification(**named, Notification=plain)["Subscribers"]
        by_kind = {
            name: addresses
            for name, kind in SUBSCRIPTIONS.items()
            if (addresses := [each["Address"] for each in found if each["SubscriptionType"] == kind])
        }
        yield {**{name: one[member] for name, member in MEMBERS.items()}, **by_kind}


def _tell(client: Any, named: Mapping[str, str], wanted: list[Values]) -> None:
    """Make the notifications those that are wanted: what differs in a subscriber is made anew."""
    present = list(_told(client, named))
    for one in present:
        if one not in wanted:
            client.delete_notification(**named, Notification=_notification(one))
    for one in wanted:
        if one not in present:
            client.create_notification(**named, Notification=_notification(one), Subscribers=_subscribers(one))


TYPES = (
    ResourceType(
        "aws:budgets/budget:Budget",
        "pulumi_aws.budgets.budget:BudgetArgs",
        Budget(),
        autoname=Autoname("name", 100),
    ),
)
