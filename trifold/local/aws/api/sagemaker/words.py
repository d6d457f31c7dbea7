"""What SageMaker says when something is wrong, in its own words (as seen in its answers and its documentation)."""

from trifold.local.aws.cloud import ACCOUNT, REGION

LOGS = "/aws/sagemaker/Endpoints"
REASON_LIMIT = 1024


def no_role(role: str) -> str:
    return (
        f"Could not assume role {role}. Please ensure that the role exists and allows principal "
        "'sagemaker.amazonaws.com' to assume the role."
    )


def no_access(url: str, role: str) -> str:
    return (
        f'Could not access model data at {url}. Please ensure that the role "{role}" exists and that its trust '
        'relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". '
        f'Also ensure that the role has "s3:GetObject" permissions and that the object is located in {REGION}.'
    )


def no_data(url: str) -> str:
    return f"Could not find model data at {url}."


def bad_archive(url: str, why: str) -> str:
    return (
        f'Failed to extract model data archive from URL "{url}". Please ensure that the object located at the URL is '
        f"a valid tar.gz archive. ({why})"
    )


def slow_download(variant: str) -> str:
    return f"The model data for production variant {variant} could not be downloaded within the time limit."


def no_image(image: str) -> str:
    return f"Requested image {image} not found."


def no_ping(variant: str, last: str = "") -> str:
    said = (
        f"The primary container for production variant {variant} did not pass the ping health check. "
        "Please check CloudWatch logs for this endpoint."
    )
    return f"{said} Its last line: {last}"[:REASON_LIMIT] if last else said


def in_progress(arn: str) -> str:
    return f'Cannot update in-progress endpoint "{arn}".'


def unknown_endpoint(name: str) -> str:
    return f"Endpoint {name} of account {ACCOUNT} not found."


def unknown_variant(variant: str) -> str:
    return f"Variant {variant} not found for Request"


def container_error(endpoint: str, status: int, message: str) -> str:
    side = "client" if 400 <= status < 500 else "server"
    console = f"https://{REGION}.console.aws.amazon.com/cloudwatch/home?region={REGION}"
    return (
        f'Received {side} error ({status}) from primary with message "{message}". See '
        f"{console}#logEventViewer:group={LOGS}/{endpoint} "
        f"in account {ACCOUNT} for more information."
    )


TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for "
    "each container in Amazon CloudWatch, resolve the issue, and try again."
)
