"""Azure's activity log: what was done to a resource, for 90 days, some minutes after it was done.

https://learn.microsoft.com/azure/azure-monitor/platform/activity-log
https://learn.microsoft.com/rest/api/monitor/activity-logs/list
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any
from urllib.parse import quote, urlencode

Event = Mapping[str, Any]
STAMP = "%Y-%m-%dT%H:%M:%SZ"
VALUES = "/providers/Microsoft.Insights/eventtypes/management/values"


def deleted(client: Any, id: str, within: timedelta) -> datetime | None:
    """When a resource was deleted that was not made anew since; None if it was not, or was purged since: the log has a
    purge as one more delete. client: trifold.doctor.azure.Client. Raises Unknown."""
    now = datetime.now(UTC)
    # A delete of this second has a later moment than the question's.
    span = f"eventTimestamp ge '{now - within:{STAMP}}' and eventTimestamp le '{now + timedelta(minutes=1):{STAMP}}'"
    wanted = "correlationId,eventTimestamp,operationName,status"
    asked = {"$filter": f"{span} and resourceUri eq '{id}'", "$select": wanted}
    events = client.all(f"{VALUES}?{urlencode(asked, quote_via=quote)}", "activity")
    last = list(takewhile(_is_delete, sorted(filter(_succeeded, events), key=_moment, reverse=True)))
    deletes = {one["correlationId"] for one in last}
    return _moment(last[0]) if len(deletes) == 1 else None


def _succeeded(event: Event) -> bool:
    """Whether it says that a resource was written or is gone, and not that this was begun, or denied."""
    return _value(event, "status") == "succeeded" and _value(event, "operationName").endswith(("/write", "/delete"))


def _is_delete(event: Event) -> bool:
    return _value(event, "operationName").endswith("/delete")


def _value(event: Event, key: str) -> str:
    return str(event[key]["value"]).lower()


def _moment(event: Event) -> datetime:
    return datetime.fromisoformat(event["eventTimestamp"])
