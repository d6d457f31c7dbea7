"""Create a bucket, list the existing ones.

After https://docs.aws.amazon.com/boto3/latest/guide/s3-example-creating-buckets.html
"""

import logging
import sys

import boto3
from botocore.exceptions import ClientError


def create_bucket(bucket_name):
    """True if the bucket was made."""
    try:
        s3_client = boto3.client("s3")
        s3_client.create_bucket(Bucket=bucket_name)
    except ClientError as error:
        logging.error(error)
        return False
    return True


assert create_bucket(sys.argv[1])
print("Existing buckets:")
for bucket in boto3.client("s3").list_buckets()["Buckets"]:
    print(f"  {bucket['Name']}")
