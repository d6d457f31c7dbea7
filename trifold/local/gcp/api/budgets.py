"""Cloud Billing's budgets (billingbudgets.v1), and the channels of Cloud Monitoring that tell of them (monitoring.v3).

Both are kept and read back: nothing is spent here, so nobody is ever told.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from trifold.local.gcp.api.errors import denied, invalid, not_found
from trifold.local.gcp.api.schema import mask_paths
from trifold.local.gcp.api.wire import Call
from trifold.local.gcp.cloud import BILLING_ACCOUNT, NUMBER, PROJECT

BUDGETS = "billingAccounts.budgets"
CHANNELS = "projects.notificationChannels"
CHANGEABLE = ("displayName", "amount", "budgetFilter", "thresholdRules", "notificationsRule")
CURRENCY = "USD"


class Channels:
    """Notification channels of the type email."""

    def __init__(self) -> None:
        self._channels: dict[str, dict[str, Any]] = {}

    def handlers(self) -> dict[str, Any]:
        return {
            f"{CHANNELS}.create": self.create,
            f"{CHANNELS}.get": self.get,
            f"{CHANNELS}.list": self.list,
            f"{CHANNELS}.patch": self.patch,
            f"{CHANNELS}.delete": self.delete,
        }

    def has(self, name: str) -> bool:
        return name in self._channels

    def create(self, call: Call) -> Any:
        _email(call.body)
        name = f"projects/{PROJECT}/notificationChannels/{uuid.uuid4().int % 10**19:019d}"
        self._channels[name] = {"enabled": True, **call.body, "name": name}
        return self._channels[name]

    def get(self, call: Call) -> Any:
        return self._channels[self._name(call)]

    def list(self, call: Call) -> Any:
        return {"notificationChannels": list(self._channels.values()), "totalSize": len(self._channels)}

    def patch(self, call: Call) -> Any:
        name = self._name(call)
        made = _changed(self._channels[name], call, ("displayName", "description", "labels", "userLabels", "enabled"))
        _email(made)
        self._channels[name] = made
        return made

    def delete(self, call: Call) -> Any:
        del self._channels[self._name(call)]
        return {}

    def _name(self, call: Call) -> str:
        name = f"projects/{PROJECT}/notificationChannels/{call.path['notificationChannelsId']}"
        if name not in self._channels:
            raise not_found(f"Could not find NotificationChannel {name}.")
        return name


class Budgets:
    """The budgets of the one billing account. channels: those that a budget may name."""

    def __init__(self, channels: Channels) -> None:
        self._budgets: dict[str, dict[str, Any]] = {}
        self._channels = channels

    def handlers(self) -> dict[str, Any]:
        return {
            f"{BUDGETS}.create": self.create,
            f"{BUDGETS}.get": self.get,
            f"{BUDGETS}.list": self.list,
            f"{BUDGETS}.patch": self.patch,
            f"{BUDGETS}.delete": self.delete,
        }

    def create(self, call: Call) -> Any:
        made = self._checked(call.body)
        name = f"{_account(call)}/budgets/{uuid.uuid4()}"
        self._budgets[name] = {**made, "name": name, "etag": uuid.uuid4().hex[:16]}
        return self._budgets[name]

    def get(self, call: Call) -> Any:
        return self._budgets[self._name(call)]

    def list(self, call: Call) -> Any:
        _account(call)
        return {"budgets": list(self._budgets.values())} if self._budgets else {}

    def patch(self, call: Call) -> Any:
        name = self._name(call)
        made = self._checked(_changed(self._budgets[name], call, CHANGEABLE))
        self._budgets[name] = {**made, "etag": uuid.uuid4().hex[:16]}
        return self._budgets[name]

    def delete(self, call: Call) -> Any:
        del self._budgets[self._name(call)]
        return {}

    def _name(self, call: Call) -> str:
        name = f"{_account(call)}/budgets/{call.path['budgetsId']}"
        if name not in self._budgets:
            raise not_found("Requested entity was not found.")
        return name

    def _checked(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The budget with what Google fills in. Raises 400 for what Google refuses."""
        filtered = {"creditTypesTreatment": "INCLUDE_ALL_CREDITS", "calendarPeriod": "MONTH"}
        filtered |= body.get("budgetFilter", {})
        rules = [{"spendBasis": "CURRENT_SPEND", **rule} for rule in body.get("thresholdRules", [])]
        if len(filtered.get("labels", {})) > 1:
            raise invalid("budget.budget_filter.labels: at most one label is allowed")
        wrong = [
            one for one in filtered.get("projects", []) if one not in (f"projects/{PROJECT}", f"projects/{NUMBER}")
        ]
        if wrong:
            raise invalid(f"budget.budget_filter.projects: {wrong[0]} is not paid by this billing account")
        for channel in body.get("notificationsRule", {}).get("monitoringNotificationChannels", []):
            if not self._channels.has(channel):
                raise invalid(f"budget.notifications_rule: the notification channel {channel} does not exist")
        return {**body, "amount": _amount(body), "budgetFilter": filtered, "thresholdRules": rules}


def _amount(body: Mapping[str, Any]) -> dict[str, Any]:
    given = body.get("amount", {}).get("specifiedAmount")
    if given is None:
        raise invalid("budget.amount: must be set")
    if given.get("currencyCode", CURRENCY) != CURRENCY:
        raise invalid(f"budget.amount.specified_amount: the billing account's currency is {CURRENCY}")
    return {"specifiedAmount": {"currencyCode": CURRENCY, **given}}


def _account(call: Call) -> str:
    """Another's billing account, and one that does not exist, are the same to a caller."""
    name = f"billingAccounts/{call.path['billingAccountsId']}"
    if call.path["billingAccountsId"] != BILLING_ACCOUNT:
        raise denied("billing.budgets.get", f"//cloudbilling.googleapis.com/{name}")
    return name


def _changed(old: Mapping[str, Any], call: Call, changeable: tuple[str, ...]) -> dict[str, Any]:
    """What there was, with the paths of the mask as the call has them."""
    paths = mask_paths(call.query.get("updateMask") or ",".join(call.body), changeable)
    kept = {key: value for key, value in old.items() if key not in paths}
    return {**kept, **{path: call.body[path] for path in paths if path in call.body}}


def _email(channel: Mapping[str, Any]) -> None:
    if channel.get("type") == "email" and not channel.get("labels", {}).get("email_address"):
        raise invalid("Field \"notification_channel.labels['email_address']\" is required for type 'email'")
