"""Access on AWS: two roles, which a pipeline assumes with its own token, and an administrator by name."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from infra import needed
from infra.aws.foundation import of_role
from infra.capabilities.access import AccessComponent, AccessSpec
from trifold.facts.needs import needs, reads

# What a token of a pipeline is asked for, to be taken by AWS.
AUDIENCE = "sts.amazonaws.com"


class Access(AccessComponent):
    """The roles that deploy and preview a stack."""

    def __init__(self, name: str, spec: AccessSpec, opts: ResourceOptions | None = None) -> None:
        super().__init__("trifold:aws:Access", name, None, opts)
        pipeline = self._pipeline(name, spec)
        self.deploy = self._role(name, "deploy", spec, pipeline, spec.trust.deploy)
        self.preview = self._role(name, "preview", spec, pipeline, spec.trust.preview)
        self.promise()

    def _pipeline(self, name: str, spec: AccessSpec) -> Output[str]:
        """ARN of the provider that knows the pipeline's tokens."""
        if spec.trust.there:
            return Output.from_input(spec.trust.there)
        child = ResourceOptions(parent=self)
        made = aws.iam.OpenIdConnectProvider(
            f"{name}-pipeline", url=spec.trust.issuer, client_id_lists=[AUDIENCE], tags=dict(spec.tags), opts=child
        )
        return made.arn

    def _role(
        self, name: str, kind: str, spec: AccessSpec, pipeline: Output[str], subjects: tuple[str, ...]
    ) -> Output[str]:
        child = ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-{kind}",
            name=spec.names("role", kind),
            description=f"Assumed to {kind} one stack.",
            assume_role_policy=_trust(spec, pipeline, subjects),
            **of_role(spec.brought.role),
            tags=dict(spec.tags),
            opts=child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-{kind}-may",
            role=role.name,
            policy=json.dumps(granted(spec, reading=kind == "preview")),
            opts=child,
        )
        return Output.all(role.arn, policy.id).apply(lambda both: str(both[0]))


def granted(spec: AccessSpec, *, reading: bool) -> dict[str, Any]:
    """The policy: what the stack's resources take, each on the stack's own, or on "*" where AWS takes nothing else."""
    places = needed.places(spec.names, spec.brought)
    by_resource: dict[str, set[str]] = {}
    for need in needs("aws", spec.features).values():
        wanted = {action for action in need.actions if not reading or reads("aws", action)}
        for target in need.targets(places):
            by_resource.setdefault(target, set()).update(wanted)
    statements = [
        {"Effect": "Allow", "Action": sorted(actions), "Resource": resource}
        for resource, actions in by_resource.items()
        if actions
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _trust(spec: AccessSpec, pipeline: Output[str], subjects: tuple[str, ...]) -> Output[str]:
    return pipeline.apply(
        lambda arn: json.dumps({"Version": "2012-10-17", "Statement": list(_who(spec, arn, subjects))})
    )


def _who(spec: AccessSpec, pipeline: str, subjects: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    if subjects:
        host = spec.trust.issuer.removeprefix("https://")
        yield {
            "Effect": "Allow",
            "Principal": {"Federated": pipeline},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"{host}:aud": AUDIENCE, f"{host}:sub": list(subjects)}},
        }
    if spec.trust.principals:
        yield {"Effect": "Allow", "Principal": {"AWS": list(spec.trust.principals)}, "Action": "sts:AssumeRole"}
