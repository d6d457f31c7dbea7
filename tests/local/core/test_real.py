"""The three real local clouds behind the door, spoken to by unmodified clients."""

import json
import subprocess
import sys

import pytest

from trifold.local import supervisor

pytestmark = pytest.mark.e2e

WHO = "import boto3, json; print(json.dumps(boto3.client('sts').get_caller_identity()['Account']))"
UNMAPPED = "import boto3; boto3.client('dynamodb').list_tables()"
# google-api-python-client on httplib2, which heeds a proxy only with PySocks.
BUCKETS = """from googleapiclient.discovery import build
storage = build("storage", "v1", static_discovery=True)
print(storage.buckets().list(project="local").execute()["kind"])"""
PUBSUB = """from googleapiclient.discovery import build
build("pubsub", "v1", static_discovery=True).projects().topics().list(project="projects/local").execute()"""


def python(clouds, script: str, **real: str) -> subprocess.CompletedProcess:
    environment = supervisor.client_environment(clouds.state, {**clouds.env, **real})
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_all_of_them_are_whole(clouds) -> None:
    found = supervisor.status(clouds.state)
    assert found.healthy and found.running is not None
    assert set(found.running.clouds) == {"aws", "azure", "gcp"}
    assert set(found.running.plugins) == {"aws", "azure-native", "gcp"}


def test_a_script_with_real_credentials_meets_the_local_account(clouds) -> None:
    answer = python(clouds, WHO, AWS_ACCESS_KEY_ID="AKIAREAL", AWS_SECRET_ACCESS_KEY="real", AWS_PROFILE="production")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == "000000000000"


def test_a_vendors_service_that_is_not_emulated_is_refused(clouds) -> None:
    """Nothing that lacks a local answer falls through to the real one."""
    answer = python(clouds, UNMAPPED)
    assert answer.returncode != 0 and "403" in answer.stderr
    assert "refused dynamodb.us-east-1.amazonaws.com:443" in (clouds.state / "local/logs/supervisor.log").read_text()


def test_a_client_on_httplib2_goes_through_the_door_too(clouds) -> None:
    answer = python(clouds, BUCKETS)
    assert answer.stdout.strip() == "storage#buckets", answer.stderr
    refused = python(clouds, PUBSUB)
    assert refused.returncode != 0
    assert "refused pubsub.googleapis.com:443" in (clouds.state / "local/logs/supervisor.log").read_text()


@pytest.mark.parametrize(
    "address",
    [
        "https://s3.us-east-1.amazonaws.com/",
        "https://some-bucket.s3.us-east-1.amazonaws.com/",
        "https://api.sagemaker.us-east-1.amazonaws.com/",
        "https://management.azure.com/subscriptions?api-version=2022-12-01",
        "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
        "https://account.blob.core.windows.net/container/blob",
        "https://endpoint.eastus.inference.ml.azure.com/score",
        "https://storage.googleapis.com/storage/v1/b/bucket",
        "https://us-central1-aiplatform.googleapis.com/v1/projects/local/locations/us-central1/models",
        "https://oauth2.googleapis.com/token",
    ],
)
def test_the_vendors_host_names_lead_to_a_local_cloud(clouds, address: str) -> None:
    command = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{ssl_verify_result}", address]
    answer = subprocess.run(command, env=clouds.env, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    status, verified = answer.stdout.split()
    assert verified == "0" and 200 <= int(status) < 500


def test_the_commands_see_the_same_clouds(clouds) -> None:
    assert json.loads(clouds.trifold("local", "status", "--json").stdout)["healthy"]
    assert "already up" in clouds.trifold("local", "start").stdout
