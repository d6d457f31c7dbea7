"""A configured provider: its region, its pinned account, its default tags, and boto3 clients in the process's
environment."""

import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from trifold.local.aws.cloud import REGION
from trifold.local.aws.provider.retries import through_conflicts
from trifold.protocol.declaration import Failure, InvalidInputs, Values

# Settings of the official provider that are right to ignore: they skip checks that are not made here either.
SKIPS = ("skipCredentialsValidation", "skipMetadataApiCheck", "skipRegionValidation", "skipRequestingAccountId")
# Clients may be shared between threads; making them may not.
MAKING = threading.Lock()
# Whose key it works with, if not that of its environment: Pulumi's names, and boto3's.
KEY = {"accessKey": "aws_access_key_id", "secretKey": "aws_secret_access_key", "token": "aws_session_token"}
SUPPORTED = ("region", "allowedAccountIds", "forbiddenAccountIds", "defaultTags", "maxRetries", *KEY, *SKIPS)


class Session:
    """What the operations get. Raises InvalidInputs for settings that are not served, or the wrong account."""

    def __init__(self, inputs: Values) -> None:
        _refuse_others(inputs)
        self.region = str(inputs.get("region") or REGION)
        self.default_tags: dict[str, str] = dict((inputs.get("defaultTags") or {}).get("tags") or {})
        self._key = {name: str(inputs[given]) for given, name in KEY.items() if inputs.get(given)}
        self._clients: dict[tuple[str, str], Any] = {}
        self.identity = self.client("sts").get_caller_identity()
        self.account = str(self.identity["Account"])
        self._check_account(inputs)

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client, made once."""
        from botocore.config import Config

        key = (service, region or self.region)
        with MAKING:
            if key not in self._clients:
                config = Config(retries={"mode": "standard", "total_max_attempts": 5})
                made = _boto3_session().client(service, region_name=key[1], config=config, **self._key)
                self._clients[key] = through_conflicts(made) if service == "s3" else made
            return self._clients[key]

    def tags(self, inputs: Values) -> dict[str, str]:
        """A resource's tags over the provider's default ones."""
        return {**self.default_tags, **(inputs.get("tags") or {})}

    def tag_outputs(self, found: Mapping[str, str]) -> Values:
        """`tags` and `tagsAll` of what the cloud has: a default tag is not the resource's own."""
        own = {key: value for key, value in found.items() if self.default_tags.get(key) != value}
        return {"tags": own, "tagsAll": dict(found)}

    def _check_account(self, inputs: Values) -> None:
        allowed, forbidden = inputs.get("allowedAccountIds") or [], inputs.get("forbiddenAccountIds") or []
        if (allowed and self.account not in allowed) or self.account in forbidden:
            name = "allowedAccountIds" if allowed else "forbiddenAccountIds"
            raise InvalidInputs(Failure(name, f"AWS account ID not allowed: {self.account}"))


@cache
def _boto3_session() -> Any:
    """One for all connections: it keeps the service models it has read, which is what takes time."""
    import boto3

    return boto3.Session()


def _refuse_others(inputs: Values) -> None:
    others = [name for name, value in inputs.items() if name not in SUPPORTED and value not in (None, "", [], {})]
    if others:
        reason = "is not served by the local AWS provider; leave it out of a local stack"
        raise InvalidInputs(*(Failure(name, reason) for name in sorted(others)))
