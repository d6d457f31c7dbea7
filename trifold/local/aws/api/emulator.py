"""moto, in this process: it keeps S3, IAM, ECR, CloudWatch and its Logs for us.

Each call goes into it as a WSGI request and one at a time, since moto's backends are plain dictionaries.
"""

import json
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trifold.local.aws.cloud import ACCOUNT, REGION

# Read by moto when it is imported, and at each request.
os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"

from moto.backends import get_backend
from moto.core.utils import utcnow
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.test import run_wsgi_app

from trifold.local.aws.api.principals import Role, User
from trifold.local.aws.api.seen import Seen
from trifold.local.aws.api.wire import Call, Reply
from trifold.local.hostile import Hostile, Measures

SERVICES = ("s3", "iam", "ecr", "logs", "cloudwatch")
GLOBAL = {"s3", "iam"}
READS = ("Get", "List", "Simulate")
HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "status", "server"}


class Emulator:
    """A fresh account: whatever an earlier run in this process left is dropped."""

    def __init__(self, hostile: Hostile | None = None) -> None:
        self._apps: dict[str, Any] = {}
        measures = hostile.measures if hostile else Measures()
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
        self._principals: Seen[Role | User] = Seen(hostile, "grants", measures.grants)
        self._lock = threading.RLock()
        for service in SERVICES:
            for backend in _backends(service):
                backend.reset()

    def call(self, call: Call) -> Reply:
        """What moto answers. Blocks: call it in a thread."""
        with self._lock:
            body, status, headers = run_wsgi_app(self._app(call.service), call.raw.request().environ, buffered=True)
            content = b"".join(body)
            if call.service == "iam" and not call.name.startswith(READS):
                self._principals.update({one.arn: one for one in self._entities()})
        kept = {name: value for name, value in headers.items() if name.lower() not in HOP_BY_HOP}
        return Reply(int(status.split(" ", 1)[0]), kept | _length(call, headers), content)

    def role(self, arn: str) -> Role | None:
        """A role with its inline and attached policies, as they are in effect; None if there is none."""
        with self._lock:
            found = self._principals.get(arn)
            return found if isinstance(found, Role) else None

    def users(self) -> list[User]:
        """The users, as they are in effect."""
        with self._lock:
            return [one for one in self._principals.all() if isinstance(one, User)]

    def role_arn(self, name: str) -> str:
        """The ARN of a role by its name; of one that is not there, what it would be."""
        with self._lock:
            found = (role.arn for role in self._backend("iam").roles.values() if role.name == name)
            return next(found, f"arn:aws:iam::{ACCOUNT}:role/{name}")

    def _entities(self) -> Iterator[Role | User]:
        yield from self._roles()
        yield from self._users()

    def _roles(self) -> Iterator[Role]:
        for one in self._backend("iam").roles.values():
            yield Role(one.arn, one.id, text(one.assume_role_policy_document), _policies(one))

    def _users(self) -> Iterator[User]:
        for one in self._backend("iam").users.values():
            keys = {key.access_key_id: key.secret_access_key for key in one.access_keys if key.status == "Active"}
            yield User(one.arn, one.id, _policies(one), keys)

    def object(self, bucket: str, key: str) -> bytes | None:
        """The bytes of an object's newest version; None if there is none."""
        with self._lock:
            store = self._backend("s3").buckets.get(bucket)
            found = self._backend("s3").get_object(bucket, key) if store else None
            return None if found is None else bytes(found.value)

    def has_object(self, bucket: str, key: str) -> bool:
        with self._lock:
            return bucket in self._backend("s3").buckets and self._backend("s3").get_object(bucket, key) is not None

    def bucket_policy(self, bucket: str) -> str | None:
        """A bucket's policy (JSON); None without one."""
        with self._lock:
            found = self._backend("s3").buckets.get(bucket)
            return found.policy.decode() if found is not None and found.policy else None

    def public_access_block(self, bucket: str) -> frozenset[str]:
        """The switches that are on, in moto's names."""
        with self._lock:
            found = self._backend("s3").buckets.get(bucket)
            block = vars(found.public_access_block) if found is not None and found.public_access_block else {}
            return frozenset(name for name, on in block.items() if on is True)

    def has_access_lists(self, bucket: str) -> bool:
        """Whether objects may have access lists of their own: not unless the bucket's ownership controls say so."""
        with self._lock:
            found = self._backend("s3").buckets.get(bucket)
            return found is not None and found.ownership_rule in ("ObjectWriter", "BucketOwnerPreferred")

    def is_public_object(self, bucket: str, key: str) -> bool:
        """Whether an object's own access list lets everybody read it."""
        with self._lock:
            found = self._backend("s3").get_object(bucket, key) if bucket in self._backend("s3").buckets else None
            return bool(found is not None and found.acl and found.acl.public_read)

    def tagged(self) -> dict[str, dict[str, str]]:
        """The tags of buckets, repositories and log groups, by ARN."""
        with self._lock:
            held = {
                "s3": self._backend("s3").buckets.values(),
                "ecr": self._backend("ecr").repositories.values(),
                "logs": self._backend("logs").groups.values(),
            }
            return {
                one.arn: self._backend(service).tagger.get_tag_dict_for_resource(one.arn)
                for service, things in held.items()
                for one in things
            }

    def has_log_group(self, group: str) -> bool:
        with self._lock:
            return group in self._backend("logs").groups

    def has_log_stream(self, group: str, stream: str) -> bool:
        with self._lock:
            return stream in self._backend("logs").groups[group].streams

    def log(self, group: str, stream: str, lines: list[str]) -> None:
        """Put lines into CloudWatch Logs; both group and stream are made if need be."""
        with self._lock:
            logs = self._backend("logs")
            if group not in logs.groups:
                logs.create_log_group(group, {})
            if stream not in logs.groups[group].streams:
                logs.create_log_stream(group, stream)
            at = int(time.time() * 1000)
            logs.put_log_events(group, stream, [{"timestamp": at, "message": line} for line in lines])

    def put_metric(self, namespace: str, name: str, value: float, unit: str, dimensions: Mapping[str, str]) -> None:
        """Put a value into CloudWatch."""
        named = [{"Name": key, "Value": one} for key, one in dimensions.items()]
        datum = {"MetricName": name, "Value": value, "Unit": unit, "Dimensions": named, "Timestamp": utcnow()}
        with self._lock:
            self._backend("cloudwatch").put_metric_data(namespace, [datum])

    def _backend(self, service: str) -> Any:
        return get_backend(service)[ACCOUNT]["aws" if service in GLOBAL else REGION]  # type: ignore

    def _app(self, service: str) -> Any:
        if service not in self._apps:
            self._apps[service] = create_backend_app(service)  # type: ignore[arg-type]
        return self._apps[service]


def _backends(service: str) -> Iterator[Any]:
    for account in get_backend(service).values():  # type: ignore[call-overload]
        yield from account.values()


def _length(call: Call, headers: Any) -> dict[str, str]:
    """A HEAD answer has no body to count, so its length is passed on."""
    length = headers.get("content-length")
    return {"content-length": length} if call.raw.method == "HEAD" and length else {}


def _policies(one: Any) -> tuple[str, ...]:
    """The documents of a role or a user: its own, and those that are attached."""
    attached: Iterable[Any] = (_default(policy) for policy in one.managed_policies.values())
    return tuple(text(document) for document in (*one.policies.values(), *attached))


def _default(policy: Any) -> Any:
    """The document of a policy's version in force."""
    return next(version.document for version in policy.versions if version.is_default)


def text(document: Any) -> str:
    """A policy document as JSON, however moto keeps it."""
    return document if isinstance(document, str) else json.dumps(document)
