"""The errors of provisioning, all for the user: what, where, next.

Each is a RunError too, so that Pulumi ends the program with the text alone and no traceback.
"""

from pulumi import RunError

from trifold.errors import UserError


class SettingsError(UserError, RunError):
    """A stack's settings are wrong; raised before any resource is registered."""


class WrongAccount(UserError, RunError):
    """The credentials in use belong to another account than the stack pins; raised before anything is registered."""

    def __init__(self, noun: str, pinned: str, found: str, stack: str) -> None:
        super().__init__(
            f"the stack is pinned to {noun} {pinned}, and the credentials in use belong to {found or 'none'}",
            where=f"Pulumi.{stack}.yaml: trifold:account",
            next=f"use credentials of {pinned}, or pin {found or 'the right one'} in the stack file",
        )


class UnsupportedCapability(UserError, RunError):
    """A cloud cannot give a capability. nearest: the cloud's own nearest thing; link: the vendor's page on it."""

    def __init__(self, cloud: str, capability: str, reason: str, nearest: str, link: str) -> None:
        super().__init__(f"{cloud} cannot give {capability}: {reason}", where=link, next=f"nearest is {nearest}")
        self.cloud, self.capability, self.nearest, self.link = cloud, capability, nearest, link
