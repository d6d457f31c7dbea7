"""Application Auto Scaling for SageMaker's variants: targets and policies are kept and read back; no load moves them.

moto's has no tags and no ARNs, and takes targets that do not exist.
"""

import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from trifold.local.aws.api.errors import AwsError, refused, validation
from trifold.local.aws.api.wire import Call
from trifold.local.aws.cloud import ACCOUNT, REGION

Key = tuple[str, str, str]
Handler = Callable[[Call], Awaitable[Mapping[str, Any]]]
WHERE = ("ServiceNamespace", "ResourceId", "ScalableDimension")
DIMENSION = "sagemaker:variant:DesiredInstanceCount"


class Scaling:
    """has_variant: whether an endpoint of that name has that variant."""

    def __init__(self, has_variant: Callable[[str, str], bool]) -> None:
        self._has_variant = has_variant
        self._targets: dict[Key, dict[str, Any]] = {}
        self._policies: dict[tuple[Key, str], dict[str, Any]] = {}
        self._tags: dict[str, dict[str, str]] = {}

    def handlers(self) -> dict[tuple[str, str], Handler]:
        own: list[Any] = [
            *(self.register_scalable_target, self.describe_scalable_targets, self.deregister_scalable_target),
            *(self.put_scaling_policy, self.describe_scaling_policies, self.delete_scaling_policy),
            *(self.list_tags_for_resource, self.tag_resource, self.untag_resource),
        ]
        names = {"".join(part.title() for part in method.__name__.split("_")): method for method in own}
        return {("application-autoscaling", name): method for name, method in names.items()}

    async def register_scalable_target(self, call: Call) -> Mapping[str, Any]:
        given = dict(call.parameters)
        key = self._checked(given)
        tags = given.pop("Tags", {})
        held = self._targets.get(key)
        if held is None:
            if "MinCapacity" not in given or "MaxCapacity" not in given:
                raise validation("Both MinCapacity and MaxCapacity must be specified for a new scalable target.")
            arn = f"arn:aws:application-autoscaling:{REGION}:{ACCOUNT}:scalable-target/{uuid.uuid4().hex[:24]}"
            held = {"ScalableTargetARN": arn, "CreationTime": _now(), "RoleARN": _role(), "SuspendedState": NOTHING}
        changed = {**held, **given}
        if changed["MinCapacity"] > changed["MaxCapacity"]:
            raise validation("Maximum capacity cannot be less than minimum capacity.")
        self._targets[key] = changed
        self._tags.setdefault(held["ScalableTargetARN"], {}).update(tags)
        return {"ScalableTargetARN": held["ScalableTargetARN"]}

    async def describe_scalable_targets(self, call: Call) -> Mapping[str, Any]:
        wanted = call.parameters.get("ResourceIds")
        found = [one for one in self._targets.values() if _fits(one, call) and wanted in (None, [])]
        found += [one for one in self._targets.values() if _fits(one, call) and one["ResourceId"] in (wanted or [])]
        return {"ScalableTargets": found}

    async def deregister_scalable_target(self, call: Call) -> Mapping[str, Any]:
        held = self._targets.pop(self._known(call), {})
        self._tags.pop(held["ScalableTargetARN"], None)
        for at in [at for at in self._policies if at[0] == _key(call.parameters)]:
            del self._policies[at]
        return {}

    async def put_scaling_policy(self, call: Call) -> Mapping[str, Any]:
        given = dict(call.parameters)
        at = (self._known(call), given["PolicyName"])
        if given.get("PolicyType") != "TargetTrackingScaling":
            raise refused(f"the PolicyType {given.get('PolicyType', 'StepScaling')} of PutScalingPolicy")
        resource = f"resource/{given['ServiceNamespace']}/{given['ResourceId']}:policyName/{given['PolicyName']}"
        arn = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:scalingPolicy:{uuid.uuid4()}:{resource}"
        held = self._policies.get(at, {"PolicyARN": arn, "CreationTime": _now(), "Alarms": []})
        self._policies[at] = {**held, **given}
        return {"PolicyARN": held["PolicyARN"], "Alarms": []}

    async def describe_scaling_policies(self, call: Call) -> Mapping[str, Any]:
        names, resource = call.parameters.get("PolicyNames"), call.parameters.get("ResourceId")
        found = [
            one
            for one in self._policies.values()
            if _fits(one, call) and (not names or one["PolicyName"] in names) and resource in (None, one["ResourceId"])
        ]
        return {"ScalingPolicies": found}

    async def delete_scaling_policy(self, call: Call) -> Mapping[str, Any]:
        at = (_key(call.parameters), call.parameters["PolicyName"])
        if at not in self._policies:
            policy = f"{_said(call.parameters)}, policy name: {call.parameters['PolicyName']}"
            raise AwsError("ObjectNotFoundException", f"No scaling policy found for {policy}")
        del self._policies[at]
        return {}

    async def list_tags_for_resource(self, call: Call) -> Mapping[str, Any]:
        return {"Tags": self._tags_of(call)}

    async def tag_resource(self, call: Call) -> Mapping[str, Any]:
        self._tags_of(call).update(call.parameters["Tags"])
        return {}

    async def untag_resource(self, call: Call) -> Mapping[str, Any]:
        for key in call.parameters["TagKeys"]:
            self._tags_of(call).pop(key, None)
        return {}

    def _tags_of(self, call: Call) -> dict[str, str]:
        arn = call.parameters["ResourceARN"]
        if arn not in self._tags:
            raise AwsError("ResourceNotFoundException", f"The resource {arn} does not exist.")
        return self._tags[arn]

    def _known(self, call: Call) -> Key:
        key = _key(call.parameters)
        if key not in self._targets:
            raise AwsError("ObjectNotFoundException", f"No scalable target found for {_said(call.parameters)}")
        return key

    def _checked(self, given: Mapping[str, Any]) -> Key:
        """The key of a target that can be: a variant that is there."""
        if given["ServiceNamespace"] != "sagemaker" or given["ScalableDimension"] != DIMENSION:
            raise refused(f"scaling {given['ScalableDimension']} of {given['ServiceNamespace']}")
        parts = given["ResourceId"].split("/")
        if len(parts) != 4 or (parts[0], parts[2]) != ("endpoint", "variant"):
            raise validation("Unsupported service namespace, resource type or scalable dimension")
        if not self._has_variant(parts[1], parts[3]):
            raise validation(f"The production variant {parts[3]} of endpoint {parts[1]} does not exist.")
        return _key(given)


NOTHING = {
    "DynamicScalingInSuspended": False,
    "DynamicScalingOutSuspended": False,
    "ScheduledScalingSuspended": False,
}


def _role() -> str:
    """The service-linked role that AWS makes for it."""
    path = "aws-service-role/sagemaker.application-autoscaling.amazonaws.com"
    return f"arn:aws:iam::{ACCOUNT}:role/{path}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"


def _now() -> datetime:
    return datetime.now(UTC)


def _key(values: Mapping[str, Any]) -> Key:
    return values["ServiceNamespace"], values["ResourceId"], values["ScalableDimension"]


def _said(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{label}: {values[name]}" for label, name in zip(LABELS, WHERE, strict=True))


# AWS names all three: "No scalable target found for service namespace: ecs, resource ID: ..., ..."; so does moto.
LABELS = ("service namespace", "resource ID", "scalable dimension")


def _fits(one: Mapping[str, Any], call: Call) -> bool:
    wanted: Iterable[str] = ("ServiceNamespace", "ScalableDimension")
    return all(call.parameters.get(name) in (None, one[name]) for name in wanted)
