"""Amazon SageMaker: the archive is unpacked for us, port 8080, GET /ping, POST /invocations.

https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
InvokeEndpoint hands the caller our body and X-Amzn-SageMaker-Custom-Attributes, no other header; an answer of ours
other than 2xx reaches the caller as ModelError with OriginalStatusCode and OriginalMessage (our body).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trifold.serving.platforms import Platform
from trifold.serving.problem import Problem
from trifold.serving.settings import Settings


def platform(environment: Mapping[str, str]) -> Platform:
    return Platform(
        name="sagemaker",
        health=("/ping",),
        score="/invocations",
        csv=True,
        headers=lambda digest: {"X-Amzn-SageMaker-Custom-Attributes": f"trifold-digest={digest}"},
        body=lambda digest: {},
        problem=error_body,
        locate=locate,
    )


def locate(settings: Settings) -> Path:
    """Where SageMaker has unpacked the archive."""
    return Path(settings.environment.get("SM_MODEL_DIR") or "/opt/ml/model")


def error_body(problem: Problem) -> dict[str, Any]:
    """SageMaker prescribes no shape; this is the kit's own."""
    details = [{"row": one.row, "field": one.field, "reason": one.reason} for one in problem.details if one.target]
    return {"error": {"code": problem.code, "message": problem.message, "details": details}}
