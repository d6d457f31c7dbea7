"""Resource Manager: from a checked request to the resource it names, its kind's hooks, and an answer."""

import json
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from trifold.local.azure.api import schema
from trifold.local.azure.api.arm import actions, authorization, subscriptions
from trifold.local.azure.api.arm.ids import GROUPS, SUBSCRIPTIONS, ResourceId, Target, parse
from trifold.local.azure.api.arm.kinds import Act, Kind, Made, Put
from trifold.local.azure.api.arm.longrunning import FOLLOWED
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.entra import MANAGEMENT, Caller
from trifold.local.azure.api.errors import AzureError, refused
from trifold.local.azure.api.operations import ACTIONS, Accepted, accepted
from trifold.local.azure.api.wire import Raw, Reply, json_reply
from trifold.local.azure.cloud import SUBSCRIPTION

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure


class Manager:
    def __init__(self, azure: "Azure", kinds: Mapping[str, Kind]) -> None:
        self._azure = azure
        self._kinds = {kind.type.lower(): kind for kind in kinds.values()}

    async def handle(self, raw: Raw) -> Reply:
        """The answer to one request to the management host; raises AzureError."""
        if special := subscriptions.public(raw):
            return special
        caller = self._azure.entra.caller(raw, MANAGEMENT)
        version = raw.parameters.get("api-version", "")
        if not version:
            raise AzureError("MissingApiVersionParameter", "The api-version query parameter (?api-version=) is "
                             "required for all requests.")  # fmt: skip
        try:
            target = parse(raw.plain_path)
        except ValueError:
            raise refused(f"the path {raw.plain_path}") from None
        self._own_subscription(raw.plain_path)
        authorization.check(self._azure, caller, actions.operation(raw, target), raw)
        if self._azure.rules:
            self._azure.rules.admit(raw, target, caller)
        if target.id and not target.tail and target.id.type.rpartition("/")[2].lower() in FOLLOWED:
            return self._operation(raw, target.id)
        if answered := subscriptions.answer(self._azure, raw, target, caller):
            return answered
        return await self._route(raw, target, caller, version)

    async def _route(self, raw: Raw, target: Target, caller: Caller, version: str) -> Reply:
        if target.id and not target.tail:
            kind, declared = self._kind(target.id.type, version)
            _only_known_query(raw, kind)
            method = getattr(self, f"_{raw.method.lower()}", None)
            if method is None:
                raise refused(f"{raw.method} on {kind.type}")
            return await method(raw, kind, declared, target.id, caller, version)
        if target.tail and raw.method == "GET" and target.collection.lower() in self._kinds:
            kind, _ = self._kind(target.collection, version)
            _only_known_query(raw, kind)
            return self._list(raw, kind, target)
        if target.tail and target.id:
            kind, _ = self._kind(target.id.type, version)
            _only_known_query(raw, kind)
            return await self._act(raw, kind, target, caller, version)
        raise refused(f"{raw.method} on {target.collection or raw.plain_path}")

    def _own_subscription(self, path: str) -> None:
        steps = path.strip("/").split("/")
        if steps[0].lower() == "subscriptions" and len(steps) > 1 and steps[1].lower() != SUBSCRIPTION:
            raise AzureError("SubscriptionNotFound", f"The subscription '{steps[1]}' could not be found.", 404)

    def _kind(self, type: str, version: str) -> tuple[Kind, Accepted]:
        kind, declared = self._kinds.get(type.lower()), accepted(type)
        if kind is None or declared is None:
            raise refused(f"the resource type '{type}'")
        if version not in declared.versions:
            raise AzureError("NoRegisteredProviderFound", f"No registered resource provider found for API version "
                             f"'{version}' and type '{kind.type}'. The supported api-versions are "
                             f"'{', '.join(declared.versions)}'.")  # fmt: skip
        return kind, declared

    async def _get(
        self, raw: Raw, kind: Kind, declared: Accepted, id: ResourceId, caller: Caller, version: str
    ) -> Reply:
        return json_reply(200, self._shown(kind, self._existing(id)))

    async def _head(
        self, raw: Raw, kind: Kind, declared: Accepted, id: ResourceId, caller: Caller, version: str
    ) -> Reply:
        return Reply(204 if self._azure.store.get(id) else 404)

    async def _put(
        self, raw: Raw, kind: Kind, declared: Accepted, id: ResourceId, caller: Caller, version: str
    ) -> Reply:
        self._parents(id)
        body = schema.check(declared.model, _body(raw), declared.paths, f"{kind.type} PUT")
        return await self._make(kind, id, body, caller, version)

    async def _patch(
        self, raw: Raw, kind: Kind, declared: Accepted, id: ResourceId, caller: Caller, version: str
    ) -> Reply:
        if not declared.patchable:
            raise refused(f"PATCH on {kind.type}")
        old = self._existing(id)
        given = schema.check(declared.patch or declared.model, _body(raw), declared.paths, f"{kind.type} PATCH")
        writable = schema.writable(declared.model, old.body)
        return await self._make(kind, id, _merged(writable, given), caller, version)

    async def _make(self, kind: Kind, id: ResourceId, body: dict[str, Any], caller: Caller, version: str) -> Reply:
        old, rules = self._azure.store.get(id), self._azure.rules
        id = old.id if old else id
        if rules:
            rules.writable(id)
        made = await kind.put(Put(self._azure, id, body, old, caller))
        resource = Resource(id, kind.type, made.body, made.hidden)
        if old:
            resource.created = old.created
        elif rules:
            rules.made(resource)
        self._azure.store.put(resource)
        return self._answer_put(kind, made, resource, caller, version, new=old is None)

    def _answer_put(self, kind: Kind, made: Made, resource: Resource, caller: Caller, version: str, new: bool) -> Reply:
        headers = {}
        status = kind.created if new else 200
        if made.work is None:
            self._azure.activity.done("write", resource.id, caller)
        else:
            running = self._azure.operations.start(resource.id, self._written(made.work(resource), resource, caller))
            headers = self._azure.operations.headers(running, kind.type.partition("/")[0], version)
            status = kind.slow_create if new else 200
            if status == 202:
                return Reply(202, headers)
            headers.pop("location")
        return json_reply(status, self._shown(kind, resource), headers)

    async def _written(self, work: Coroutine[Any, Any, Any], resource: Resource, caller: Caller) -> Any:
        done = await work
        self._azure.activity.done("write", resource.id, caller)
        return done

    async def _delete(
        self, raw: Raw, kind: Kind, declared: Accepted, id: ResourceId, caller: Caller, version: str
    ) -> Reply:
        found, rules = self._azure.store.get(id), self._azure.rules
        if not kind.deletable:
            raise AzureError("MethodNotAllowed", f"{kind.type} can't be deleted.", 405)
        purges = raw.parameters.get("forcetopurge", "").lower() == "true"
        if found is None:
            return self._purge(id, caller) if purges else Reply(204)
        if rules:
            rules.writable(id)
            found.hidden["purged"] = purges
        if not kind.slow_delete:
            await self._remove(found, caller)
            return Reply(200)
        running = self._azure.operations.start(found.id, self._remove(found, caller))
        return Reply(202, self._azure.operations.headers(running, kind.type.partition("/")[0], version))

    def _purge(self, id: ResourceId, caller: Caller) -> Reply:
        """A deleted workspace's name is free again; 204 where there is none."""
        rules = self._azure.rules
        if rules is None or not rules.deleted.purge_workspace(id):
            return Reply(204)
        self._azure.activity.done("delete", id, caller)
        return Reply(200)

    async def _remove(self, resource: Resource, caller: Caller) -> None:
        await self.remove(resource)
        self._azure.activity.done("delete", resource.id, caller)

    async def remove(self, resource: Resource) -> None:
        """Delete a resource and all under it, innermost first."""
        doomed = [*self._azure.store.below(resource.id), resource]
        for one in doomed:
            one.hidden["deleting"] = True  # so that a deployment's traffic is no reason to keep it
        try:
            for one in doomed:
                kind = self._kinds.get(one.kind.lower())
                if kind is not None:
                    await kind.delete(self._azure, one)
                self._azure.store.drop(one.id)
                if self._azure.rules:
                    self._azure.rules.deleted.keep(one)
        finally:
            for one in doomed:
                one.hidden["deleting"] = False  # where something was a reason to keep it

    def _list(self, raw: Raw, kind: Kind, target: Target) -> Reply:
        owner = target.id.text if target.id else target.scope
        if target.id:
            self._existing(target.id)
        elif target.scope and "/resourcegroups/" in target.scope.lower():
            self._group(target.scope)
        found = [one for one in self._azure.store.of_kind(kind.type, owner) if self._azure.settled(one)]
        if kind.listed:
            found = kind.listed(found, raw.parameters)
        return json_reply(200, {"value": [self._shown(kind, one) for one in found]})

    async def _act(self, raw: Raw, kind: Kind, target: Target, caller: Caller, version: str) -> Reply:
        assert target.id is not None
        table = kind.actions if raw.method == "POST" else kind.views if raw.method == "GET" else {}
        name = next((one for one in table if one.lower() == target.tail.lower()), None)
        if name is None:
            raise refused(f"{raw.method} {kind.type}/{target.tail}")
        resource = self._existing(target.id)
        declared = ACTIONS.get((kind.type, name))
        body = _body(raw) if raw.body else {}
        if declared and declared.model:
            body = schema.check(declared.model, body, declared.paths, f"{kind.type}/{name}")
        elif body:
            raise refused(f"a request body of {kind.type}/{name}")
        answer = await table[name](Act(self._azure, resource, body, caller, raw.parameters))
        if answer.work is not None:
            running = self._azure.operations.start(resource.id, answer.work)
            return Reply(202, self._azure.operations.headers(running, kind.type.partition("/")[0], version))
        return json_reply(200, answer.body) if answer.body is not None else Reply(200)

    def _operation(self, raw: Raw, id: ResourceId) -> Reply:
        if id.type.lower().endswith("status"):
            return self._azure.operations.status(id.name)
        return self._azure.operations.result(raw, id.name)

    def _shown(self, kind: Kind, resource: Resource) -> dict[str, Any]:
        return kind.shown(self._azure, resource) if kind.shown else resource.shown()

    def _existing(self, id: ResourceId) -> Resource:
        found = self._azure.store.get(id)
        if found is None:
            self._parents(id)
            raise not_found(id)
        return found

    def _parents(self, id: ResourceId) -> None:
        """The group and the resource it is nested in must be there."""
        if id.group:
            self._group(id.group)
        parent = id.parent
        while parent and parent.type.lower() in subscriptions.IMPLICIT:
            parent = parent.parent
        if parent and self._azure.store.get(parent) is None:
            raise AzureError("ParentResourceNotFound", f"Failed to perform 'write' on resource(s) of type '{id.type}', "
                             f"because the parent resource '{parent.text}' could not be found.", 404)  # fmt: skip
        if id.type.lower().startswith("microsoft.authorization/") and not id.group:
            return
        if not id.group and id.type not in (GROUPS, SUBSCRIPTIONS):
            raise refused(f"the resource type '{id.type}' outside of a resource group")

    def _group(self, group: str) -> None:
        if self._azure.store.get(group) is None:
            name = group.rpartition("/")[2]
            raise AzureError("ResourceGroupNotFound", f"Resource group '{name}' could not be found.", 404)


def _only_known_query(raw: Raw, kind: Kind) -> None:
    for name, value in raw.parameters.items():
        if name != "api-version" and name not in kind.query and value:
            raise refused(f"the query parameter '{name}' of {kind.type}")


def not_found(id: ResourceId) -> AzureError:
    if id.type == GROUPS:
        return AzureError("ResourceGroupNotFound", f"Resource group '{id.name}' could not be found.", 404)
    what = f"{id.type}/{id.name}"
    return AzureError("ResourceNotFound", f"The Resource '{what}' under resource group '{id.group_name}' was not "
                      "found. For more details please go to https://aka.ms/ARMResourceNotFoundFix", 404)  # fmt: skip


def _body(raw: Raw) -> Any:
    try:
        return json.loads(raw.body or b"{}")
    except ValueError as error:
        raise AzureError("InvalidRequestContent", f"The request content was invalid and could not be deserialized: "
                         f"'{error}'.") from None  # fmt: skip


def _merged(old: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON merge patch; tags, as Resource Manager has it, replace the old ones as a whole."""
    made = dict(old)
    for name, value in given.items():
        if name != "tags" and isinstance(value, Mapping) and isinstance(made.get(name), Mapping):
            made[name] = _merged(made[name], value)
        else:
            made[name] = value
    return made
