"""Foundation on AWS: a container registry (ECR), and the role that SageMaker assumes for a stack's endpoints.

AWS has no resource group: what belongs together carries the same tags.
"""

import json
from typing import Any

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from infra import keeping
from infra.aws import existing, keys, network
from infra.brought import Network, Role
from infra.capabilities.foundation import Account, FoundationComponent, FoundationSpec

UNTAGGED_DAYS = 30
# What an image pull needs of a repository. The token it also needs is the account's, see `_pull`.
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


class Foundation(FoundationComponent):
    """The home of a stack. role: the role's name, for those who grant it more. key: what encrypts all, or ""."""

    role: Output[str]
    key: str

    def __init__(self, name: str, spec: FoundationSpec, opts: ResourceOptions | None = None) -> None:
        super().__init__("trifold:aws:Foundation", name, None, opts)
        self.account, self.brought = spec.account, spec.brought
        self.key = existing.key(spec.brought.key, self) if spec.brought.key else ""
        repository, role = self._registry(name, spec), self._role(name, spec)
        grants = self._grants(name, repository, role)
        if network := spec.brought.network:
            self._enclose(name, spec, network, repository, role)
        self.registry = repository.url.apply(lambda url: url.rpartition("/")[0])
        self.role = role.name
        # Whoever asks for the identity gets it with the grants it needs.
        self.identity = Output.all(role.arn, *(one.id for one in grants)).apply(lambda found: str(found[0]))
        self.promise()

    def _registry(self, name: str, spec: FoundationSpec) -> existing.Repository:
        if arn := spec.brought.existing.registry:
            return existing.registry(arn, self)
        child = keeping.options(spec.keeps, parent=self)
        repository = aws.ecr.Repository(
            f"{name}-registry",
            # The server's image is named `trifold-serving` below the registry on every cloud.
            name=f"{spec.names('registry')}/trifold-serving",
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[keys.of_repository(self.key)],
            force_delete=not spec.keeps,
            tags=keeping.tags(spec.keeps, spec.tags),
            opts=child,
        )
        aws.ecr.LifecyclePolicy(
            f"{name}-registry-lifecycle",
            repository=repository.name,
            policy=json.dumps({"rules": [_drop_untagged(UNTAGGED_DAYS)]}),
            opts=child,
        )
        return existing.Repository(repository.arn, repository.repository_url, repository.name)

    def _role(self, name: str, spec: FoundationSpec) -> existing.Role:
        if arn := spec.brought.existing.identity:
            return existing.role(arn, self)
        role = aws.iam.Role(
            f"{name}-endpoint",
            description="Assumed by SageMaker to start and log the endpoints of one stack.",
            assume_role_policy=json.dumps(_trust(spec.account)),
            **of_role(spec.brought.role),
            tags=dict(spec.tags),
            opts=ResourceOptions(parent=self),
        )
        return existing.Role(role.arn, role.name)

    def _grants(self, name: str, repository: existing.Repository, role: existing.Role) -> list[aws.iam.RolePolicy]:
        """What the role may do before there is an endpoint: pull, read what the key encrypts, enter the network."""
        documents = {"pull": _pull(repository.arn, self.account)}
        if self.key:
            documents["decrypt"] = keys.decrypt(self.key, self.account.region)
        if self.brought.network:
            documents["network"] = network.interfaces(self.brought.network, self.account)
        return [
            aws.iam.RolePolicy(
                f"{name}-endpoint-{what}", role=role.name, policy=document, opts=ResourceOptions(parent=self)
            )
            for what, document in documents.items()
        ]

    def _enclose(
        self, name: str, spec: FoundationSpec, private: Network, repository: existing.Repository, role: existing.Role
    ) -> None:
        """The ways into the cloud's services, and a registry that answers in the network only."""
        child = ResourceOptions(parent=self)
        if private.made:
            network.private_endpoints(name, private, spec.account.region, spec.tags, child)
        if not spec.brought.existing.registry:
            statement = network.outside(private, role.arn, network.IMAGES)
            aws.ecr.RepositoryPolicy(
                f"{name}-registry-inside",
                repository=repository.name,
                policy=Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]}),
                opts=keeping.options(spec.keeps, parent=self),
            )


def of_role(given: Role) -> dict[str, Any]:
    """How a role is made where an organisation has rules for that; nothing where it has none."""
    made = {"path": given.path if given.path != "/" else "", "permissions_boundary": given.boundary}
    return {name: value for name, value in made.items() if value}


def _trust(account: Account) -> dict[str, object]:
    """SageMaker alone may assume the role, and only on behalf of this account (no confused deputy)."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account.id}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def _pull(repository: Output[str], account: Account) -> Output[str]:
    statements = [
        {"Effect": "Allow", "Action": list(PULL), "Resource": repository},
        # ECR's token is not of any resource, so AWS takes nothing but "*" here.
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
    ]
    return Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


def _drop_untagged(days: int) -> dict[str, object]:
    """An image that an endpoint runs has a tag, and tags cannot be moved: none of those ever goes by itself."""
    return {
        "rulePriority": 1,
        "description": f"drop images without a tag after {days} days",
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": days,
        },
        "action": {"type": "expire"},
    }
