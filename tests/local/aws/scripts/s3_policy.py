"""Set, read and delete a bucket's policy.

After https://docs.aws.amazon.com/boto3/latest/guide/s3-example-bucket-policies.html
"""

import json
import sys

import boto3

bucket_name = sys.argv[1]
bucket_policy = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "AddPerm",
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["s3:GetObject"],
            "Resource": f"arn:aws:s3:::{bucket_name}/*",
        }
    ],
}
s3 = boto3.client("s3")
s3.put_bucket_policy(Bucket=bucket_name, Policy=json.dumps(bucket_policy))
result = s3.get_bucket_policy(Bucket=bucket_name)
print(result["Policy"])
s3.delete_bucket_policy(Bucket=bucket_name)
