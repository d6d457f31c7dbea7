"""Make a policy, attach it to a role, read it, detach it.

After https://docs.aws.amazon.com/boto3/latest/guide/iam-example-policies.html, in our own words
"""

import json
import sys

import boto3

role_name, bucket_name = sys.argv[1:3]
iam = boto3.client("iam")
trust = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
iam.create_role(RoleName=role_name, AssumeRolePolicyDocument=json.dumps(trust))
my_managed_policy = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": f"arn:aws:s3:::{bucket_name}/*"}],
}
response = iam.create_policy(PolicyName="myPolicy", PolicyDocument=json.dumps(my_managed_policy))
arn = response["Policy"]["Arn"]
print(iam.get_policy(PolicyArn=arn)["Policy"]["PolicyName"])
iam.attach_role_policy(PolicyArn=arn, RoleName=role_name)
for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=role_name):
    print([policy["PolicyName"] for policy in page["AttachedPolicies"]])
iam.detach_role_policy(PolicyArn=arn, RoleName=role_name)
iam.delete_policy(PolicyArn=arn)
my_managed_policy["Statement"].append({"Effect": "Allow", "Action": ["ecr:*"], "Resource": "*"})
iam.put_role_policy(RoleName=role_name, PolicyName="read", PolicyDocument=json.dumps(my_managed_policy))
