"""AWS on this machine: who it is, which hosts are its own, and what a client needs to reach it."""

from pathlib import Path

from trifold.local.contract import Cloud

ACCOUNT = "000000000000"
REGION = "us-east-1"
USER_ARN = f"arn:aws:iam::{ACCOUNT}:user/trifold"
ACCESS_KEY_ID = "TRIFOLDLOCAL00000000"
SECRET_ACCESS_KEY = "local-only-no-account-has-this-key"

SERVICE_HOSTS = {
    "s3": (f"s3.{REGION}.amazonaws.com", "s3.amazonaws.com"),
    "iam": ("iam.amazonaws.com", f"iam.{REGION}.amazonaws.com"),
    "sts": (f"sts.{REGION}.amazonaws.com", "sts.amazonaws.com"),
    "ecr": (f"api.ecr.{REGION}.amazonaws.com",),
    "account": (f"account.{REGION}.amazonaws.com",),
    "service-quotas": (f"servicequotas.{REGION}.amazonaws.com",),
    "logs": (f"logs.{REGION}.amazonaws.com",),
    "cloudwatch": (f"monitoring.{REGION}.amazonaws.com",),
    "application-autoscaling": (f"application-autoscaling.{REGION}.amazonaws.com",),
    "resourcegroupstaggingapi": (f"tagging.{REGION}.amazonaws.com",),
    "budgets": ("budgets.amazonaws.com",),
    "sagemaker": (f"api.sagemaker.{REGION}.amazonaws.com",),
    "sagemaker-runtime": (f"runtime.sagemaker.{REGION}.amazonaws.com",),
}


def environment(state: Path) -> dict[str, str]:
    """Throw-away credentials; they also take the place of real ones that are set."""
    return {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_SESSION_TOKEN": "",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_PROFILE": "",
        "AWS_CONFIG_FILE": str(state / "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(state / "aws-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


CLOUD = Cloud(
    name="aws",
    hosts=(
        *(host for hosts in SERVICE_HOSTS.values() for host in hosts),
        *(f"*.{host}" for host in SERVICE_HOSTS["s3"]),
    ),
    plain_hosts=(*SERVICE_HOSTS["s3"], *(f"*.{host}" for host in SERVICE_HOSTS["s3"])),
    plugin="aws",
    api="trifold.local.aws.api.app:create",
    provider="trifold.local.aws.provider.server:create",
    environment=environment,
)
