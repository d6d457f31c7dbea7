"""Reads what a stack brings along (`existing`, `network`, `key`, `role`, `tags`) and notes what is wrong with it: the
shape of each id, whose and where it is, and what the cloud has no such thing for."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from infra import ids, tags
from infra.brought import EXISTING, MAKE, Brought, Existing, Network, Role
from infra.errors import UnsupportedCapability
from infra.reading import Reader

PARTS = tuple(one.name for one in fields(Existing))
NAMES = {"aws": "AWS", "azure": "Azure", "gcp": "Google Cloud"}
ROLE_KEYS = ("path", "permissionsBoundary")
# Where the logs of an endpoint go on AWS, whatever one would like: SageMaker takes no other name.
LOG_GROUP = "/aws/sagemaker/Endpoints/{}"


@dataclass(frozen=True)
class Place:
    """Whose stack, and where. endpoint: the name that its endpoint has."""

    cloud: str
    account: str
    region: str
    endpoint: str


class Bringing(Reader):
    """The reader of one stack's configuration, with what the stack brings along."""

    _place: Place

    def brought(self, place: Place) -> Brought:
        """All of it. Raises UnsupportedCapability for a part that the cloud does not have."""
        self._place = place
        return Brought(self._existing(), self._network(), self._key(), self._role())

    def mandatory(self, cloud: str) -> dict[str, str]:
        """The tags that everything is to carry beside the kit's own."""
        given = {
            str(key): str(value) for key, value in self._structured("tags", meaning="an object: name -> value").items()
        }
        for key, value in given.items():
            if problem := tags.problem(cloud, key, value):
                self._note(f"tags.{key}", problem)
        if len(given) > tags.MOST:
            self._note("tags", f"are {len(given)}, and the kit's own come to them; at most {tags.MOST}")
        return given

    def _existing(self) -> Existing:
        given = self._object("existing", PARTS)
        found: dict[str, str] = {}
        for part in PARTS:
            if not given.get(part):
                continue
            form = ids.EXISTING[self._place.cloud][part]
            if isinstance(form, ids.Missing):
                raise self._unsupported(form)
            found[part] = self._id(f"existing.{part}", given[part], form)
        self._together(found)
        return Existing(**found)

    def _together(self, found: Mapping[str, str]) -> None:
        """What follows from a part, or excludes another."""
        group = LOG_GROUP.format(self._place.endpoint)
        if self._place.cloud == "aws" and found.get("logs") and not found["logs"].endswith(f":log-group:{group}"):
            self._note("existing.logs", f"SageMaker logs this stack's endpoint to {group}, and nowhere else")
        if self._place.cloud == "azure" and found.get("workspace"):
            for part in ("vault", "logs"):
                if found.get(part):
                    self._note(f"existing.{part}", "does nothing beside existing.workspace, which has its own")

    def _network(self) -> Network | None:
        lists = ids.NETWORK_LISTS[self._place.cloud]
        zones = ("zones",) if self._place.cloud == "azure" else ()
        given = self._object("network", ("network", "endpoints", *lists, *zones))
        if not given:
            return None
        found = Network(
            network=self._id("network.network", given.get("network"), ids.NETWORK[self._place.cloud]),
            endpoints=self._endpoints(given.get("endpoints", MAKE)),
            zones=self._zones(given.get("zones") or {}),
            **{_snake(key): self._list(f"network.{key}", given.get(key), many) for key, many in lists.items()},
        )
        self._fits(found)
        return found

    def _fits(self, found: Network) -> None:
        """What a network must have with the private endpoints that are made, and need not have with others'."""
        if self._place.cloud == "aws" and found.made != bool(found.route_tables):
            asked = "are required: S3's endpoint is one of routes" if found.made else "do nothing"
            self._note("network.routeTables", f"{asked} with network.endpoints: {found.endpoints}")
        if self._place.cloud != "azure":
            return
        if found.made != bool(found.subnets):
            asked = "is required: private endpoints lie in it" if found.made else "does nothing"
            self._note("network.subnets", f"{asked} with network.endpoints: {found.endpoints}")
        for subnet in found.subnets:
            if not subnet.lower().startswith(f"{found.network.lower()}/subnets/"):
                self._note("network.subnets", f"{subnet!r} is none of network.network")
        for address in found.trusted:
            if not _public(address):
                self._note("network.trusted", f"{address!r} is no public range, and Azure takes no other")

    def _endpoints(self, given: Any) -> str:
        if given not in (MAKE, EXISTING):
            self._note("network.endpoints", f"{given!r} is neither; allowed: {MAKE}, {EXISTING}")
            return MAKE
        return str(given)

    def _zones(self, given: Any) -> dict[str, str]:
        """All zones, or none: half of them would leave names that lead outside."""
        if not isinstance(given, Mapping):
            self._note("network.zones", f"must be an object: a zone's name -> its id, of {', '.join(ids.ZONES)}")
            return {}
        if given and set(given) != set(ids.ZONES):
            self._note("network.zones", f"must name all of {', '.join(ids.ZONES)}, and no other")
        return {zone: self._id(f"network.zones.{zone}", given[zone], ids.ZONE) for zone in given}

    def _key(self) -> str:
        given = self._given("key")
        return self._id("key", given, ids.KEY[self._place.cloud]) if given else ""

    def _role(self) -> Role:
        given = self._object("role", ROLE_KEYS)
        if given and self._place.cloud != "aws":
            self._note("role", "is for AWS only: the others have neither path nor boundary; use existing.identity")
            return Role()
        path, boundary = given.get("path"), given.get("permissionsBoundary")
        return Role(
            self._id("role.path", path, ids.PATH) if path else "/",
            self._id("role.permissionsBoundary", boundary, ids.BOUNDARY) if boundary else "",
        )

    def issuer(self, place: Place, url: str) -> str:
        """ARN of the AWS account's own provider of a pipeline's tokens, "" where it has none."""
        given = self.text("issuerThere", "")
        if not given:
            return ""
        if place.cloud != "aws":
            self._note("issuerThere", "is for AWS only: elsewhere each identity has its own")
            return ""
        self._place = place
        found = self._id("issuerThere", given, ids.ISSUER)
        if not found.endswith(f":oidc-provider/{url.removeprefix('https://')}"):
            self._note("issuerThere", f"{found!r} is not of {url}, which signs the tokens (trifold:issuer)")
        return found

    def _object(self, key: str, allowed: tuple[str, ...]) -> dict[str, Any]:
        """An object of the stack file, whose keys must be the allowed ones."""
        given = self._structured(key, meaning=f"an object with any of {', '.join(allowed)}")
        for unknown in sorted(set(given) - set(allowed)):
            self._note(
                f"{key}.{unknown}", f"is not a setting on {NAMES[self._place.cloud]}; allowed: {', '.join(allowed)}"
            )
        return given

    def _list(self, key: str, given: Any, many: ids.Many) -> tuple[str, ...]:
        listed = given if isinstance(given, list) else [] if given is None else [given]
        if not many.least <= len(listed) <= many.most:
            self._note(key, f"are {len(listed)}, not {many.least} to {many.most}, such as [{many.form.example}]")
        return tuple(self._id(key, one, many.form) for one in listed)

    def _id(self, key: str, given: Any, form: ids.Form) -> str:
        """An id of a form, of the stack's own account and region."""
        found = str(given or "")
        match = form.match(found)
        if match is None:
            problem = f"{found!r} is none" if found else "is required"
            self._note(key, f"{problem}; it looks like {form.example} ({form.source})")
            return found
        for place, pinned in (("account", self._place.account), ("region", self._place.region)):
            named = match.groupdict().get(place)
            if named and named.lower() != pinned.lower():
                self._note(key, f"{found!r} is of {place} {named}, and the stack is of {pinned}")
        return found

    def _unsupported(self, missing: ids.Missing) -> UnsupportedCapability:
        return UnsupportedCapability(
            NAMES[self._place.cloud], missing.what, missing.reason, missing.nearest, missing.link
        )


def _snake(key: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)


def _public(address: str) -> bool:
    try:
        return ipaddress.IPv4Network(address).is_global
    except ValueError:
        return False
