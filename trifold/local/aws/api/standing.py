"""What the account may do and have: IAM's simulation of policies, SageMaker's quotas, and which regions are on.

Read only; hostile/quota.py enforces the quotas. The one region is always on.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from trifold.facts.load import prices
from trifold.local.aws.api import rights
from trifold.local.aws.api.emulator import Emulator
from trifold.local.aws.api.errors import AwsError
from trifold.local.aws.api.identity import ADMINISTRATOR_ACCESS
from trifold.local.aws.api.wire import Call
from trifold.local.aws.cloud import ACCOUNT, REGION, USER_ARN

# A new account's quota for endpoints of this type (trifold.facts, "default quota"); the number of all others is ours.
NONE_AT_FIRST = ("ml.m5.large",)
QUOTA = 20.0


class Standing:
    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def handlers(self) -> dict[tuple[str, str], Callable[[Call], Awaitable[Mapping[str, Any]]]]:
        return {
            ("iam", "SimulatePrincipalPolicy"): self.simulate,
            ("service-quotas", "ListServiceQuotas"): self.quotas,
            ("account", "GetRegionOptStatus"): self.region,
        }

    async def simulate(self, call: Call) -> Mapping[str, Any]:
        """The administrator may do all; a role or a user, what its own and attached policies let it."""
        policies = self._policies(call.parameters["PolicySourceArn"])
        resources = call.parameters.get("ResourceArns") or ["*"]
        results = [_decided(policies, action, one) for action in call.parameters["ActionNames"] for one in resources]
        return {"EvaluationResults": results, "IsTruncated": False}

    def _policies(self, arn: str) -> tuple[str, ...]:
        if arn == USER_ARN:
            return (ADMINISTRATOR_ACCESS,)
        users = (user for user in self._emulator.users() if user.arn == arn)
        found = self._emulator.role(arn) or next(users, None)
        if found is None:
            raise AwsError("NoSuchEntity", f"The principal with ARN {arn} cannot be found.", 404)
        return found.policies

    async def quotas(self, call: Call) -> Mapping[str, Any]:
        """Of SageMaker: endpoints of the instance types that have a price here."""
        if call.parameters["ServiceCode"] != "sagemaker":
            raise AwsError(
                "NoSuchResourceException", "The request failed because the specified service does not exist."
            )
        sold = (one for one in prices() if (one.service, one.region) == ("sagemaker.realtime.instance", REGION))
        sizes = sorted({one.sku_or_meter.partition(":")[2] for one in sold} - {""})
        return {"Quotas": [_quota(size) for size in sizes]}

    async def region(self, call: Call) -> Mapping[str, Any]:
        name = call.parameters["RegionName"]
        return {"RegionName": name, "RegionOptStatus": "ENABLED_BY_DEFAULT" if name == REGION else "DISABLED"}


def _decided(policies: Iterable[str], action: str, resource: str) -> dict[str, Any]:
    held = tuple(policies)
    # What even the right to do all would not allow is denied by name.
    refused = "implicitDeny" if rights.permits((*held, ADMINISTRATOR_ACCESS), action, resource) else "explicitDeny"
    decision = "allowed" if rights.permits(held, action, resource) else refused
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": decision,
        "MatchedStatements": [],
        "MissingContextValues": [],
    }


def instances(size: str) -> int:
    """A new account's quota of instances for endpoints."""
    return 0 if size in NONE_AT_FIRST else int(QUOTA)


def _quota(size: str) -> dict[str, Any]:
    name = f"{size} for endpoint usage"
    code = f"L-{hashlib.sha256(name.encode()).hexdigest()[:8].upper()}"
    return {
        "ServiceCode": "sagemaker",
        "ServiceName": "Amazon SageMaker",
        "QuotaArn": f"arn:aws:servicequotas:{REGION}:{ACCOUNT}:sagemaker/{code}",
        "QuotaCode": code,
        "QuotaName": name,
        "Value": float(instances(size)),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
