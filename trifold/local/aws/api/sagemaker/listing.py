"""List operations: filter, sort and page records as SageMaker does."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from trifold.local.aws.api.errors import validation
from trifold.local.aws.api.sagemaker.records import Record

PAGE = 10
SORTS = {"Name": "name", "CreationTime": "created", "Status": "status"}


def listed(
    records: Iterable[Record], given: Mapping[str, Any], key: str, summary: Callable[[Record], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """One page under `key`, and a token where there is more."""
    wanted = given.get("NameContains", "").lower()
    found = [record for record in records if wanted in record.name.lower()]
    sort = SORTS[given.get("SortBy", "CreationTime")]
    ascending = given.get("SortOrder", "Descending") == "Ascending"
    found.sort(key=lambda record: getattr(record, sort), reverse=not ascending)
    start = _start(given.get("NextToken"))
    end = start + given.get("MaxResults", PAGE)
    page: dict[str, Any] = {key: [summary(record) for record in found[start:end]]}
    return page | ({"NextToken": base64.b64encode(str(end).encode()).decode()} if end < len(found) else {})


def _start(token: str | None) -> int:
    try:
        return int(base64.b64decode(token, validate=True)) if token else 0
    except (binascii.Error, ValueError):
        raise validation("Invalid NextToken.") from None
