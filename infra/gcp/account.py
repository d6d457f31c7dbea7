"""Who the Google Cloud provider is: the project it works in, by id and number."""

import pulumi
import pulumi_gcp as gcp

from infra.capabilities.foundation import Account, Pinned
from infra.errors import WrongAccount


def verify(settings: Pinned, opts: pulumi.InvokeOptions | None = None) -> Account:
    """The project in use. Raises WrongAccount unless it is the pinned one."""
    found = gcp.organizations.get_project(opts=opts)
    if found.project_id != settings.account:
        raise WrongAccount("project", settings.account, str(found.project_id), settings.stack)
    return Account("gcp", str(found.project_id), settings.region, number=str(found.number))
