"""What state says of resources that have other names now: no entry names another as it was before this run."""

import dataclasses
from collections.abc import Mapping

from trifold.engine import urn as urns
from trifold.engine.state import Resource


def renamed(resources: list[Resource]) -> list[Resource]:
    """The resources under the names that they have now; those that name something by an old name are copies."""
    names = _names(resources)
    return [_under(one, names) for one in resources] if names else resources


def _names(resources: list[Resource]) -> dict[str, str]:
    """{old URN: new one}, of resources found by an alias and of their children that the run has not come to yet."""
    names: dict[str, str] = {}
    for one in resources:
        names.update(dict.fromkeys(one.aliases, one.urn))
        parent = names.get(one.parent, "")
        if parent and not urns.is_root(parent):
            names[one.urn] = urns.make(urns.stack(one.urn), urns.project(one.urn), parent, one.type, one.name)
    return names


def _under(one: Resource, names: Mapping[str, str]) -> Resource:
    touched = one.aliases or any(urn in names for urn in (one.urn, one.provider_urn, *one.needs()))
    if not touched:
        return one

    def now(urn: str) -> str:
        return names.get(urn, urn)

    needs = {key: [now(urn) for urn in needed] for key, needed in one.property_dependencies.items()}
    if needs != one.property_dependencies:  # Pulumi writes those anew then that name something, and those only
        needs = {key: needed for key, needed in needs.items() if needed}
    provider, ident = urns.split_reference(one.provider) if one.provider else ("", "")
    return dataclasses.replace(
        one,
        urn=now(one.urn),
        aliases=[],
        parent=now(one.parent),
        provider=f"{now(provider)}::{ident}" if provider else "",
        dependencies=[now(urn) for urn in one.dependencies],
        property_dependencies=needs,
        deleted_with=now(one.deleted_with),
        replace_with=[now(urn) for urn in one.replace_with],
    )
