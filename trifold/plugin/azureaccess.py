"""Azure's role assignments: when they are in effect.

"When you assign roles or remove role assignments, it can take up to 10 minutes for changes to take effect"
(https://learn.microsoft.com/azure/role-based-access-control/troubleshooting). azure-native returns at once, and what
comes next is refused. So what needs a grant waits for Azure to say that it is in effect: its checkAccess, which the
portal's "Check access" asks, tells it of any principal. Storage and registries keep answers of their own for a while
yet; that is not to be seen from outside.
"""

import time
from typing import Any

from trifold.plugin.resource_manager import resource_manager
from trifold.protocol.declaration import ResourceType, Values

VERSION = "2018-09-01-preview"
LONGEST_SECONDS = 600.0
FIRST_WAIT, LONGEST_WAIT = 0.25, 5.0


class NotInEffect(Exception):
    """A grant that Azure still does not know of."""


class RolesInEffect:
    """Nothing of its own in Azure: it is there once a principal may do all of some actions at a scope."""

    def create(self, session: Any, inputs: Values) -> tuple[str, Values]:
        wait(resource_manager(session), inputs)
        return f"{inputs['scope']}/principals/{inputs['principalId']}", dict(inputs)

    def read(self, session: Any, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        return id, dict(inputs), dict(inputs)

    def delete(self, session: Any, id: str, outputs: Values) -> None:
        """A grant's end is not waited for."""


def wait(arm: Any, inputs: Values, longest: float = LONGEST_SECONDS) -> None:
    """Returns once it is so. Raises NotInEffect after ten minutes, which is what Azure takes at most."""
    pause, until = FIRST_WAIT, time.monotonic() + longest
    while missing := _missing(arm, inputs):
        if time.monotonic() > until:
            raise NotInEffect(
                f"{inputs['principalId']} still may not do {', '.join(missing)} at {inputs['scope']}, {longest:.0f} s "
                "after it was granted: look at its role assignments there (az role assignment list --assignee "
                f"{inputs['principalId']} --scope {inputs['scope']}), and run `pulumi up` once more"
            )
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_WAIT)


def _missing(arm: Any, inputs: Values) -> list[str]:
    """The actions that are not allowed yet."""
    asked = [{"Id": one, "IsDataAction": data} for name, data in (("actions", False), ("dataActions", True))
             for one in inputs.get(name) or []]  # fmt: skip
    body = {
        "Subject": {"Attributes": {"ObjectId": inputs["principalId"]}},
        "Actions": asked,
        "Resource": {"Id": inputs["scope"]},
    }
    answer = arm.post(f"{inputs['scope']}/providers/Microsoft.Authorization/checkAccess", VERSION, body)
    return [str(one["actionId"]) for one in answer if one["accessDecision"] != "Allowed"]


TYPES = (
    ResourceType(
        "trifold:azureaccess:RoleInEffect",
        "trifold.plugin.resources.azureaccess:RoleInEffectArgs",
        RolesInEffect(),
        replace=("principalId", "scope", "actions", "dataActions", "assignment"),
    ),
)
