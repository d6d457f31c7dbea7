"""Foundation on AWS: a container registry (ECR), and the role that SageMaker assumes for a stack's endpoints.

AWS has no resource group: what belongs together carries the same tags.
"""

import json

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from infra import keeping
from infra.capabilities.foundation import Account, FoundationComponent, FoundationSpec

UNTAGGED_DAYS = 30
# What an image pull needs of a repository. The token it also needs is the account's, see `_pull`.
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


class Foundation(FoundationComponent):
    """The home of a stack. role: the role's name, for those who grant it more."""

    role: Output[str]

    def __init__(self, name: str, spec: FoundationSpec, opts: ResourceOptions | None = None) -> None:
        super().__init__("trifold:aws:Foundation", name, None, opts)
        child = ResourceOptions(parent=self)
        self.account = spec.account
        repository = aws.ecr.Repository(
            f"{name}-registry",
            # The server's image is named `trifold-serving` below the registry on every cloud.
            name=f"{spec.names('registry')}/trifold-serving",
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "AES256"}],
            force_delete=not spec.keeps,
            tags=keeping.tags(spec.keeps, spec.tags),
            opts=keeping.options(spec.keeps, parent=self),
        )
        aws.ecr.LifecyclePolicy(
            f"{name}-registry-lifecycle",
            repository=repository.name,
            policy=json.dumps({"rules": [_drop_untagged(UNTAGGED_DAYS)]}),
            opts=keeping.options(spec.keeps, parent=self),
        )
        role = aws.iam.Role(
            f"{name}-endpoint",
            description="Assumed by SageMaker to start and log the endpoints of one stack.",
            assume_role_policy=json.dumps(_trust(spec.account)),
            tags=dict(spec.tags),
            opts=child,
        )
        pull = aws.iam.RolePolicy(
            f"{name}-endpoint-pull", role=role.name, policy=_pull(repository.arn, spec.account), opts=child
        )
        self.registry = repository.repository_url.apply(lambda url: url.removesuffix("/trifold-serving"))
        self.role = role.name
        # Whoever asks for the identity gets it with the grants it needs.
        self.identity = Output.all(role.arn, pull.id).apply(lambda both: str(both[0]))
        self.promise()


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
