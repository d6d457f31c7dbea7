"""Foundation on Google Cloud: a container registry (Artifact Registry), and the service account endpoints run as.

The project is the home: Google has no group within it, so what belongs together carries the same labels.
"""

import pulumi
import pulumi_gcp as gcp
from pulumi import Output, ResourceOptions

from infra import keeping
from infra.capabilities.foundation import FoundationComponent, FoundationSpec
from infra.gcp import existing, keys, network, services

KEPT_IMAGES = 20
# The APIs that a stack calls and a new project has off.
SERVICES = ("aiplatform", "artifactregistry", "iam", "storage")


class Foundation(FoundationComponent):
    """The home of a stack. member: the identity, as grants name it. services: what must be on, and be granted, before
    anything else. key: what encrypts all, or ""."""

    key: str
    member: Output[str]
    services: list[pulumi.Resource]

    def __init__(self, name: str, spec: FoundationSpec, opts: ResourceOptions | None = None) -> None:
        super().__init__("trifold:gcp:Foundation", name, None, opts)
        self.account, self.brought, there = spec.account, spec.brought, spec.brought.existing
        self.services = services.enabled(name, SERVICES, spec.account, self)
        self.key = existing.key(spec.brought.key, self) if spec.brought.key else ""
        if self.key:
            ready = ResourceOptions(parent=self, depends_on=self.services)
            self.services = [*self.services, *keys.grants(name, spec, ready, self)]
        if spec.brought.network:
            network.warn(self)
        # Vertex AI's own agent pulls the image, and may do so in its own project without a grant.
        self.registry = existing.registry(there.registry, self) if there.registry else self._registry(name, spec)
        account = existing.account(there.identity, self) if there.identity else self._account(name, spec)
        self.identity, self.member = account.email, account.member
        self.promise()

    def _registry(self, name: str, spec: FoundationSpec) -> Output[str]:
        repository = gcp.artifactregistry.Repository(
            f"{name}-registry",
            repository_id=spec.names("registry"),
            project=spec.account.id,
            location=spec.account.region,
            format="DOCKER",
            description="Images of the endpoints of one stack.",
            docker_config={"immutable_tags": True},
            cleanup_policies=[_keep_newest(KEPT_IMAGES), _drop_untagged()],
            **keys.of_named(self.key),
            labels=keeping.tags(spec.keeps, spec.tags),
            opts=keeping.options(spec.keeps, parent=self, depends_on=self.services),
        )
        return Output.concat(repository.location, "-docker.pkg.dev/", repository.project, "/", repository.repository_id)

    def _account(self, name: str, spec: FoundationSpec) -> existing.Account:
        account = gcp.serviceaccount.Account(
            f"{name}-endpoint",
            account_id=spec.names("account"),
            project=spec.account.id,
            display_name="Endpoints of one stack",
            description="Endpoints run as this account. It may do nothing but what the stack grants it by name.",
            opts=ResourceOptions(parent=self, depends_on=self.services),
        )
        return existing.Account(account.email, account.member)


def _keep_newest(number: int) -> gcp.artifactregistry.RepositoryCleanupPolicyArgsDict:
    return {"id": "keep-newest", "action": "KEEP", "most_recent_versions": {"keep_count": number}}


def _drop_untagged() -> gcp.artifactregistry.RepositoryCleanupPolicyArgsDict:
    """What is older than 30 days and not among the newest."""
    return {"id": "drop-old", "action": "DELETE", "condition": {"tag_state": "ANY", "older_than": "2592000s"}}
