"""Access on Google Cloud: two service accounts with a custom role each, and a pool that knows a pipeline's tokens."""

import pulumi_gcp as gcp
from pulumi import Output, ResourceOptions

from infra.capabilities.access import AccessComponent, AccessSpec
from infra.gcp import services
from trifold.facts.needs import actions

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
            permissions=list(actions("gcp", reading=kind == "preview")),
            opts=child,
        )
        may = gcp.projects.IAMMember(
            f"{name}-{kind}-may", project=spec.account.id, role=role.name, member=account.member, opts=child
        )
        for number, subject in enumerate(subjects):
            self._let_in(f"{name}-{kind}-pipeline-{number}", account, "roles/iam.workloadIdentityUser",
                         Output.concat("principal://iam.googleapis.com/", pool, "/subject/", subject))  # fmt: skip
        for number, principal in enumerate(spec.trust.principals):
            self._let_in(f"{name}-{kind}-person-{number}", account, "roles/iam.serviceAccountTokenCreator",
                         Output.from_input(principal))  # fmt: skip
        return Output.all(account.email, may.id).apply(lambda both: str(both[0]))

    def _let_in(self, name: str, account: gcp.serviceaccount.Account, role: str, member: Output[str]) -> None:
        gcp.serviceaccount.IAMMember(
            name, service_account_id=account.name, role=role, member=member, opts=ResourceOptions(parent=self)
        )


def _only(subjects: tuple[str, ...]) -> str:
    """A condition of the Common Expression Language."""
    return " || ".join(f"assertion.sub == '{one}'" for one in subjects) or "false"
