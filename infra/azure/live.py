"""What an endpoint that is there already looks like, asked of the provider while the program runs.

Resource Manager's PUT replaces: an OnlineEndpoint that is updated without `traffic` has none afterwards, and answers
nobody until it is set again. `ignore_changes` does not help, since it keeps what the program said before, which was
nothing. So a run that is going to change the endpoint itself sends the weights of the day along, and only such a run:
otherwise the resource would show a change each time that traffic moves.
"""

import re
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import machinelearningservices as ml

from infra.naming import Names

MISSING = re.compile(r"NotFound|not found|404|does not exist", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """What the program is going to say of the endpoint. identity: the id of its user-assigned identity; place: the
    resource group and the workspace that it lies in; public: whether it answers the internet."""

    tags: dict[str, str]
    identity: str
    place: tuple[str, str]
    public: str


def traffic_to_keep(names: Names, wanted: Wanted, parent: pulumi.Resource) -> dict[str, int] | None:
    """The endpoint's present weights, if it is there, has some, and is going to be changed; None otherwise.

    parent: the component that asks; its provider answers.
    """
    try:
        found = ml.get_online_endpoint(
            endpoint_name=names("endpoint"),
            resource_group_name=wanted.place[0],
            workspace_name=wanted.place[1],
            opts=pulumi.InvokeOptions(parent=parent),
        )
    except Exception as error:
        if MISSING.search(str(error)):
            return None
        raise
    properties = found.properties
    weights = {name: int(weight) for name, weight in (getattr(properties, "traffic", None) or {}).items() if weight}
    return weights if weights and _differs(found, wanted) else None


def _differs(found: ml.GetOnlineEndpointResult, wanted: Wanted) -> bool:
    identities = getattr(found.identity, "user_assigned_identities", None) or {}
    same_identity = [one.lower() for one in identities] == [wanted.identity.lower()]
    public = getattr(found.properties, "public_network_access", None) or wanted.public
    return dict(found.tags or {}) != wanted.tags or not same_identity or public != wanted.public
