"""Ask a SageMaker endpoint, through boto3."""

import json
import re
import time
from collections.abc import Mapping
from typing import Any

from trifold.errors import UserError
from trifold.predict import Answer

DIGEST = re.compile(r"trifold-digest=([0-9a-f]{64})")


def predict(outputs: Mapping[str, Any], body: bytes) -> Answer:
    """One call. outputs: the stack's. Raises UserError with SageMaker's own words where it refuses."""
    started = time.perf_counter()
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    imported = time.perf_counter()
    session = boto3.Session(region_name=outputs["region"])
    name = outputs["endpoint_name"]
    try:
        found = session.client("sagemaker").describe_endpoint(EndpointName=name)
        runtime = session.client("sagemaker-runtime")
        asked = time.perf_counter()
        answer = runtime.invoke_endpoint(
            EndpointName=name, Body=body, ContentType="application/json", Accept="application/json"
        )
        content = answer["Body"].read()
    except (ClientError, BotoCoreError) as error:
        raise UserError(f"SageMaker: {error}", where=outputs["endpoint_id"], next="trifold up -s aws") from None
    done = time.perf_counter()
    return Answer(
        cloud="aws",
        endpoint_id=found["EndpointArn"],
        state=found["EndpointStatus"],
        predictions=json.loads(content)["predictions"],
        package_digest=digest(answer.get("CustomAttributes", "")),
        import_seconds=imported - started,
        seconds=done - asked,
    )


def digest(attributes: str) -> str:
    """The package's digest in the custom attributes, the one header of a container's that SageMaker lets by."""
    found = DIGEST.search(attributes)
    return found.group(1) if found else ""
