"""Who the AWS provider is: the account its credentials belong to, and its region."""

import pulumi
import pulumi_aws as aws

from infra.capabilities.foundation import Account, Pinned
from infra.errors import WrongAccount


def verify(settings: Pinned, opts: pulumi.InvokeOptions | None = None) -> Account:
    """The account in use. Raises WrongAccount unless it is the pinned one."""
    found = aws.get_caller_identity(opts=opts)
    if found.account_id != settings.account:
        raise WrongAccount("account", settings.account, found.account_id, settings.stack)
    return Account("aws", found.account_id, settings.region, principal=found.arn)
