"""The examples in boto3's reference of IAM, STS and ECR, in an order in which they have what they need."""

import json

from documented import examples
from vendor import run

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def main(names):
    assert run(examples("sts", "GetCallerIdentity"), {})[1]["response"]["Arn"].endswith(":user/trifold")
    role(f"{names['bucket']}-Role"[-60:])
    registry(names["bucket"])


def role(name):
    renamed = {"Test-Role": name}
    run(examples("iam", "CreateRole"), {**renamed, "<Stringified-JSON>": json.dumps(TRUST)})
    run(examples("iam", "PutRolePolicy"), {"RoleName='S3Access'": f"RoleName={name!r}"})
    tagged = {"taggedrole": name}
    run(examples("iam", "TagRole"), tagged)
    run(examples("iam", "UntagRole"), tagged)
    left = run(examples("iam", "ListRoleTags"), {"taggedrole1": name})[1]["response"]["Tags"]
    assert left == [{"Key": "CostCenter", "Value": "12345"}]
    run(examples("iam", "UpdateAssumeRolePolicy"), {"S3AccessForEC2Instances": name})
    found = run(examples("iam", "GetRole"), renamed)[1]["response"]["Role"]
    trusted = found["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
    assert (found["Path"], trusted) == ("/", ["ec2.amazonaws.com"])
    run(examples("iam", "DeleteRolePolicy"), {**renamed, "ExamplePolicy": "S3AccessPolicy"})
    run(examples("iam", "DeleteRole"), renamed)


def registry(name):
    made = run(examples("ecr", "CreateRepository"), {"project-a/nginx-web-app": name})[1]["response"]["repository"]
    assert made["repositoryArn"].endswith(f":repository/{name}")
    found = run(examples("ecr", "DescribeRepositories"), {})[1]["response"]["repositories"]
    assert name in [one["repositoryName"] for one in found]
    assert run(examples("ecr", "ListImages"), {"ubuntu": name})[1]["response"]["imageIds"] == []
    run(examples("ecr", "DeleteRepository"), {"ubuntu": name})
