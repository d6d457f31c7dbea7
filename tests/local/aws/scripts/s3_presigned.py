"""Share an object by an address that is signed in advance, and take one in by a signed POST's sibling, PUT.

After https://docs.aws.amazon.com/boto3/latest/guide/s3-presigned-urls.html, in our own words
"""

import logging
import sys

import boto3
import requests
from botocore.exceptions import ClientError


def create_presigned_url(bucket_name, object_name, expiration=3600):
    """The address, or None on an error."""
    s3_client = boto3.client("s3")
    try:
        return s3_client.generate_presigned_url(
            "get_object", Params={"Bucket": bucket_name, "Key": object_name}, ExpiresIn=expiration
        )
    except ClientError as error:
        logging.error(error)
        return None


bucket = sys.argv[1]
boto3.client("s3").put_object(Bucket=bucket, Key="shared.txt", Body=b"shared")
url = create_presigned_url(bucket, "shared.txt")
if url is not None:
    response = requests.get(url)
    print(response.status_code, response.text)
