"""Access: the two identities that a pipeline works as for one stack: one deploys it, one only previews it.

Each cloud implements, in infra/<cloud>/access.py:

    class Access(AccessComponent):                                     # type "trifold:<cloud>:Access"
        def __init__(self, name: str, spec: AccessSpec, opts: ResourceOptions | None = None)

They are made by a program of their own (access/), by somebody who may grant, before the stack that they are for. What
each may do comes from trifold.facts.needs: all that the stack's resources take, and of it what reads. Neither has a
password or a key: a pipeline signs in with its own token (OpenID Connect), a person acts as them.
Children as in infra/capabilities/foundation.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pulumi import Output

from infra.brought import Brought
from infra.capabilities.foundation import Account
from infra.component import Component
from infra.naming import Names

GITHUB = "https://token.actions.githubusercontent.com"


@dataclass(frozen=True)
class Trust:
    """Who may work as the identities.

    issuer: of the pipeline's tokens; there: ARN of the AWS account's provider for it, "" to make it, of which an
    account takes one of each. deploy, preview: the tokens' subjects ("repo:me/mine:environment:prod",
    "repo:me/mine:pull_request"), exact. principals: who else may act as both, in the cloud's own words (an ARN;
    "user:me@example.com"); Azure has no such thing for its managed identities.
    """

    deploy: tuple[str, ...] = ()
    preview: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    issuer: str = GITHUB
    there: str = ""


@dataclass(frozen=True)
class AccessSpec:
    """Whose identities. names: of the stack that they are for; tags: as that stack's, with capability "access".
    brought: what that stack brings along; features: all that it turns on (infra.needed)."""

    account: Account
    names: Names
    tags: Mapping[str, str]
    trust: Trust
    brought: Brought = field(default_factory=Brought)
    features: frozenset[str] = frozenset()


class AccessComponent(Component):
    """What a pipeline signs in as: role ARN, client id, or e-mail."""

    PROMISED = ("deploy", "preview")

    deploy: Output[str]
    preview: Output[str]
