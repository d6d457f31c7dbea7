"""What a stack's settings ask of who deploys it, as trifold.facts.needs names it: its features, and what each place of
the table is there."""

from collections.abc import Mapping
from dataclasses import fields

from infra.brought import Brought, Existing
from infra.naming import Names

# What turns on more and names nothing that is there already.
PLAIN = ("scaling", "ephemeral", "budget")
STACKS_OWN = "*"
Places = Mapping[str, tuple[str, ...]]


def features(brought: Brought, plain: tuple[str, ...] = (), *, email: bool = True) -> frozenset[str]:
    """plain: of PLAIN. email: whether a budget tells somebody by e-mail."""
    given = brought.existing
    told = {
        **{f"existing.{one.name}": getattr(given, one.name) for one in fields(Existing)},
        "existing.container": "/containers/" in given.store,
        "budget.email": "budget" in plain and email,
        "network": brought.network,
        "network.make": brought.network and brought.network.made,
        "network.zones": brought.network and brought.network.made and not brought.network.zones,
        "key": brought.key,
        "role.boundary": brought.role.boundary,
    }
    return frozenset((*plain, *(feature for feature, on in told.items() if on)))


def places(names: Names, brought: Brought, billing: str = "") -> Places:
    """What each {name} of the table is; nothing for what the stack has not. billing: Google's billing account."""
    found = {"aws": _aws, "azure": _azure, "gcp": _gcp}[names.cloud](names, brought)
    kept = {name: (one,) if isinstance(one, str) else one for name, one in found.items()}
    return {**kept, "billing": _any(f"billingAccounts/{billing}" if billing else "")}


def registry(names: Names) -> str:
    """The repository of the server's image on AWS, as infra/aws/foundation.py makes it."""
    return f"{names('registry')}/trifold-serving"


def _aws(names: Names, brought: Brought) -> dict[str, str | tuple[str, ...]]:
    network, there = brought.network, brought.existing
    return {
        "region": names.region,
        "account": names.account,
        "bucket": there.store or names("bucket"),
        "registry": registry(names),
        "endpoint": names("endpoint"),
        "budget": names("budget"),
        # What is granted on all of a kind, by what their names begin with.
        **{kind: names.beginning(kind) for kind in ("model", "configuration")},
        "path": brought.role.path,
        "key": _any(brought.key),
        "identity": _any(there.identity),
        "repository": _any(there.registry),
        # Of the VPC, which only its owner knows.
        "owner": "*",
        "network": _any(network.network if network else ""),
        "subnet": network.subnets if network else (),
        "group": network.security_groups if network else (),
        "routes": network.route_tables if network else (),
    }


def _azure(names: Names, brought: Brought) -> dict[str, str | tuple[str, ...]]:
    network, there, key = brought.network, brought.existing, brought.key.partition("/versions/")[0]
    own = f"/subscriptions/{names.account}/"
    zones = tuple(network.zones.values()) if network else ()
    return {
        "home": there.home or f"{own}resourceGroups/{names('group')}",
        "store": there.store.partition("/blobServices/")[0] or STACKS_OWN,
        "registry": there.registry or STACKS_OWN,
        "identity": there.identity or STACKS_OWN,
        "workspace": there.workspace or STACKS_OWN,
        "vault": there.vault or STACKS_OWN,
        # Where the endpoints' identity is given roles.
        "granted": tuple(dict.fromkeys(one or STACKS_OWN for one in (there.registry, there.store))),
        "network": _any(network.network if network else ""),
        "subnet": network.subnets if network else (),
        "zone": zones or (STACKS_OWN,),
        "key": _any(key),
        "key_here": _any(key if _within(key, own) else ""),
        "logs_here": _any(there.logs if _within(there.logs, own) else ""),
    }


def _gcp(names: Names, brought: Brought) -> dict[str, str | tuple[str, ...]]:
    there = brought.existing
    return {
        "store": f"//storage.googleapis.com/b/{there.store}" if there.store else STACKS_OWN,
        "registry": f"//artifactregistry.googleapis.com/{there.registry}" if there.registry else STACKS_OWN,
        "identity": f"//iam.googleapis.com/projects/{names.account}/serviceAccounts/{there.identity}"
        if there.identity
        else STACKS_OWN,
        "key": _any(brought.key),
    }


def _any(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _within(id: str, home: str) -> bool:
    return id.lower().startswith(home.lower())
