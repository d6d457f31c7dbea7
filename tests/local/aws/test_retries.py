"""What the provider's S3 client takes before it gives up: answers in S3's own form, without a server."""

import io

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

from trifold.local.aws.provider import retries


class Raw(io.BytesIO):
    """As urllib3 has an answer."""

    def stream(self, **_):
        yield self.read()


def refusal(status, code):
    text = f"<Error><Code>{code}</Code><Message>later</Message></Error>"
    return AWSResponse("https://s3.us-east-1.amazonaws.com", status, {}, Raw(text.encode()))


@pytest.fixture
def client(monkeypatch):
    """client(answers) -> an S3 client that gets these, and then 200."""
    monkeypatch.setattr(retries, "FIRST", 0.0)

    def make(answers):
        config = Config(retries={"mode": "standard", "total_max_attempts": 5})
        key = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
        made = retries.through_conflicts(boto3.client("s3", region_name="us-east-1", config=config, **key))
        left = list(answers)
        done = AWSResponse("https://s3.us-east-1.amazonaws.com", 200, {}, Raw(b""))
        made.meta.events.register("before-send.s3", lambda **_: left.pop(0) if left else done)
        return made

    return make


def test_a_name_that_is_held_and_then_a_busy_service(client):
    """A conflict that lasted used up what was left for a throttled call."""
    held, busy = refusal(409, "OperationAborted"), refusal(503, "SlowDown")
    made = client([*[refusal(409, "OperationAborted") for _ in range(8)], busy, held, refusal(503, "SlowDown")])
    assert made.create_bucket(Bucket="models")["ResponseMetadata"]["RetryAttempts"] == 11


@pytest.mark.parametrize(("status", "code"), [(409, "OperationAborted"), (503, "SlowDown")])
def test_what_never_ends_is_told(client, status, code):
    with pytest.raises(ClientError, match=code):
        client([refusal(status, code) for _ in range(retries.TIMES + 5)]).create_bucket(Bucket="models")


def test_what_is_wrong_is_not_asked_again(client):
    with pytest.raises(ClientError, match="InvalidBucketName") as refused:
        client([refusal(400, "InvalidBucketName")]).create_bucket(Bucket="models")
    assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0
