"""The one way in: identify, authenticate, refuse what is not declared, check against Google's documents, then act."""

import inspect
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from trifold.local import issuer
from trifold.local.contract import Context
from trifold.local.gcp.api import discovery, schema
from trifold.local.gcp.api.access import Access
from trifold.local.gcp.api.budgets import Budgets, Channels
from trifold.local.gcp.api.errors import GoogleError, invalid, not_found, refused
from trifold.local.gcp.api.federation import Tokens
from trifold.local.gcp.api.hostile.gate import HostileGate
from trifold.local.gcp.api.iam import ServiceAccounts
from trifold.local.gcp.api.identity import Identities
from trifold.local.gcp.api.operations import OPERATIONS, read_only_of
from trifold.local.gcp.api.partial import select
from trifold.local.gcp.api.pools import Pools
from trifold.local.gcp.api.projects import Projects, Services
from trifold.local.gcp.api.registry import Repositories
from trifold.local.gcp.api.storage import batch, uploads, xml
from trifold.local.gcp.api.storage.buckets import Buckets
from trifold.local.gcp.api.storage.content import Contents
from trifold.local.gcp.api.storage.objects import Objects
from trifold.local.gcp.api.storage.store import Store
from trifold.local.gcp.api.vertex.service import Vertex
from trifold.local.gcp.api.wire import Call, Raw, Reply, json_reply
from trifold.local.gcp.cloud import SERVICE_HOSTS

SERVICES = {host: service for service, hosts in SERVICE_HOSTS.items() for host in hosts}
Handler = Callable[[Call], Any]
log = logging.getLogger("trifold.local.gcp")


class Gate:
    def __init__(self, context: Context) -> None:
        self._identities = Identities(context.state)
        if key := context.environment.get("GOOGLE_APPLICATION_CREDENTIALS"):
            self._identities.trust(json.loads(Path(key).read_text()))
        self._access = Access(context.hostile)
        self._hostile = HostileGate(context.hostile)
        store = self._store = Store(Contents(context.state / "objects"))
        accounts = ServiceAccounts(self._identities, self._access, context.hostile)
        repositories, pools = Repositories(self._access), Pools()
        self._tokens = Tokens(pools, self._identities, issuer.beside(context.state))
        self._objects = Objects(store, self._access)
        self._vertex = Vertex(context, self._identities, accounts, store, self._access)
        channels = Channels()
        self._handlers: dict[str, Mapping[str, Handler]] = {
            "storage": {**Buckets(store, self._access).handlers(), **self._objects.handlers()},
            "iam": {**accounts.handlers(), **self._access.roles.handlers(), **pools.handlers()},
            "iamcredentials": {"projects.serviceAccounts.generateAccessToken": accounts.generate_token},
            "cloudresourcemanager": Projects(self._access).handlers(),
            "serviceusage": Services(self._hostile.activation).handlers(),
            "artifactregistry": repositories.handlers(),
            "billingbudgets": Budgets(channels).handlers(),
            "monitoring": channels.handlers(),
            "aiplatform": self._vertex.handlers(),
        }
        # Resources that have policies of their own; Cloud Storage asks for its buckets' itself.
        of_accounts = accounts.policies
        self._own = {"iam": of_accounts, "iamcredentials": of_accounts, "artifactregistry": repositories.policies}

    async def handle(self, raw: Raw) -> Reply:
        """The answer to one request; never raises."""
        service = service_of(raw.host)
        try:
            self._hostile.admit(service, raw)
            return await self._answer(service, raw)
        except GoogleError as error:
            return _failure(service, error)
        except Exception:
            log.exception("%s %s%s failed", raw.method, raw.host, raw.path)
            return _failure(service, GoogleError("INTERNAL", "The local Google Cloud failed; see its log."))

    async def close(self) -> None:
        await self._vertex.close()

    async def _answer(self, service: str, raw: Raw) -> Reply:
        if service == "sts":
            return self._tokens.exchange(raw)
        if service == "oauth2":
            if raw.path != "/token":
                raise refused(f"{raw.method} {raw.path} of oauth2.googleapis.com")
            return self._identities.token(raw)
        query = dict(parse_qsl(raw.query, keep_blank_values=True))
        if service == "storage":
            if raw.path == "/batch/storage/v1":
                return await batch.answer(raw, self.handle)
            if xml.is_xml(raw):
                return xml.answer(raw, self._access, self._store)
            if "upload_id" in query:
                return self._objects.sessions.go_on(raw, query["upload_id"])
        call = self._call(service, _plain(service, raw), query)
        self._hostile.before(call)
        answer = self._handlers[service][call.name](call)
        result = await answer if inspect.isawaitable(answer) else answer
        return _reply(call, result)

    def _call(self, service: str, raw: Raw, query: Mapping[str, str]) -> Call:
        """The request understood, authenticated and checked. Raises what Google answers otherwise."""
        found = discovery.find(service, raw.method, raw.path)
        if found is None:
            raise _unknown(raw)
        method, path = found
        caller = self._caller(service, raw)
        operation = OPERATIONS.get((service, method.name))
        if operation is None or method.name not in self._handlers[service]:
            raise refused(f"the method {service}.{method.name}")
        checked = schema.check_query(method, query)
        body, content = _body(method, raw, checked)
        schema.check_declared(
            f"{service}.{method.name}", checked, body, (*operation.fields_acting, *operation.fields_stored)
        )
        call = Call(service, method.name, path, checked, body, caller, raw, content)
        if service != "storage":
            own = self._own[service].about(call) if service in self._own else ()
            self._access.require(caller, service, method.name, call.address, *own)
        return call

    def _caller(self, service: str, raw: Raw) -> str:
        """Cloud Storage alone also answers nobody in particular, where a policy lets everybody in."""
        if service == "storage" and "authorization" not in raw.headers:
            return ""
        return self._identities.caller(raw.headers)


def service_of(host: str) -> str:
    plain = host.partition(":")[0].lower()
    if plain.endswith(".prediction.vertexai.goog"):
        return "aiplatform"
    return SERVICES.get(plain, "storage")


def _body(method: discovery.Method, raw: Raw, query: Mapping[str, str]) -> tuple[Any, bytes]:
    """(checked body, uploaded content)."""
    if method.name.endswith("endpoints.rawPredict"):
        return {}, raw.body
    try:
        if method.name == "objects.insert":
            given, content = uploads.parts(raw, query.get("uploadType", ""))
        else:
            given, content = (json.loads(raw.body) if raw.body.strip() else None), b""
    except ValueError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from None
    body = schema.check_body(method, given, read_only_of(method))
    return schema.masked(body, query["updateMask"]) if "updateMask" in query else body, content


def _reply(call: Call, result: Any) -> Reply:
    if isinstance(result, Reply):
        return result
    if result is None:
        return Reply(204)
    fields = call.query.get("fields", "")
    headers = {"etag": result["etag"]} if call.service == "storage" and "etag" in result else {}
    return json_reply(select(result, fields) if fields else result, headers=headers)


def _plain(service: str, raw: Raw) -> Raw:
    """Google's REST clients of Vertex AI ask for operations below /ui/, which is the same as /v1/."""
    below = service == "aiplatform" and raw.path.startswith("/ui/")
    return replace(raw, path=f"/v1/{raw.path.removeprefix('/ui/')}") if below else raw


def _failure(service: str, error: GoogleError) -> Reply:
    headers = {"content-type": "application/json; charset=UTF-8"}
    return Reply(error.http, headers, error.body(service == "storage"))


def _unknown(raw: Raw) -> GoogleError:
    return not_found(f"The requested URL {raw.path} was not found on this server.")
