"""Access on Google Cloud: two service accounts with a custom role each, and a pool that knows a pipeline's tokens.

The roles are the project's, so they end there: a right to the billing account, or to a key of another project, is its
owner's to give (`trifold doctor` says the command). On a key of the project the accounts have a role of their own.
"""

import pulumi
import pulumi_gcp as gcp
from pulumi import Output, ResourceOptions

from infra.capabilities.access import AccessComponent, AccessSpec
from infra.gcp import services
from trifold.facts.needs import needs, reads
from trifold.facts.needs.gcp import ELSEWHERE, KEY

# The APIs that a pipeline signs in through, and a new project has off; and that which is called here.
SERVICES, WAITED = ("cloudresourcemanager", "iam", "iamcredentials", "sts"), ("iam",)
MAPPING = {"google.subject": "assertion.sub"}


class Access(AccessComponent):
    """The service accounts that deploy and preview a stack."""

    def __init__(self, name: str, spec: AccessSpec, opts: ResourceOptions | None = None) -> None:
        super().__init__("trifold:gcp:Access", name, None, opts)
        self._ready = services.enabled(name, SERVICES, spec.account, self, WAITED)
        child = ResourceOptions(parent=self, depends_on=self._ready)
        pool = gcp.iam.WorkloadIdentityPool(
            f"{name}-pool",
            workload_identity_pool_id=spec.names("pool"),
            project=spec.account.id,
            display_name="Pipelines of one stack",
            opts=child,
        )
        pipeline = gcp.iam.WorkloadIdentityPoolProvider(
            f"{name}-pipeline",
            workload_identity_pool_id=pool.workload_identity_pool_id,
            workload_identity_pool_provider_id="pipeline",
            project=spec.account.id,
            attribute_mapping=MAPPING,
            # Without a condition anybody's pipeline of the same issuer would be let into the pool.
            attribute_condition=_only((*spec.trust.deploy, *spec.trust.preview)),
            oidc={"issuer_uri": spec.trust.issuer},
            opts=child,
        )
        pooled = Output.all(pool.name, pipeline.id).apply(lambda both: str(both[0]))
        self.deploy = self._account(name, "deploy", spec, pooled, spec.trust.deploy)
        self.preview = self._account(name, "preview", spec, pooled, spec.trust.preview)
        self.promise()

    def _account(
        self, name: str, kind: str, spec: AccessSpec, pool: Output[str], subjects: tuple[str, ...]
    ) -> Output[str]:
        child = ResourceOptions(parent=self, depends_on=self._ready)
        account = gcp.serviceaccount.Account(
            f"{name}-{kind}",
            account_id=spec.names("account", kind),
            project=spec.account.id,
            display_name=f"To {kind} one stack",
            opts=child,
        )
        role = gcp.projects.IAMCustomRole(
            f"{name}-{kind}-role",
            role_id=spec.names("role", kind),
            project=spec.account.id,
            title=f"To {kind} one stack",
            permissions=granted(spec, reading=kind == "preview"),
            opts=child,
        )
        may = gcp.projects.IAMMember(
            f"{name}-{kind}-may", project=spec.account.id, role=role.name, member=account.member, opts=child
        )
        if spec.brought.key.startswith(f"projects/{spec.account.id}/"):
            self._uses_key(name, kind, spec, account)
        elif spec.brought.key:
            pulumi.warn(f"{spec.brought.key} is of another project, whose owner grants on it: trifold doctor", self)
        for number, subject in enumerate(subjects):
            self._let_in(f"{name}-{kind}-pipeline-{number}", account, "roles/iam.workloadIdentityUser",
                         Output.concat("principal://iam.googleapis.com/", pool, "/subject/", subject))  # fmt: skip
        for number, principal in enumerate(spec.trust.principals):
            self._let_in(f"{name}-{kind}-person-{number}", account, "roles/iam.serviceAccountTokenCreator",
                         Output.from_input(principal))  # fmt: skip
        return Output.all(account.email, may.id).apply(lambda both: str(both[0]))

    def _uses_key(self, name: str, kind: str, spec: AccessSpec, account: gcp.serviceaccount.Account) -> None:
        """A role on the one key: in the project it would be one on all keys."""
        child = ResourceOptions(parent=self, depends_on=self._ready)
        role = gcp.projects.IAMCustomRole(
            f"{name}-{kind}-key-role",
            role_id=spec.names("role", f"{kind}key"),
            project=spec.account.id,
            title=f"To {kind} one stack: its key",
            permissions=granted(spec, reading=kind == "preview", on=(KEY,)),
            opts=child,
        )
        gcp.kms.CryptoKeyIAMMember(
            f"{name}-{kind}-key-may",
            crypto_key_id=spec.brought.key,
            role=role.name,
            member=account.member,
            opts=child,
        )

    def _let_in(self, name: str, account: gcp.serviceaccount.Account, role: str, member: Output[str]) -> None:
        gcp.serviceaccount.IAMMember(
            name, service_account_id=account.name, role=role, member=member, opts=ResourceOptions(parent=self)
        )


def granted(spec: AccessSpec, *, reading: bool, on: tuple[str, ...] = ()) -> list[str]:
    """The permissions of a role: those that are asked of something in the project, or of `on` instead."""
    wanted = (one for one in needs("gcp", spec.features).values() if (one.on in on if on else one.on not in ELSEWHERE))
    found = {action for need in wanted for action in need.actions}
    return sorted(action for action in found if not reading or reads("gcp", action))


def _only(subjects: tuple[str, ...]) -> str:
    """A condition of the Common Expression Language."""
    return " || ".join(f"assertion.sub == '{one}'" for one in subjects) or "false"
