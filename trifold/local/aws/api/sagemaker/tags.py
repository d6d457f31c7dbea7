"""Tags of SageMaker's resources, by ARN."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from trifold.local.aws.api.errors import AwsError, validation
from trifold.local.aws.api.wire import Call

LIMIT = 50


class Tags:
    """exists: whether an ARN is one of a resource that is there."""

    def __init__(self, exists: Callable[[str], bool]) -> None:
        self._exists = exists
        self._tags: dict[str, dict[str, str]] = {}

    def put(self, arn: str, tags: Iterable[Mapping[str, str]]) -> None:
        """Add or change tags. Raises AwsError above fifty."""
        merged = self._tags.get(arn, {}) | {tag["Key"]: tag["Value"] for tag in tags}
        if len(merged) > LIMIT:
            raise AwsError("ResourceLimitExceeded", f"The number of tags exceeds the limit of {LIMIT}.")
        self._tags[arn] = merged

    def all(self) -> dict[str, dict[str, str]]:
        """The tags of every resource that is there."""
        return {arn: dict(tags) for arn, tags in self._tags.items() if self._exists(arn)}

    def drop(self, arn: str) -> None:
        self._tags.pop(arn, None)

    async def add(self, call: Call) -> Mapping[str, Any]:
        arn = self._known(call)
        self.put(arn, call.parameters["Tags"])
        return {"Tags": self._pairs(arn)}

    async def page(self, call: Call) -> Mapping[str, Any]:
        return {"Tags": self._pairs(self._known(call))}

    async def delete(self, call: Call) -> Mapping[str, Any]:
        held = self._tags.get(self._known(call), {})
        for key in call.parameters["TagKeys"]:
            held.pop(key, None)
        return {}

    def _pairs(self, arn: str) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in self._tags.get(arn, {}).items()]

    def _known(self, call: Call) -> str:
        arn = call.parameters["ResourceArn"].lower()
        if not self._exists(arn):
            raise validation(f'Could not find resource "{arn}".')
        return arn
