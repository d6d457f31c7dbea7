"""The examples in boto3's reference of S3, put in an order in which they have what they need; names are changed."""

import json

import boto3
from botocore.exceptions import ClientError
from documented import examples
from vendor import run

DEMO = "examplebucket"


def main(names):
    name = names["bucket"]
    run(examples("s3", "CreateBucket 1"), {DEMO: name})
    settings(name)
    versions(name)
    parts(name)
    run(examples("s3", "DeleteBucket"), {"forrandall2": name})


def settings(name):
    tags = run(examples("s3", "PutBucketTagging", "GetBucketTagging"), {DEMO: name})[1]["response"]["TagSet"]
    assert {one["Key"]: one["Value"] for one in tags} == {"Key1": "Value1", "Key2": "Value2"}
    run(examples("s3", "DeleteBucketTagging"), {DEMO: name})
    kept = ("PutBucketLifecycleConfiguration", "GetBucketLifecycleConfiguration")
    (rule,) = run(examples("s3", *kept), {DEMO: name})[1]["response"]["Rules"]
    assert (rule["ID"], rule["Transitions"]) == ("TestOnly", [{"Days": 365, "StorageClass": "GLACIER"}])
    ours = {DEMO: name, "123456789012": "000000000000", "acl3": name}
    run(examples("s3", "PutBucketPolicy"), ours)
    policy = run(examples("s3", "GetBucketPolicy"), {DEMO: name})[1]["response"]["Policy"]
    assert json.loads(policy)["Statement"][0]["Sid"] == "id-1"
    run(examples("s3", "DeleteBucketPolicy"), {DEMO: name})
    assert refused("GetBucketPolicy", {DEMO: name}) == "NoSuchBucketPolicy"
    assert run(examples("s3", "HeadBucket"), {"acl1": name})[1]["response"]["BucketRegion"] == "us-east-1"


def versions(name):
    boto3.client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    run(examples("s3", "PutObject 5", "PutObject 3"), {DEMO: name})
    found = run(examples("s3", "ListObjectVersions"), {DEMO: name})[1]["response"]["Versions"]
    assert [one["IsLatest"] for one in found] == [True, False]
    tagged = {DEMO: name, "exampleobject": "HappyFace.jpg", "ydlaNkwWm0SfKJR.T1b1fIdPRbldTYRI": found[1]["VersionId"]}
    tags = run(examples("s3", "GetObjectTagging 1"), tagged)[1]["response"]["TagSet"]
    assert {one["Key"]: one["Value"] for one in tags} == {"key1": "value1", "key2": "value2"}
    part = run(examples("s3", "GetObject 1"), {DEMO: name, "SampleFile.txt": "HappyFace.jpg"})[1]["response"]
    assert (part["Body"].read(), part["ContentRange"]) == (b"HappyFace.", "bytes 0-9/13")
    copied = {"destinationbucket": name, "sourcebucket": name, "HappyFacejpg": "HappyFace.jpg"}
    run(examples("s3", "CopyObject"), copied)
    assert run(examples("s3", "HeadObject"), {DEMO: name, "HappyFace.jpg": "HappyFaceCopyjpg"})[1]["response"]["ETag"]
    old, new = "2LWg7lQLnY41.maGB5Z6SWW.dcq0vx7b", "yoz3HB.ZhCS_tKVEmIOr7qYyyAaZSKVd"
    gone = {DEMO: name, old: found[0]["VersionId"], new: found[1]["VersionId"]}
    assert len(run(examples("s3", "DeleteObjects"), gone)[1]["response"]["Deleted"]) == 2
    assert refused("GetObject", {DEMO: name}) == "NoSuchKey"
    boto3.resource("s3").Bucket(name).object_versions.delete()


def parts(name):
    """Of an upload without parts: the reference's own number of a part is a text, which boto3 does not take."""
    large = {DEMO: name, "largeobject": "bigobject"}
    upload = run(examples("s3", "CreateMultipartUpload"), large)[1]["response"]["UploadId"]
    same = "7YPBOJuoFiQ9cz4P3Pe6FIZwO4f7wN93uHsNBEw97pl5eNwzExg0LAT2dUN91cOmrEQHDsP3WA60CEg--"
    found = run(examples("s3", "ListParts"), {DEMO: name, f"example{same}": upload})[1]["response"]
    assert (found["UploadId"], "Parts" in found) == (upload, False)
    (listed,) = run(examples("s3", "ListMultipartUploads"), {DEMO: name})[1]["response"]["Uploads"]
    assert listed["UploadId"] == upload
    run(examples("s3", "AbortMultipartUpload"), {DEMO: name, f"xadcOB_{same}": upload})
    assert "Uploads" not in run(examples("s3", "ListMultipartUploads"), {DEMO: name})[1]["response"]


def refused(operation, changed):
    try:
        run(examples("s3", operation), changed)
    except ClientError as error:
        return error.response["Error"]["Code"]
    raise AssertionError(f"{operation} is to be refused")
