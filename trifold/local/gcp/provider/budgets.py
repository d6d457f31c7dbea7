"""Budgets of Cloud Billing, and the channels of Cloud Monitoring that tell of them."""

from typing import Any

from trifold.local.gcp.provider.base import DELETION, gone
from trifold.local.gcp.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import ResourceType, Values

BILLING = "billingbudgets.googleapis.com/v1"
MONITORING = "monitoring.googleapis.com/v3"


class Budget(Resource):
    supported = supports("allUpdatesRule amount billingAccount budgetFilter deletionPolicy displayName thresholdRules")

    def make(self, session: Session, inputs: Values) -> str:
        made = session.call("POST", f"{BILLING}/billingAccounts/{inputs['billingAccount']}/budgets", _body(inputs))
        return str(made["name"])

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        found = gone(lambda: session.call("GET", f"{BILLING}/{id}"))
        if found is None:
            return None
        rule = found.get("notificationsRule")
        return {
            "name": id.rpartition("/")[2],
            "billingAccount": id.split("/")[1],
            "displayName": found.get("displayName", ""),
            "amount": found["amount"],
            "budgetFilter": _filter(found["budgetFilter"]),
            "thresholdRules": found.get("thresholdRules", []),
            **({"allUpdatesRule": rule} if rule else {}),
            "ownershipScope": found.get("ownershipScope", ""),
            "deletionPolicy": inputs.get("deletionPolicy") or DELETION,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        mask = "displayName,amount,budgetFilter,thresholdRules,notificationsRule"
        session.call("PATCH", f"{BILLING}/{id}", _body(inputs), {"updateMask": mask})
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        gone(lambda: session.call("DELETE", f"{BILLING}/{id}"))

    def find(self, session: Session, inputs: Values) -> str | None:
        """Google names a budget itself: the one that is called the same is taken to be it."""
        listed = session.call("GET", f"{BILLING}/billingAccounts/{inputs['billingAccount']}/budgets")
        return _called(listed.get("budgets", []), inputs, "displayName")


class NotificationChannel(Resource):
    supported = supports("deletionPolicy description displayName enabled forceDelete labels project type userLabels")

    def make(self, session: Session, inputs: Values) -> str:
        project = inputs.get("project") or session.project
        made = session.call("POST", f"{MONITORING}/projects/{project}/notificationChannels", _channel(inputs))
        return str(made["name"])

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        found = gone(lambda: session.call("GET", f"{MONITORING}/{id}"))
        if found is None:
            return None
        return {
            "name": id,
            "project": id.split("/")[1],
            "type": found["type"],
            "displayName": found.get("displayName", ""),
            "description": found.get("description", ""),
            "enabled": found.get("enabled", True),
            "labels": found.get("labels", {}),
            "userLabels": found.get("userLabels", {}),
            "verificationStatus": found.get("verificationStatus", ""),
            "forceDelete": bool(inputs.get("forceDelete")),
            "deletionPolicy": inputs.get("deletionPolicy") or DELETION,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        mask = "displayName,description,labels,userLabels,enabled"
        body = {name: value for name, value in _channel(inputs).items() if name != "type"}
        session.call("PATCH", f"{MONITORING}/{id}", body, {"updateMask": mask})
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        gone(lambda: session.call("DELETE", f"{MONITORING}/{id}"))

    def find(self, session: Session, inputs: Values) -> str | None:
        project = inputs.get("project") or session.project
        listed = session.call("GET", f"{MONITORING}/projects/{project}/notificationChannels")
        return _called(listed.get("notificationChannels", []), inputs, "type", "displayName", "labels")


def _called(listed: list[Values], inputs: Values, *names: str) -> str | None:
    """The name of the first one that says the same as the inputs."""
    same = (one for one in listed if all(one.get(name) == inputs.get(name) for name in names))
    return next((str(one["name"]) for one in same), None)


def _body(inputs: Values) -> dict[str, Any]:
    """The API says "notificationsRule" where Pulumi does "allUpdatesRule", and takes several values of a label."""
    plain = {name: inputs[name] for name in ("displayName", "amount", "thresholdRules") if inputs.get(name)}
    filtered = dict(inputs.get("budgetFilter") or {})
    if filtered.get("labels"):
        filtered["labels"] = {key: [value] for key, value in filtered["labels"].items()}
    rule = inputs.get("allUpdatesRule")
    return {**plain, "budgetFilter": filtered, **({"notificationsRule": rule} if rule else {})}


def _filter(found: Values) -> Values:
    labels = {key: values[0] for key, values in (found.get("labels") or {}).items() if values}
    return {**found, **({"labels": labels} if labels else {})}


def _channel(inputs: Values) -> dict[str, Any]:
    names = ("type", "displayName", "description", "labels", "userLabels")
    return {**{name: inputs[name] for name in names if inputs.get(name)}, "enabled": inputs.get("enabled", True)}


TYPES = (
    ResourceType("gcp:billing/budget:Budget", "pulumi_gcp.billing.budget:BudgetArgs", Budget()),
    ResourceType(
        "gcp:monitoring/notificationChannel:NotificationChannel",
        "pulumi_gcp.monitoring.notification_channel:NotificationChannelArgs",
        NotificationChannel(),
    ),
)
