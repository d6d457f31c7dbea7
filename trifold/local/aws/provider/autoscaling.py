"""Application Auto Scaling: the bounds of a variant's instances, and the policy that moves them."""

from typing import Any

from trifold.local.aws.provider.base import gone, lower, tag_changes, upper
from trifold.local.aws.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Autoname, ResourceType, Values

MISSING = "ObjectNotFoundException"
TRACKING = "targetTrackingScalingPolicyConfiguration"


class Target(Resource):
    supported = supports("maxCapacity minCapacity region resourceId roleArn scalableDimension serviceNamespace tags")

    def make(self, session: Session, inputs: Values) -> str:
        more = {"RoleARN": inputs["roleArn"]} if inputs.get("roleArn") else {}
        tags = session.tags(inputs)
        self._client(session, inputs).register_scalable_target(
            **_where(inputs),
            MinCapacity=inputs["minCapacity"],
            MaxCapacity=inputs["maxCapacity"],
            **more,
            **({"Tags": tags} if tags else {}),
        )
        return inputs["resourceId"]

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = self._client(session, inputs)
        known = {"ServiceNamespace": inputs.get("serviceNamespace", "sagemaker"), "ResourceIds": [id]}
        found = client.describe_scalable_targets(**known)["ScalableTargets"]
        if not found:
            return None
        one = found[0]
        arn = one.get("ScalableTargetARN", "")
        tags = client.list_tags_for_resource(ResourceARN=arn)["Tags"] if arn else {}
        return {
            **session.tag_outputs(tags),
            "resourceId": id,
            "scalableDimension": one["ScalableDimension"],
            "serviceNamespace": one["ServiceNamespace"],
            "minCapacity": one["MinCapacity"],
            "maxCapacity": one["MaxCapacity"],
            "roleArn": one.get("RoleARN", ""),
            "suspendedState": lower(one.get("SuspendedState", {})),
            "arn": arn,
            "region": session.region,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        self.make(session, inputs)
        client = self._client(session, inputs)
        _, removed = tag_changes(session, old, inputs)
        if removed:
            client.untag_resource(ResourceARN=old["arn"], TagKeys=removed)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = self._client(session, outputs)
        gone(lambda: client.deregister_scalable_target(**_where(outputs)), MISSING)

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("resourceId")

    def _client(self, session: Session, inputs: Values) -> Any:
        return session.client("application-autoscaling", inputs.get("region"))


class Policy(Resource):
    supported = supports(f"name policyType region resourceId scalableDimension serviceNamespace {TRACKING}")

    def make(self, session: Session, inputs: Values) -> str:
        session.client("application-autoscaling", inputs.get("region")).put_scaling_policy(
            **_where(inputs),
            PolicyName=inputs["name"],
            PolicyType=inputs.get("policyType") or "StepScaling",
            **({"TargetTrackingScalingPolicyConfiguration": upper(inputs[TRACKING])} if inputs.get(TRACKING) else {}),
        )
        return inputs["name"]

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("application-autoscaling", inputs.get("region"))
        found = client.describe_scaling_policies(
            PolicyNames=[id],
            ServiceNamespace=inputs.get("serviceNamespace", "sagemaker"),
            **({"ResourceId": inputs["resourceId"]} if inputs.get("resourceId") else {}),
        )["ScalingPolicies"]
        if not found:
            return None
        one = found[0]
        tracking = one.get("TargetTrackingScalingPolicyConfiguration")
        return {
            "name": id,
            "arn": one["PolicyARN"],
            "policyType": one["PolicyType"],
            "resourceId": one["ResourceId"],
            "scalableDimension": one["ScalableDimension"],
            "serviceNamespace": one["ServiceNamespace"],
            "alarmArns": [alarm["AlarmARN"] for alarm in one.get("Alarms", [])],
            "region": session.region,
            **({TRACKING: lower(tracking)} if tracking else {}),
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        self.make(session, inputs)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("application-autoscaling", outputs.get("region"))
        gone(lambda: client.delete_scaling_policy(PolicyName=id, **_where(outputs)), MISSING)

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("name")


def _where(values: Values) -> dict[str, str]:
    names = {
        "ServiceNamespace": "serviceNamespace",
        "ResourceId": "resourceId",
        "ScalableDimension": "scalableDimension",
    }
    return {name: values[key] for name, key in names.items()}


TYPES = (
    ResourceType("aws:appautoscaling/target:Target", "pulumi_aws.appautoscaling.target:TargetArgs", Target()),
    ResourceType(
        "aws:appautoscaling/policy:Policy",
        "pulumi_aws.appautoscaling.policy:PolicyArgs",
        Policy(),
        autoname=Autoname("name", 255, unique_with=("resourceId", "scalableDimension", "serviceNamespace")),
    ),
)
