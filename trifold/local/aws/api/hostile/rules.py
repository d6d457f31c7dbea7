"""All of it around one call: what the gate of a hostile cloud lets pass, and how it is answered."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from trifold.local.aws.api.hostile import throttling
from trifold.local.aws.api.hostile.conflicts import Conflicts
from trifold.local.aws.api.hostile.lags import Lags
from trifold.local.aws.api.wire import Call, Reply
from trifold.local.hostile import Hostile

Result = Mapping[str, Any] | Reply | None


class Rules:
    """hostile: None for a friendly cloud, where everything passes."""

    def __init__(self, hostile: Hostile | None) -> None:
        self._hostile = hostile
        if hostile is not None:
            self._conflicts, self._lags = Conflicts(hostile), Lags(hostile)

    def admit(self, call: Call) -> None:
        """Raises AwsError where the caller is to come again; before anything is asked of the call."""
        if self._hostile is not None:
            throttling.check(call, self._hostile)

    async def around(self, call: Call, act: Callable[[], Awaitable[Result]]) -> Result:
        """What `act` gives, or AwsError: a conflict before, and what it made is seen late after."""
        if self._hostile is None:
            return await act()
        self._lags.check(call)
        async with self._conflicts.change(call):
            result = await act()
        if not isinstance(result, Reply) or result.status < 400:
            self._lags.made(call)
            self._conflicts.made(call)
        return result
