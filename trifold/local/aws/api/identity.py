"""Who calls: the local account's administrator, one of its users, or somebody who has assumed one of its roles.

The administrator is who `trifold local env` gives a key to; IAM does not list it.
"""

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.principals import Role
from trifold.local.aws.api.wire import Call
from trifold.local.aws.cloud import ACCESS_KEY_ID, ACCOUNT, SECRET_ACCESS_KEY, USER_ARN

# AWS' own policy of that name.
ADMINISTRATOR_ACCESS = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
HOUR = 3600


@dataclass(frozen=True)
class Principal:
    """arn, id: as GetCallerIdentity says them. owner: the ARN that policies may name beside it, a session's role.
    policies: documents (JSON)."""

    arn: str
    id: str
    policies: tuple[str, ...]
    owner: str = ""


@dataclass(frozen=True)
class Key:
    """What a request is signed with. session: the name of somebody who assumed a role, "" for a user's own key."""

    id: str
    secret: str
    owner: str
    token: str = ""
    session: str = ""
    ends: datetime | None = None


ADMINISTRATOR = Principal(USER_ARN, "AIDALOCALUSER00000000", (ADMINISTRATOR_ACCESS,))


class Identities:
    """The keys of the account, and whose they are."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._sessions: dict[str, Key] = {}

    def handlers(self) -> dict[tuple[str, str], Callable[[Call, Principal], Awaitable[Mapping[str, Any]]]]:
        """Of STS: what takes the caller too."""
        return {("sts", "GetCallerIdentity"): caller_identity, ("sts", "AssumeRole"): self.assume_role}

    def key(self, id: str) -> Key | None:
        """A key that is there and in effect."""
        if id == ACCESS_KEY_ID:
            return Key(id, SECRET_ACCESS_KEY, USER_ARN)
        owners = (Key(id, user.keys[id], user.arn) for user in self._emulator.users() if id in user.keys)
        return self._sessions.get(id) or next(owners, None)

    def principal(self, key: Key) -> Principal:
        """Whose key it is, with the policies that are in effect."""
        if key.owner == USER_ARN:
            return ADMINISTRATOR
        if key.session:
            return _session(key, self._emulator.role(key.owner))
        user = next(one for one in self._emulator.users() if one.arn == key.owner)
        return Principal(user.arn, user.id, user.policies, user.arn)

    async def assume_role(self, call: Call, caller: Principal) -> Mapping[str, Any]:
        """Credentials of a session; authorization.py has let the caller."""
        given = call.parameters
        role = self._emulator.role(given["RoleArn"])
        assert role is not None, "a role that is not there is nobody's to assume"
        ends = datetime.now(UTC) + timedelta(seconds=given.get("DurationSeconds", HOUR))
        id = f"ASIA{secrets.token_hex(8).upper()}"
        key = Key(id, secrets.token_urlsafe(30), role.arn, secrets.token_urlsafe(96), given["RoleSessionName"], ends)
        self._sessions[key.id] = key
        who = _session(key, role)
        credentials = {"AccessKeyId": key.id, "SecretAccessKey": key.secret, "SessionToken": key.token}
        return {
            "Credentials": {**credentials, "Expiration": ends},
            "AssumedRoleUser": {"AssumedRoleId": who.id, "Arn": who.arn},
        }


async def caller_identity(call: Call, caller: Principal) -> Mapping[str, str]:
    """STS GetCallerIdentity, which nobody can be denied."""
    return {"UserId": caller.id, "Account": ACCOUNT, "Arn": caller.arn}


def _session(key: Key, role: Role | None) -> Principal:
    """A session of a role; one that is gone lets nobody do anything."""
    name = key.owner.rpartition("/")[2]
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{key.session}"
    if role is None:
        return Principal(arn, f"AROA:{key.session}", (), key.owner)
    return Principal(arn, f"{role.id}:{key.session}", role.policies, role.arn)


def check_session(key: Key, token: str, service: str) -> None:
    """Raises AwsError for the token of another session, or of one that is over.

    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and
    https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
    """
    if token != key.token:
        if service == "s3":
            raise AwsError("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
        code = "InvalidClientTokenId" if service in ("iam", "sts") else "UnrecognizedClientException"
        raise AwsError(code, "The security token included in the request is invalid.", 403)
    if key.ends is not None and key.ends < datetime.now(UTC):
        if service == "s3":
            raise AwsError("ExpiredToken", "The provided token has expired.", 400)
        code = "ExpiredToken" if service in ("iam", "sts") else "ExpiredTokenException"
        raise AwsError(code, "The security token included in the request is expired", 403)
