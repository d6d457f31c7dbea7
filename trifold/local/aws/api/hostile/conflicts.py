"""Changes that meet another change of the same thing, and names that are not free yet.

S3 refuses a change of a bucket while another is under way, and holds the name of a deleted one for a while, both with
the same words: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (OperationAborted). IAM declares
ConcurrentModification for the operations below: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html.
Nobody is drawn to conflict who changes one thing after the other.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.wire import Call
from trifold.local.hostile import Hostile

OF_ROLES = ("CreateRole", "DeleteRole", "TagRole", "UntagRole")
# How long a change takes, so that two at once do meet.
TAKES = (0.05, 0.2)


class Conflicts:
    """What is being changed now, and until when (the hostile clock's seconds) which bucket names are held."""

    def __init__(self, hostile: Hostile) -> None:
        self._hostile = hostile
        self._changing: set[str] = set()
        self._held: dict[str, float] = {}

    @asynccontextmanager
    async def change(self, call: Call) -> AsyncIterator[None]:
        """Raises AwsError where somebody else is at it; a call that changes nothing of the kind passes."""
        about = _about(call)
        if not about:
            yield
            return
        if about in self._changing or (call.name == "CreateBucket" and self._is_held(about)):
            raise _conflict(call.service)
        self._changing.add(about)
        try:
            await asyncio.sleep(self._hostile.seconds("change", TAKES))
            yield
        finally:
            self._changing.discard(about)

    def made(self, call: Call) -> None:
        """It went well: the name of a bucket that is gone is held."""
        if call.name == "DeleteBucket":
            self._held[_about(call)] = self._hostile.clock() + self._hostile.seconds(
                "name", self._hostile.measures.grants
            )

    def _is_held(self, about: str) -> bool:
        return self._held.get(about, float("-inf")) > self._hostile.clock()


def _about(call: Call) -> str:
    """What is changed, or ""; what is in a bucket may change at once."""
    if call.service == "iam" and call.name in OF_ROLES:
        return f"role {call.parameters['RoleName']}"
    configures = call.service == "s3" and "Key" not in call.parameters and "Delete" not in call.parameters
    if configures and call.name.startswith(("Create", "Put", "Delete")):
        return f"bucket {call.parameters['Bucket']}"
    return ""


def _conflict(service: str) -> AwsError:
    if service == "iam":
        said = (
            "The request was rejected because multiple requests to change this object were submitted simultaneously. "
            "Wait a few minutes and submit your request again."
        )
        return AwsError("ConcurrentModification", said, 409)
    said = "A conflicting conditional operation is currently in progress against this resource. Please try again."
    return AwsError("OperationAborted", said, 409)
