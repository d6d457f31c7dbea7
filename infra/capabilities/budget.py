"""Budget: what a stack may cost a month, kept in the account itself, which tells somebody as it is used up.

Each cloud implements, in infra/<cloud>/budget.py:

    class Budget(BudgetComponent):                                     # type "trifold:<cloud>:Budget"
        def __init__(self, name: str, spec: BudgetSpec, *, foundation: Foundation, opts: ResourceOptions | None = None)

One budget a calendar month, in US dollars, for what carries the stack's tag or lies in its group, with a notification
for each of NOTIFICATIONS. It stops nothing: no cloud here ends a resource because a budget is used up. Children as in
infra/capabilities/foundation.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Output

from infra.component import Component
from infra.naming import Names


@dataclass(frozen=True)
class Notification:
    """When somebody is told. percent: of the budget; forecast: by what the cloud expects for the whole month, instead
    of by what was spent."""

    percent: int
    forecast: bool = False


NOTIFICATIONS = (Notification(50), Notification(80), Notification(100), Notification(100, forecast=True))


@dataclass(frozen=True)
class BudgetSpec:
    """What a stack's budget is to be.

    names: makes explicit names (`names("budget")`). tags: project, stack, capability. dollars: US dollars a month.
    email: who is told; billing_account: Google's account that a budget belongs to. On AWS and Azure the e-mail is
    needed, on Google Cloud the billing account (without an e-mail, its administrators are told).
    """

    names: Names
    tags: Mapping[str, str]
    dollars: float
    email: str = ""
    billing_account: str = ""
    notifications: tuple[Notification, ...] = NOTIFICATIONS


class BudgetComponent(Component):
    """What every budget promises. id: the vendor's full identifier."""

    PROMISED = ("name", "id")

    name: Output[str]
    id: Output[str]
