"""The Resource Groups Tagging API: what carries tags in the region, whatever its service. IAM's roles are not listed
there, nor are budgets; AWS' own is behind by seconds, this one is not."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.wire import Call

PAGE = 50
Tagged = Mapping[str, Mapping[str, str]]


class Tagging:
    """sources: each gives tags by ARN."""

    def __init__(self, *sources: Callable[[], Tagged]) -> None:
        self._sources = sources

    def handlers(self) -> dict[tuple[str, str], Callable[[Call], Awaitable[Mapping[str, Any]]]]:
        return {("resourcegroupstaggingapi", "GetResources"): self.resources}

    async def resources(self, call: Call) -> Mapping[str, Any]:
        """One page of what has all tags of the filters, each with one of its values; in the order of ARNs."""
        filters = call.parameters.get("TagFilters", [])
        found = {arn: tags for source in self._sources for arn, tags in source().items() if tags}
        wanted = sorted(arn for arn, tags in found.items() if _matches(tags, filters))
        start, size = _start(call), call.parameters.get("ResourcesPerPage", PAGE)
        shown = [{"ResourceARN": arn, "Tags": _pairs(found[arn])} for arn in wanted[start : start + size]]
        more = str(start + size) if start + size < len(wanted) else ""
        return {"ResourceTagMappingList": shown, "PaginationToken": more}


def _start(call: Call) -> int:
    token = call.parameters.get("PaginationToken") or "0"
    if not token.isdigit():
        raise AwsError("PaginationTokenExpiredException", "The PaginationToken is not valid, or has expired.")
    return int(token)


def _matches(tags: Mapping[str, str], filters: Iterable[Mapping[str, Any]]) -> bool:
    return all(one["Key"] in tags and (not one.get("Values") or tags[one["Key"]] in one["Values"]) for one in filters)


def _pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
