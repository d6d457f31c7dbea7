"""A private network on AWS: SageMaker's instances in the user's VPC, and store and registry that answer there only.

An endpoint of SageMaker's refuses nobody by their network: who may invoke it is IAM's to say. So the stack makes a
policy, for callers, that lets them invoke from the VPC alone; whoever has a wider one is not held by it.
https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, ResourceOptions

from infra.brought import Network
from infra.capabilities.foundation import Account

# What the instances, and the callers in the VPC, ask: images, logs, and the endpoint itself. S3 is a route, see below.
INTERFACES = ("sagemaker.runtime", "ecr.api", "ecr.dkr", "logs")
# What is done to objects. A bucket's settings stay open to who manages it: nobody locks themselves out.
OBJECTS = (
    "s3:GetObject*",
    "s3:PutObject*",
    "s3:DeleteObject*",
    "s3:RestoreObject",
    "s3:ListMultipartUploadParts",
    "s3:AbortMultipartUpload",
)
# What is done to images.
IMAGES = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:GetDownloadUrlForLayer",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)


def private_endpoints(
    name: str, network: Network, region: str, tags: Mapping[str, str], opts: ResourceOptions
) -> list[pulumi.Resource]:
    """The VPC's ways to the services, without the internet. Each has its service's name in the VPC, so a VPC has one of
    each: where it has them already, the network says `endpoints: existing`."""
    interfaces = [
        aws.ec2.VpcEndpoint(
            f"{name}-{service.replace('.', '-')}",
            vpc_id=network.network,
            service_name=f"com.amazonaws.{region}.{service}",
            vpc_endpoint_type="Interface",
            subnet_ids=list(network.subnets),
            security_group_ids=list(network.security_groups),
            private_dns_enabled=True,
            tags=dict(tags),
            opts=opts,
        )
        for service in INTERFACES
    ]
    store = aws.ec2.VpcEndpoint(
        f"{name}-s3",
        vpc_id=network.network,
        service_name=f"com.amazonaws.{region}.s3",
        vpc_endpoint_type="Gateway",
        route_table_ids=list(network.route_tables),
        tags=dict(tags),
        opts=opts,
    )
    return [*interfaces, store]


def of_model(network: Network | None) -> dict[str, Any]:
    """Where a model's instances lie. Isolated, a container can call nobody; SageMaker itself fetches its archive."""
    if network is None:
        return {}
    inside = {"subnets": list(network.subnets), "security_group_ids": list(network.security_groups)}
    return {"vpc_config": inside, "enable_network_isolation": True}


def outside(network: Network, identity: Input[str], actions: Sequence[str]) -> dict[str, Any]:
    """A statement that denies what does not come from the VPC, save to the trusted and to the role that SageMaker alone
    assumes: whether SageMaker looks at an archive from the VPC when a model is made, AWS does not say."""
    everywhere = {"aws:SourceVpc": network.network, "aws:PrincipalArn": [*network.trusted, identity]}
    return {
        "Sid": "InsideOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(actions),
        "Condition": {"StringNotEquals": everywhere},
    }


def interfaces(network: Network, account: Account) -> Output[str]:
    """What SageMaker needs, as the endpoint's role, to put a model's instances into the VPC.
    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms"""
    place = f"arn:aws:ec2:{account.region}"
    statements = [
        {
            "Effect": "Allow",
            "Action": [
                "ec2:CreateNetworkInterface",
                "ec2:CreateNetworkInterfacePermission",
                "ec2:DeleteNetworkInterface",
                "ec2:DeleteNetworkInterfacePermission",
            ],
            "Resource": [
                f"{place}:{account.id}:network-interface/*",
                # A subnet may be shared with the account, and is then another's.
                *(f"{place}:*:subnet/{one}" for one in network.subnets),
                *(f"{place}:*:security-group/{one}" for one in network.security_groups),
            ],
        },
        {
            "Effect": "Allow",
            "Action": [
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ],
            # EC2 describes nothing by its name only.
            "Resource": "*",
        },
    ]
    return Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


def may_invoke(network: Network, endpoint: Output[str]) -> Output[str]:
    """A policy for the endpoint's callers."""
    statement = {
        "Effect": "Allow",
        "Action": "sagemaker:InvokeEndpoint",
        "Resource": endpoint,
        "Condition": {"StringEquals": {"aws:SourceVpc": network.network}},
    }
    return Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]})
