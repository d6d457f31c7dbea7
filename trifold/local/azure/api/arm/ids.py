"""Resource ids: from a request's path to what it names, and back. Ids compare without case."""

from dataclasses import dataclass

GROUPS = "Microsoft.Resources/resourceGroups"
SUBSCRIPTIONS = "Microsoft.Resources/subscriptions"


@dataclass(frozen=True)
class ResourceId:
    """One resource. scope: the id it lies under ("" for a subscription); type: as in the path; names: one a level."""

    scope: str
    type: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.names[-1]

    @property
    def text(self) -> str:
        if self.type == SUBSCRIPTIONS:
            return f"/subscriptions/{self.name}"
        if self.type == GROUPS:
            return f"{self.scope}/resourceGroups/{self.name}"
        namespace, *kinds = self.type.split("/")
        steps = "/".join(f"{kind}/{name}" for kind, name in zip(kinds, self.names, strict=True))
        return f"{self.scope}/providers/{namespace}/{steps}"

    @property
    def key(self) -> str:
        return self.text.lower()

    @property
    def parent(self) -> "ResourceId | None":
        """The resource it is nested in by type; None at the top of its provider."""
        if len(self.names) < 2 or self.type in (GROUPS, SUBSCRIPTIONS):
            return None
        return ResourceId(self.scope, self.type.rpartition("/")[0], self.names[:-1])

    @property
    def group(self) -> str:
        """The id of the resource group it lies in; "" outside of any."""
        steps = self.scope.split("/")
        return "/".join(steps[:5]) if len(steps) >= 5 and steps[3].lower() == "resourcegroups" else ""

    @property
    def group_name(self) -> str:
        return self.group.rpartition("/")[2]

    def child(self, kind: str, name: str) -> "ResourceId":
        return ResourceId(self.scope, f"{self.type}/{kind}", (*self.names, name))


@dataclass(frozen=True)
class Target:
    """What a path names. id: the resource, None where only a collection is named; tail: the collection's or the
    action's last step; namespace: the provider, for what has no resource at all."""

    id: ResourceId | None
    tail: str = ""
    collection: str = ""
    scope: str = ""


def parse(path: str) -> Target:
    """The target of a path below management.azure.com; ValueError for one that is no resource's path."""
    head, found, rest = _last_provider(path)
    if not found:
        return _above_providers(head)
    namespace, *steps = rest.strip("/").split("/")
    kinds, names = steps[0::2], steps[1::2]
    if len(steps) % 2 == 0 and steps:
        return Target(ResourceId(head, "/".join([namespace, *kinds]), tuple(names)))
    tail = steps[-1] if steps else ""
    collection = "/".join([namespace, *kinds])
    owner = ResourceId(head, "/".join([namespace, *kinds[:-1]]), tuple(names)) if names else None
    return Target(owner, tail, collection, head)


def resource_id(text: str) -> ResourceId:
    """The id that a text spells; ValueError where it spells none."""
    target = parse(text)
    if target.id is None or target.tail:
        raise ValueError(f"{text} is not the id of a resource")
    return target.id


def _last_provider(path: str) -> tuple[str, bool, str]:
    at = path.lower().rfind("/providers/")
    return (path[:at], True, path[at + len("/providers/") :]) if at >= 0 else (path.rstrip("/"), False, "")


def _above_providers(path: str) -> Target:
    steps = path.strip("/").split("/")
    if steps[0].lower() != "subscriptions" or len(steps) > 5:
        raise ValueError(f"{path} is not the path of a resource")
    if len(steps) == 1:
        return Target(None, "subscriptions", SUBSCRIPTIONS)
    subscription = ResourceId("", SUBSCRIPTIONS, (steps[1],))
    if len(steps) == 2:
        return Target(subscription)
    scope = subscription.text
    if steps[2].lower() != "resourcegroups":
        if len(steps) > 3:
            raise ValueError(f"{path} is not the path of a resource")
        return Target(subscription, steps[2], "", scope)
    if len(steps) == 3:
        return Target(None, "resourceGroups", GROUPS, scope)
    group = ResourceId(scope, GROUPS, (steps[3],))
    return Target(group) if len(steps) == 4 else Target(group, steps[4], "", group.text)
