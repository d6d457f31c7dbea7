"""Which rights a call takes: its action, of its resource, and what goes with it (a role that is passed on, tags).

By the service authorization reference, https://docs.aws.amazon.com/service-authorization/latest/reference/, one page a
service. An operation that is not in these tables has a right of its own name.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trifold.local.aws.api import s3_actions
from trifold.local.aws.api.wire import Call
from trifold.local.aws.cloud import ACCOUNT, REGION, USER_ARN

PREFIXES = {"service-quotas": "servicequotas", "sagemaker-runtime": "sagemaker", "resourcegroupstaggingapi": "tag"}
SAGEMAKER = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
KINDS = {"model": "ModelName", "endpoint": "EndpointName", "endpoint-config": "EndpointConfigName"}
LOG_GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group"
PASSED_TO = "iam:passedtoservice"
# AWS Budgets knows two rights to budgets, beside those to their tags.
BUDGETS = ("ModifyBudget", "ViewBudget")


@dataclass(frozen=True)
class Right:
    """action: "sagemaker:CreateModel". resource: an ARN, or "*" of an action that has none. context: what conditions
    may ask of this right, by key in lower case."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


def needed(call: Call, role_arn: Callable[[str], str]) -> list[Right]:
    """The rights that a call takes, in the order AWS asks for them. role_arn: of a role's name, with its path."""
    if (call.service, call.name) == ("sts", "GetCallerIdentity"):
        return []
    given = call.parameters
    if call.service == "s3":
        return [Right(*one) for one in s3_actions.needed(call.name, given)]
    if call.service == "iam":
        return list(_iam(call.name, given, role_arn))
    of_service = {"sagemaker": _sagemaker, "logs": _logs, "ecr": _ecr, "budgets": _budgets}
    if call.service in of_service:
        return list(of_service[call.service](call.name, given))
    action, resource = f"{PREFIXES.get(call.service, call.service)}:{call.name}", _other(call.service, call.name, given)
    tagged = [Right("application-autoscaling:TagResource", resource)] if call.name == "RegisterScalableTarget" else []
    return [Right(action, resource), *(tagged if given.get("Tags") else [])]


def _other(service: str, name: str, given: Mapping[str, Any]) -> str:
    if service == "sts":
        return str(given["RoleArn"])
    if service == "sagemaker-runtime":
        return f"{SAGEMAKER}:endpoint/{given['EndpointName'].lower()}"
    if service == "application-autoscaling" and not name.startswith("Describe"):
        return f"arn:aws:application-autoscaling:{REGION}:{ACCOUNT}:scalable-target/*"
    return f"arn:aws:account::{ACCOUNT}:account" if service == "account" else "*"


def _iam(name: str, given: Mapping[str, Any], role_arn: Callable[[str], str]) -> Iterator[Right]:
    if name == "ListRoles":
        yield Right("iam:ListRoles", f"arn:aws:iam::{ACCOUNT}:role{given.get('PathPrefix', '/')}")
        return
    resource = _iam_resource(name, given, role_arn)
    context = {"iam:policyarn": given["PolicyArn"]} if name.startswith(("Attach", "Detach")) else {}
    yield Right(f"iam:{name}", resource, context)
    if given.get("Tags") and name.startswith("Create"):
        yield Right(f"iam:Tag{name.removeprefix('Create')}", resource)


def _iam_resource(name: str, given: Mapping[str, Any], role_arn: Callable[[str], str]) -> str:
    path = given.get("Path", "/")
    if "RoleName" in given:
        return (
            f"arn:aws:iam::{ACCOUNT}:role{path}{given['RoleName']}"
            if name == "CreateRole"
            else role_arn(given["RoleName"])
        )
    if "UserName" in given:
        return f"arn:aws:iam::{ACCOUNT}:user{path}{given['UserName']}"
    if name == "CreatePolicy":
        return f"arn:aws:iam::{ACCOUNT}:policy{path}{given['PolicyName']}"
    if name == "CreateOpenIDConnectProvider":
        return f"arn:aws:iam::{ACCOUNT}:oidc-provider/{given['Url'].removeprefix('https://')}"
    if name in ("ListPolicies", "ListOpenIDConnectProviders"):
        return "*"
    if "OpenIDConnectProviderArn" in given:
        return str(given["OpenIDConnectProviderArn"])
    return str(given.get("PolicyArn") or given.get("PolicySourceArn") or USER_ARN)


def _sagemaker(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    resources = [
        f"{SAGEMAKER}:{kind}/{given[member].lower()}"
        for kind, member in (
            ("model", "ModelName"),
            ("endpoint", "EndpointName"),
            ("endpoint-config", "EndpointConfigName"),
        )
        if member in given
    ]
    if "ResourceArn" in given:
        resources = [given["ResourceArn"].lower()]
    for resource in resources or ["*"]:
        yield Right(f"sagemaker:{name}", resource)
    if given.get("Tags") and name.startswith("Create"):
        yield Right("sagemaker:AddTags", resources[0])
    if "ExecutionRoleArn" in given:
        yield Right("iam:PassRole", given["ExecutionRoleArn"], {PASSED_TO: "sagemaker.amazonaws.com"})


def _logs(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    """CloudWatch Logs asks for a group by an ARN that goes on: its own policies end in ":*". Only tags have the group's
    own, see `arn` and `logGroupArn` of https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html;
    and DescribeLogGroups is of no group (terraform-provider-aws#8804)."""
    if "resourceArn" in given:
        yield Right(f"logs:{name}", given["resourceArn"])
        return
    group = "" if name == "DescribeLogGroups" else given["logGroupName"]
    stream = given.get("logStreamName", "")
    yield Right(f"logs:{name}", f"{LOG_GROUP}:{group}:log-stream:{stream}")
    if name == "CreateLogGroup" and given.get("tags"):
        yield Right("logs:TagResource", f"{LOG_GROUP}:{group}")


def _ecr(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    names = given.get("repositoryNames") or [given.get("repositoryName", "*")]
    repositories = [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{one}" for one in names]
    for resource in [given["resourceArn"]] if "resourceArn" in given else repositories:
        yield Right(f"ecr:{name}", resource)
    if given.get("tags") and name == "CreateRepository":
        yield Right("ecr:TagResource", repositories[0])


def _budgets(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    budget = given.get("Budget") or given.get("NewBudget") or {}
    named = budget.get("BudgetName") or given.get("BudgetName", "")
    resource = given.get("ResourceARN") or f"arn:aws:budgets::{ACCOUNT}:budget/{named}"
    if "ResourceARN" in given:
        yield Right(f"budgets:{name}", resource)
        return
    yield Right(f"budgets:{BUDGETS[name.startswith('Describe')]}", resource)
    if given.get("ResourceTags"):
        yield Right("budgets:TagResource", resource)
