"""Who the Azure provider is: its subscription, its tenant, and the principal it acts as."""

import pulumi
from pulumi_azure_native import authorization

from infra.capabilities.foundation import Account, Pinned
from infra.errors import WrongAccount


def verify(settings: Pinned, opts: pulumi.InvokeOptions | None = None) -> Account:
    """The subscription in use. Raises WrongAccount unless it is the pinned one."""
    found = authorization.get_client_config(opts=opts)
    if found.subscription_id != settings.account:
        raise WrongAccount("subscription", settings.account, found.subscription_id, settings.stack)
    return Account("azure", found.subscription_id, settings.region, principal=found.object_id, tenant=found.tenant_id)
