"""boto3's guide to S3, script by script, with names changed and nothing else."""

from pathlib import Path

import boto3
from documented import guide
from vendor import run

DEMO = "amzn-s3-demo-bucket"


def main(names):
    name = names["bucket"]
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    old = s3.put_object(Bucket=name, Key="a/one", Body=b"old")["VersionId"]
    for key in ("a/one", "b/two", "three"):
        s3.put_object(Bucket=name, Key=key, Body=b"new")

    assert run(guide("bucket.objects.all():\n    print"), {DEMO: name})[0] == "a/one\nb/two\nthree\n"
    assert run(guide("CommonPrefixes"), {DEMO: name})[0] == "a/\nb/\n"
    assert run(guide("Contents[?to_string(LastModified)"), {DEMO: name})[0] == "a/one\nb/two\nthree\n"

    run(guide("my-version-id"), {DEMO: name, "key-name": "a/one", "my-version-id": old, "tmp.txt": "s3-guide.txt"})
    assert Path("s3-guide.txt").read_text() == "old"

    key = "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    said, known = run(guide("aws:kms"), {DEMO: name, "<the key id>": key})
    assert said.endswith("b'foobar'\n")
    assert (known["response"]["ServerSideEncryption"], known["response"]["SSEKMSKeyId"]) == ("aws:kms", key)

    boto3.resource("s3").Bucket(name).object_versions.delete()
    s3.delete_bucket(Bucket=name)
