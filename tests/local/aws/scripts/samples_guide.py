"""boto/boto3: pages of docs/source/guide. awsdocs/aws-doc-sdk-examples: python/example_code. Names are changed."""

import json
from pathlib import Path

import boto3
import requests
from samples import Samples
from vendor import blocks, run

DEMO = "amzn-s3-demo-bucket"


def main(names):
    name = names["bucket"]
    guide = Path(names["samples"]) / "boto3/docs/source/guide"
    creating, listing = blocks((guide / "s3-example-creating-buckets.rst").read_text())
    assert page(creating, {})[1]["create_bucket"](name) is True
    assert f"  {name}\n" in page(listing, {})[0]
    uploads(guide, name)
    policies(guide, name)
    shared(guide, name)
    boto3.resource("s3").Bucket(name).objects.delete()
    boto3.client("s3").delete_bucket(Bucket=name)
    roles(guide, Samples(f"{names['samples']}/aws-doc-sdk-examples/python/example_code/iam", "{}.py"), name)


def page(code, changed):
    """A block of a page; the later ones do without the imports of the first."""
    return run(code, changed, boto3=boto3, json=json)


def uploads(guide, name):
    first, *_ = blocks((guide / "s3-uploading-files.rst").read_text())
    Path("FILE").write_text("some text")
    assert page(first, {})[1]["upload_file"]("FILE", name) is True
    download, *_ = blocks((guide / "s3-example-download-file.rst").read_text())
    changed = {DEMO: name, "OBJECT_NAME": "FILE", "FILE_NAME": "DOWNLOADED"}
    page(download, changed)
    assert Path("DOWNLOADED").read_text() == "some text"


def policies(guide, name):
    get, put, delete = blocks((guide / "s3-example-bucket-policies.rst").read_text())
    changed = dict.fromkeys(("BUCKET_NAME", DEMO, "bucket-name"), name)
    for script in (put, get, delete):
        said, _ = page(script, {old: new for old, new in changed.items() if old in script})
    assert "AddPerm" not in said


def shared(guide, name):
    presigned, *_ = blocks((guide / "s3-presigned-urls.rst").read_text())
    address = page(presigned, {})[1]["create_presigned_url"](name, "FILE", "us-east-1")
    assert requests.get(address, timeout=30).text == "some text"


def roles(guide, samples, name):
    """A role by the sample's function; a policy by the guide's pages, attached to it and detached."""
    role = samples.run("role_wrapper", name, ["sagemaker.amazonaws.com"]).name
    create, get, attach, detach = blocks((guide / "iam-example-policies.rst").read_text())
    made = page(create, {"myDynamoDBPolicy": name, "RESOURCE_ARN": "*"})[1]["response"]["Policy"]["Arn"]
    assert json.dumps(name) in page(get, {"arn:aws:iam::aws:policy/AWSLambdaExecute": made})[0].replace("'", '"')
    managed = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
    for script in (attach, detach):
        page(script, {managed: made, "AmazonDynamoDBFullAccess": role})
    iam = boto3.client("iam")
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    iam.delete_policy(PolicyArn=made)
    iam.delete_role(RoleName=role)
