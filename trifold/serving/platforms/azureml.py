"""Azure Machine Learning online endpoints: the model is mounted, routes and port are what the environment declares.

The environment's `inference_config` must say: liveness_route / (GET), readiness_route /ready, scoring_route /score,
each with port 5001. https://learn.microsoft.com/azure/machine-learning/how-to-deploy-custom-container
The mount may be read-only and holds the archive as it was uploaded, so it is unpacked into the workspace.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trifold.errors import UserError
from trifold.serving.platforms import Platform
from trifold.serving.problem import Problem
from trifold.serving.settings import Settings
from trifold.serving.unpacking import find_package


def platform(environment: Mapping[str, str]) -> Platform:
    return Platform(
        name="azureml",
        health=("/", "/ready"),
        score="/score",
        csv=False,
        headers=lambda digest: {"x-trifold-digest": digest},
        body=lambda digest: {"digest": digest},
        problem=error_body,
        locate=locate,
    )


def locate(settings: Settings) -> Path:
    """The package under AZUREML_MODEL_DIR, where a registered folder may add one level of its own."""
    mounted = settings.environment.get("AZUREML_MODEL_DIR")
    if not mounted:
        raise UserError("AZUREML_MODEL_DIR is not set", next="give the deployment a model")
    return find_package(Path(mounted), settings)


def error_body(problem: Problem) -> dict[str, Any]:
    """The error shape of Azure's REST guidelines: code, message, details with code, target and message."""
    details = [
        {"code": problem.code, "target": one.target, "message": str(one)} for one in problem.details if one.target
    ]
    return {"error": {"code": problem.code, "message": problem.message, "details": details}}
