"""APIs on Google Cloud: enabled, and waited for until they answer.

Left on by a destroy: other stacks in the project may use them.
"""

from collections.abc import Iterable

import pulumi
import pulumi_gcp as gcp
from pulumi import ResourceOptions

from infra.capabilities.foundation import Account
from trifold.plugin.resources.gcpservices import ServicesInUse, ServicesInUseArgs


def enabled(
    name: str, services: Iterable[str], account: Account, parent: pulumi.Resource, waited: Iterable[str] | None = None
) -> list[pulumi.Resource]:
    """What must be there before any of them is called. waited: those that are called soon, if not all of them."""
    wanted = tuple(services)
    made: list[pulumi.Resource] = [_service(name, service, account, parent) for service in wanted]
    in_use = ServicesInUse(
        f"{name}-services",
        ServicesInUseArgs(
            project=account.id, region=account.region, services=list(wanted if waited is None else waited)
        ),
        opts=ResourceOptions(parent=parent, depends_on=made),
    )
    return [*made, in_use]


def _service(name: str, service: str, account: Account, parent: pulumi.Resource) -> gcp.projects.Service:
    return gcp.projects.Service(
        f"{name}-service-{service}",
        service=f"{service}.googleapis.com",
        project=account.id,
        disable_on_destroy=False,
        opts=ResourceOptions(parent=parent),
    )
