"""What the gate lets in: signed requests that the vendor's model knows, of operations and fields that are declared."""

import base64
import hashlib
import json
import re
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.local.aws.conftest import Cloud
from trifold.local.aws.api.operations import OPERATIONS
from trifold.local.aws.api.wire import model_of
from trifold.local.aws.cloud import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, SERVICE_HOSTS


def refusal(call: Any, *arguments: Any, **named: Any) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as refused:
        call(*arguments, **named)
    answer = refused.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "name"),
    [
        ("s3", "get_bucket_policy_status", {"Bucket": "bucket"}, "s3:GetBucketPolicyStatus"),
        ("iam", "list_users", {}, "iam:ListUsers"),
        ("sts", "get_session_token", {}, "sts:GetSessionToken"),
        ("ecr", "get_authorization_token", {}, "ecr:GetAuthorizationToken"),
        ("logs", "describe_queries", {}, "logs:DescribeQueries"),
        ("sagemaker", "list_training_jobs", {}, "sagemaker:ListTrainingJobs"),
        (
            "application-autoscaling",
            "describe_scheduled_actions",
            {"ServiceNamespace": "sagemaker"},
            "application-autoscaling:DescribeScheduledActions",
        ),
    ],
)
def test_an_operation_that_is_not_declared_is_refused_by_name(
    aws: Cloud, service: str, operation: str, arguments: dict[str, Any], name: str
) -> None:
    status, code, message = refusal(getattr(aws.client(service), operation), **arguments)
    assert (status, code, message) == (501, "NotImplemented", f"The local AWS does not support the operation {name}.")


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "field"),
    [
        ("s3", "create_bucket", {"Bucket": "abc", "ObjectLockEnabledForBucket": True}, "ObjectLockEnabledForBucket"),
        ("s3", "put_object", {"Bucket": "abc", "Key": "k", "ObjectLockMode": "GOVERNANCE"}, "ObjectLockMode"),
        (
            "s3",
            "put_bucket_versioning",
            {"Bucket": "abc", "VersioningConfiguration": {"Status": "Enabled", "MFADelete": "Enabled"}},
            "VersioningConfiguration.MFADelete",
        ),
        (
            "iam",
            "create_role",
            {"RoleName": "r", "AssumeRolePolicyDocument": "{}", "PermissionsBoundary": "arn:aws:iam::aws:policy/X"},
            "PermissionsBoundary",
        ),
        (
            "sagemaker",
            "create_model",
            {"ModelName": "m", "InferenceExecutionConfig": {"Mode": "Serial"}},
            "InferenceExecutionConfig.Mode",
        ),
        (
            "sagemaker",
            "create_endpoint_config",
            {
                "EndpointConfigName": "c",
                "ProductionVariants": [
                    {
                        "VariantName": "v",
                        "ModelName": "m",
                        "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1},
                    }
                ],
            },
            "ProductionVariants[].ServerlessConfig.MemorySizeInMB",
        ),
        (
            "sagemaker-runtime",
            "invoke_endpoint",
            {"EndpointName": "e", "Body": b"x", "TargetModel": "m.tar.gz"},
            "TargetModel",
        ),
    ],
)
def test_a_field_that_is_not_declared_is_refused_by_name(
    aws: Cloud, service: str, operation: str, arguments: dict[str, Any], field: str
) -> None:
    status, code, message = refusal(getattr(aws.client(service), operation), **arguments)
    assert (status, code) == (501, "NotImplemented")
    assert f"the parameter {field} of" in message


def test_every_declared_operation_and_field_is_in_the_vendors_model() -> None:
    for (service, name), operation in OPERATIONS.items():
        shape = model_of(service).operation_model(name).input_shape
        for field in (*operation.fields_acting, *operation.fields_stored):
            walked: Any = shape
            for step in field.split("."):
                walked = walked.members[step.removesuffix("[]")]
                walked = walked.member if step.endswith("[]") else walked
            assert walked is not None, f"{name}.{field}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            {"EndpointName": "under_score", "EndpointConfigName": "c"},
            "'under_score' at 'endpointName' failed to satisfy",
        ),
        ({"EndpointName": "e" * 64, "EndpointConfigName": "c"}, "Member must have length less than or equal to 63"),
        ({"EndpointName": "e", "EndpointConfigName": "c"}, "Could not find endpoint configuration"),
    ],
)
def test_a_value_outside_the_vendors_model_is_a_validation_error(
    aws: Cloud, arguments: dict[str, Any], said: str
) -> None:
    status, code, message = refusal(aws.client("sagemaker").create_endpoint, **arguments)
    assert (status, code) == (400, "ValidationException")
    assert said in message


def test_an_unknown_instance_type_is_a_validation_error(aws: Cloud) -> None:
    variant = {"VariantName": "v", "ModelName": "m", "InitialInstanceCount": 1, "InstanceType": "ml.t9.huge"}
    call = aws.client("sagemaker").create_endpoint_config
    status, code, message = refusal(call, EndpointConfigName="c", ProductionVariants=[variant])
    assert (status, code) == (400, "ValidationException")
    assert "'ml.t9.huge' at 'productionVariants.1.member.instanceType' failed to satisfy" in message


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("s3", "list_buckets", "InvalidAccessKeyId"),
        ("sts", "get_caller_identity", "InvalidClientTokenId"),
        ("sagemaker", "list_models", "UnrecognizedClientException"),
    ],
)
def test_another_key_is_refused(aws: Cloud, service: str, operation: str, code: str) -> None:
    stranger = Cloud(aws.port)
    stranger.session = boto3.Session("AKIASTRANGER", "secret", region_name=REGION)
    assert refusal(getattr(stranger.client(service), operation))[:2] == (403, code)


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("s3", "list_buckets", "SignatureDoesNotMatch"),
        ("iam", "list_roles", "SignatureDoesNotMatch"),
        ("sagemaker", "list_models", "InvalidSignatureException"),
    ],
)
def test_a_wrong_secret_is_refused(aws: Cloud, service: str, operation: str, code: str) -> None:
    forger = Cloud(aws.port)
    forger.session = boto3.Session(ACCESS_KEY_ID, "guessed", region_name=REGION)
    assert refusal(getattr(forger.client(service), operation))[:2] == (403, code)


@pytest.mark.parametrize(
    ("service", "operation", "minutes", "said"),
    [
        ("s3", "list_buckets", 20, "The difference between the request time and the current time is too large."),
        ("iam", "list_roles", -20, r"Signature expired: \w+ is now earlier than \w+ \(\w+ - 15 min\.\)"),
        ("iam", "list_roles", 20, r"Signature not yet current: \w+ is still later than \w+ \(\w+ \+ 15 min\.\)"),
    ],
)
def test_another_time_is_refused(
    aws: Cloud, monkeypatch: pytest.MonkeyPatch, service: str, operation: str, minutes: int, said: str
) -> None:
    client = aws.client(service)
    moved = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: moved.replace(tzinfo=None))
    assert re.fullmatch(said, refusal(getattr(client, operation))[2])


def test_a_request_without_a_signature_is_refused(aws: Cloud) -> None:
    answer = httpx.get(f"http://{SERVICE_HOSTS['s3'][0]}/", proxy=f"http://127.0.0.1:{aws.port}")
    assert answer.status_code == 403
    assert "<Code>AccessDenied</Code>" in answer.text


def test_a_host_of_no_service_is_refused_by_name(aws: Cloud) -> None:
    answer = httpx.get("http://ec2.us-east-1.amazonaws.com/", proxy=f"http://127.0.0.1:{aws.port}")
    assert answer.status_code == 501
    assert "has no service at ec2.us-east-1.amazonaws.com" in answer.text


def test_a_member_the_model_does_not_have_is_refused(aws: Cloud) -> None:
    answer = signed(aws, "SageMaker.ListModels", {"NameContains": "x", "Colour": "red"})
    assert answer.status_code == 501
    assert "'Colour' in ListModels" in answer.text


def test_an_operation_the_model_does_not_have_is_refused(aws: Cloud) -> None:
    answer = signed(aws, "SageMaker.PaintModel", {})
    assert answer.status_code == 404
    assert answer.json()["__type"] == "UnknownOperationException"


def test_a_body_that_is_not_json_is_refused(aws: Cloud) -> None:
    answer = signed(aws, "SageMaker.ListModels", "{not json")
    assert answer.status_code == 400
    assert answer.json()["__type"] == "SerializationException"


def signed(aws: Cloud, target: str, body: Any) -> httpx.Response:
    """A request as only a hand-made client sends it."""
    data = body if isinstance(body, str) else json.dumps(body)
    headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
    request = AWSRequest("POST", f"http://{SERVICE_HOSTS['sagemaker'][0]}/", headers, data.encode())
    SigV4Auth(Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY), "sagemaker", REGION).add_auth(request)
    with httpx.Client(proxy=f"http://127.0.0.1:{aws.port}") as client:
        return client.post(request.url, content=data, headers=dict(request.headers))


# ---- S3, where moto does the work ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bucket(aws: Cloud) -> str:
    aws.client("s3").create_bucket(Bucket="gate-bucket")
    return "gate-bucket"


def test_a_large_file_arrives_in_parts(aws: Cloud, bucket: str, tmp_path: Any) -> None:
    file = tmp_path / "large"
    file.write_bytes(hashlib.sha256(b"seed").digest() * 600_000)
    client = aws.client("s3")
    client.upload_file(str(file), bucket, "large")
    client.download_file(bucket, "large", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == file.read_bytes()
    assert client.head_object(Bucket=bucket, Key="large")["ETag"].strip('"').endswith("-3")


def test_versions_are_kept_and_can_be_had_back(aws: Cloud, bucket: str) -> None:
    client = aws.client("s3")
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = client.put_object(Bucket=bucket, Key="v", Body=b"one")["VersionId"]
    client.put_object(Bucket=bucket, Key="v", Body=b"two")
    client.delete_object(Bucket=bucket, Key="v")
    assert refusal(client.get_object, Bucket=bucket, Key="v")[1] == "NoSuchKey"
    assert client.get_object(Bucket=bucket, Key="v", VersionId=first)["Body"].read() == b"one"


@pytest.mark.parametrize("version", [{}, {"signature_version": "s3v4"}])
def test_a_presigned_address_works_and_a_changed_one_does_not(aws: Cloud, bucket: str, version: dict) -> None:
    client = aws.client("s3", **version)
    client.put_object(Bucket=bucket, Key="shared", Body=b"hello")
    address = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "shared"}, ExpiresIn=60)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": f"http://127.0.0.1:{aws.port}"}))
    assert opener.open(address).read() == b"hello"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        opener.open(address.replace("shared", "other"))


def test_a_checksum_that_does_not_fit_is_refused(aws: Cloud, bucket: str) -> None:
    call = aws.client("s3", request_checksum_calculation="when_required").put_object
    status, code, _ = refusal(call, Bucket=bucket, Key="sum", Body=b"body", ChecksumSHA256="A" * 43 + "=")
    assert (status, code) == (400, "BadDigest")


def test_a_bucket_that_is_missing_is_said_to_be(aws: Cloud) -> None:
    assert refusal(aws.client("s3").list_objects_v2, Bucket="nowhere")[:2] == (404, "NoSuchBucket")
    assert refusal(aws.client("s3").get_bucket_policy, Bucket="nowhere")[:2] == (404, "NoSuchBucket")
    assert refusal(aws.client("iam").get_role, RoleName="nobody")[:2] == (404, "NoSuchEntity")


def test_keys_may_hold_anything(aws: Cloud, bucket: str) -> None:
    client = aws.client("s3")
    for key in ("a b/c+d", "ä/ü", "x%2Fy", "q?r=s", "tilde~"):
        client.put_object(Bucket=bucket, Key=key, Body=key.encode())
        assert client.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()


def test_path_style_and_legacy_hosts_work(aws: Cloud, bucket: str) -> None:
    client = aws.client("s3", s3={"addressing_style": "path"})
    assert client.head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 200
    session = boto3.Session(ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION)
    config = Config(proxies={"http": f"http://127.0.0.1:{aws.port}"})
    legacy = session.client("s3", endpoint_url="http://s3.amazonaws.com", config=config)
    assert legacy.head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_body_that_is_not_the_announced_one_is_refused(aws: Cloud, bucket: str) -> None:
    other = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    status, code, _ = refusal(aws.client("s3").put_object, Bucket=bucket, Key="sum", Body=b"body", ContentMD5=other)
    assert (status, code) == (400, "BadDigest")


def test_a_policy_that_is_no_policy_is_refused(aws: Cloud, bucket: str) -> None:
    iam, s3 = aws.client("iam"), aws.client("s3")
    assert refusal(iam.create_role, RoleName="bad", AssumeRolePolicyDocument="{x")[1] == "MalformedPolicyDocument"
    assert refusal(iam.create_policy, PolicyName="bad", PolicyDocument="[]")[1] == "MalformedPolicyDocument"
    assert refusal(s3.put_bucket_policy, Bucket=bucket, Policy="nothing")[1] == "MalformedPolicy"


# ---- the fields that the table says act, act ----------------------------------------------------------------------


def test_conditions_and_ranges_act(aws: Cloud, bucket: str) -> None:
    client = aws.client("s3")
    tag = client.put_object(Bucket=bucket, Key="c", Body=b"0123456789")["ETag"]
    assert client.get_object(Bucket=bucket, Key="c", Range="bytes=2-4")["Body"].read() == b"234"
    assert refusal(client.get_object, Bucket=bucket, Key="c", IfMatch='"other"')[1] == "PreconditionFailed"
    assert refusal(client.get_object, Bucket=bucket, Key="c", IfNoneMatch=tag)[0] == 304
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert refusal(client.get_object, Bucket=bucket, Key="c", IfUnmodifiedSince=long_ago)[1] == "PreconditionFailed"
    asked = {"ResponseContentType": "x/y", "ResponseCacheControl": "no-store"}
    answer = client.get_object(Bucket=bucket, Key="c", **asked)
    assert (answer["ContentType"], answer["CacheControl"]) == ("x/y", "no-store")


def test_listings_page_and_filter(aws: Cloud) -> None:
    client, name = aws.client("s3"), "gate-listing"
    client.create_bucket(Bucket=name)
    for number in range(5):
        client.put_object(Bucket=name, Key=f"d{number}/x", Body=b"")
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=name, PaginationConfig={"PageSize": 2})
    assert [len(page["Contents"]) for page in pages] == [2, 2, 1]
    assert len(client.list_objects_v2(Bucket=name, Delimiter="/")["CommonPrefixes"]) == 5
    assert len(client.list_objects_v2(Bucket=name, StartAfter="d2/x")["Contents"]) == 2
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for number in range(3):
        client.put_object(Bucket=name, Key="v", Body=b"%d" % number)
    pages = client.get_paginator("list_object_versions").paginate(Bucket=name, PaginationConfig={"PageSize": 3})
    assert [len(page["Versions"]) for page in pages] == [3, 3, 2]
    assert [one["Name"] for one in client.list_buckets(Prefix="gate-l")["Buckets"]] == [name]


def test_a_copy_keeps_or_replaces_what_it_is_told_to(aws: Cloud, bucket: str) -> None:
    client = aws.client("s3")
    client.put_object(Bucket=bucket, Key="from", Body=b"x", Metadata={"a": "1"}, Tagging="t=1", ContentType="a/b")
    source = {"Bucket": bucket, "Key": "from"}
    client.copy_object(Bucket=bucket, Key="kept", CopySource=source)
    replaced = {"MetadataDirective": "REPLACE", "Metadata": {"b": "2"}, "TaggingDirective": "REPLACE", "Tagging": "u=2"}
    client.copy_object(Bucket=bucket, Key="replaced", CopySource=source, ContentType="c/d", **replaced)
    found = {key: client.head_object(Bucket=bucket, Key=key) for key in ("kept", "replaced")}
    assert [one["Metadata"] for one in found.values()] == [{"a": "1"}, {"b": "2"}]
    tags = [client.get_object_tagging(Bucket=bucket, Key=key)["TagSet"] for key in found]
    assert tags == [[{"Key": "t", "Value": "1"}], [{"Key": "u", "Value": "2"}]]
