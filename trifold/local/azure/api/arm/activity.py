"""The activity log: what was done to resources and when, as Azure Monitor tells it afterwards.

Here it has writes and deletes, an event each, once it is done; the real one has the start of it too, and actions. It
fills minutes late (https://learn.microsoft.com/azure/azure-monitor/platform/activity-log), on hostile clouds some
seconds. Request and answer: https://learn.microsoft.com/rest/api/monitor/activity-logs/list
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trifold.local.azure.api.arm.ids import ResourceId, Target
from trifold.local.azure.api.entra import Caller
from trifold.local.azure.api.errors import AzureError, invalid, refused
from trifold.local.azure.api.versions import ACTIVITY
from trifold.local.azure.api.wire import Raw, Reply, json_reply
from trifold.local.azure.cloud import SUBSCRIPTION, TENANT

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

COLLECTION, LOG = "microsoft.insights/eventtypes/values", "management"
# The vendor's page has the patterns that are allowed; of those, these two.
FILTER = re.compile(
    r"eventTimestamp ge '(?P<since>[^']+)'(?: and eventTimestamp le '(?P<until>[^']+)')?"
    r"(?: and resourceUri eq '?(?P<id>[^' ]+)'?)?"
)


@dataclass(frozen=True)
class Event:
    """One operation. verb: "write" or "delete"; seen: the moment of the hostile clock from which the log has it."""

    id: ResourceId
    verb: str
    when: datetime
    caller: str
    seen: float
    number: str = field(default_factory=lambda: str(uuid.uuid4()))

    def shown(self) -> dict[str, Any]:
        namespace, _, _ = self.id.type.partition("/")
        return {
            "id": f"{self.id.text}/events/{self.number}/ticks/{int(self.when.timestamp() * 10**7)}",
            "eventDataId": self.number,
            "correlationId": self.number,
            "operationId": self.number,
            "eventTimestamp": _stamp(self.when),
            "submissionTimestamp": _stamp(self.when),
            "operationName": _text(f"{self.id.type}/{self.verb}"),
            "eventName": _text("EndRequest"),
            "category": _text("Administrative"),
            "level": "Informational",
            "status": _text("Succeeded"),
            "resourceId": self.id.text,
            "resourceType": _text(self.id.type),
            "resourceProviderName": _text(namespace),
            "resourceGroupName": self.id.group_name,
            "caller": self.caller,
            "subscriptionId": SUBSCRIPTION,
            "tenantId": TENANT,
        }


class Activity:
    """The log of one subscription."""

    def __init__(self, azure: "Azure") -> None:
        self._azure = azure
        self._events: list[Event] = []

    def done(self, verb: str, id: ResourceId, caller: Caller) -> None:
        """Take down that somebody wrote, deleted or purged a resource."""
        hostile = self._azure.context.hostile
        seen = hostile.clock() + hostile.seconds(f"activity {id.key}", hostile.measures.lag) if hostile else 0.0
        self._events.append(Event(id, verb, datetime.now(UTC), caller.object_id, seen))

    def between(self, since: datetime, until: datetime, id: str) -> Iterator[Event]:
        """Newest first. id: of the one resource, "" for all."""
        hostile = self._azure.context.hostile
        for one in reversed(self._events):
            told = hostile is None or one.seen <= hostile.clock()
            if told and since <= one.when <= until and id.lower() in ("", one.id.key):
                yield one


def answer(azure: "Azure", raw: Raw, target: Target) -> Reply | None:
    """The answer where the path is the log's; None for all others. Raises AzureError for another question to it."""
    if raw.method != "GET" or target.collection.lower() != COLLECTION or not target.id:
        return None
    if target.id.name.lower() != LOG:
        raise refused(f"the events of '{target.id.name}'")
    if (version := raw.parameters["api-version"]) not in ACTIVITY:
        raise AzureError("NoRegisteredProviderFound", f"No registered resource provider found for API version "
                         f"'{version}' and type 'eventtypes'. The supported api-versions are '{', '.join(ACTIVITY)}'."
                         )  # fmt: skip
    asked = _asked(raw.parameters.get("$filter", ""))
    wanted = [name for name in raw.parameters.get("$select", "").replace(" ", "").split(",") if name]
    found = [one.shown() for one in azure.activity.between(*asked)]
    return json_reply(200, {"value": [_selected(one, wanted) for one in found]})


def _asked(text: str) -> tuple[datetime, datetime, str]:
    """Of a filter. Raises AzureError without one: it is required, with a start."""
    if not text:  # what the service says itself was not to be found
        raise invalid("The $filter query parameter is required, with at least the start of eventTimestamp.")
    found = FILTER.fullmatch(text)
    if found is None:
        raise refused(f'the filter "{text}" of the activity log')
    return _moment(found["since"]), _moment(found["until"] or "9999-01-01T00:00:00Z"), found["id"] or ""


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"'{text}' is not a moment.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _selected(event: Mapping[str, Any], wanted: list[str]) -> dict[str, Any]:
    return {name: event[name] for name in event if not wanted or name in wanted}


def _text(value: str) -> dict[str, str]:
    return {"value": value, "localizedValue": value}


def _stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
