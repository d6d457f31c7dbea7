"""What SageMaker says when something is wrong, in its own words: each with where it was seen, or "ours".

docs/decisions/051-endpoint-states.md lists all that is ours.
"""

from trifold.local.aws.cloud import ACCOUNT, REGION

LOGS = "/aws/sagemaker/Endpoints"
REASON_LIMIT = 1024


def no_role(role: str) -> str:
    """https://github.com/bentoml/BentoML/issues/892, CreateModel."""
    return (
        f'The execution role ARN "{role}" is invalid. Please ensure that the role exists and that its trust '
        'relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com".'
    )


def no_pull(role: str, image: str) -> str:
    """https://github.com/aws/sagemaker-python-sdk/issues/633, CreateModel."""
    return f"Role {role} cannot pull {image}. Ensure that the role exists and the image was granted pull permission."


def no_access(url: str, role: str) -> str:
    """https://github.com/philschmid/llm-sagemaker-sample/issues/2, CreateModel."""
    return (
        f'Could not access model data at {url}. Please ensure that the role "{role}" exists and that its trust '
        'relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". '
        f'Also ensure that the role has "s3:GetObject" permissions and that the object is located in {REGION}. '
        "If your Model uses multiple models or uncompressed models, please ensure that the role has "
        '"s3:ListBucket" permission.'
    )


def no_data(url: str) -> str:
    """https://github.com/aws/amazon-sagemaker-examples/issues/2264, CreateModel."""
    return f"Could not find model data at {url}."


def no_download(url: str) -> str:
    """https://github.com/aws-solutions-library-samples/fraud-detection-using-machine-learning/issues/9, an endpoint."""
    return (
        f'Failed to download model data for container "container_1" from URL: "{url}". Please ensure that there is an '
        "object located at the URL and that the role passed to CreateModel has permissions to download the object."
    )


def bad_archive(url: str) -> str:
    """https://github.com/aws/deep-learning-containers/pull/569, an endpoint; newer answers name no container."""
    return (
        f'Failed to extract model data archive from URL "{url}". Please ensure that the object located at the URL is '
        "a valid tar.gz archive."
    )


def large_archive(url: str) -> str:
    """The same, of an archive that the instance has no room for."""
    return (
        f'Failed to extract model data archive from URL "{url}". The model data archive is too large. Please reduce '
        "the size of the model data archive or move to an instance type with more memory."
    )


def slow_download(variant: str) -> str:
    """Ours."""
    return f"The model data for production variant {variant} could not be downloaded within the time limit."


def no_image(variant: str) -> str:
    """https://github.com/aws/sagemaker-python-sdk/issues/1835, a failed endpoint."""
    return (
        f"Please make sure all images included in the model for the production variant {variant} exist, and that the "
        "execution role used to create the model has permissions to access them."
    )


def no_ping(variant: str, last: str = "") -> str:
    """https://github.com/aws/sagemaker-python-sdk/issues/787, a failed endpoint; the log's last line is ours."""
    said = (
        f"The primary container for production variant {variant} did not pass the ping health check. "
        "Please check CloudWatch logs for this endpoint."
    )
    return f"{said} Its last line: {last}"[:REASON_LIMIT] if last else said


def over_quota(size: str, quota: int, used: int, more: int) -> str:
    """https://github.com/aws-samples/aws-genai-llm-chatbot/issues/244, CreateEndpoint; the last sentence as of 2023."""
    return (
        f"The account-level service limit '{size} for endpoint usage' is {quota} Instances, with current utilization "
        f"of {used} Instances and a request delta of {more} Instances. Please use AWS Service Quotas to request an "
        "increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase "
        "for this quota."
    )


def in_progress(arn: str) -> str:
    """The ACK controller for SageMaker tells this state by these words."""
    return f'Cannot update in-progress endpoint "{arn}".'


def unknown_endpoint(name: str) -> str:
    """As boto3 shows it of InvokeEndpoint (ValidationError)."""
    return f"Endpoint {name} of account {ACCOUNT} not found."


def unknown_variant(variant: str) -> str:
    """Ours."""
    return f"Variant {variant} not found for Request"


def container_error(endpoint: str, status: int, message: str) -> str:
    """As boto3 shows it of InvokeEndpoint (ModelError)."""
    side = "client" if 400 <= status < 500 else "server"
    console = f"https://{REGION}.console.aws.amazon.com/cloudwatch/home?region={REGION}"
    return (
        f'Received {side} error ({status}) from primary with message "{message}". See '
        f"{console}#logEventViewer:group={LOGS}/{endpoint} "
        f"in account {ACCOUNT} for more information."
    )


# As the message in "Received server error (0) from primary with message ...", in SageMaker's own troubleshooting guide.
TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for "
    "each container in Amazon CloudWatch, resolve the issue, and try again."
)
# As DescribeEndpoint gives it where SageMaker itself failed.
INTERNAL = "Request to service failed. If failure persists after retry, contact customer support."
# https://github.com/aws/deep-learning-containers/pull/6673, a failed endpoint; it is to be tried again.
NO_CAPACITY = "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error."
