"""Vertex AI: routes and port come as AIP_*; the model lies in a bucket and the container fetches it itself.

https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements
`predict` hands the caller "predictions" and the deployed model's version, none of our headers; `rawPredict` our body.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trifold.errors import UserError
from trifold.serving.platforms import Platform
from trifold.serving.problem import Problem
from trifold.serving.settings import Settings
from trifold.serving.unpacking import fetch, find_package

# google.rpc.Code of an HTTP status: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
STATUS = {404: "NOT_FOUND", 405: "UNIMPLEMENTED", 499: "CANCELLED", 500: "INTERNAL", 503: "UNAVAILABLE"}


def platform(environment: Mapping[str, str]) -> Platform:
    return Platform(
        name="vertex",
        health=(environment.get("AIP_HEALTH_ROUTE") or "/health",),
        score=environment.get("AIP_PREDICT_ROUTE") or "/predict",
        csv=False,
        headers=lambda digest: {"x-trifold-digest": digest},
        body=lambda digest: {},
        problem=error_body,
        locate=locate,
    )


def locate(settings: Settings) -> Path:
    """The package, brought from AIP_STORAGE_URI into the workspace by a short-lived child process."""
    uri = settings.environment.get("AIP_STORAGE_URI", "")
    if not uri:
        raise UserError("AIP_STORAGE_URI is not set", next="upload the model with its artifact_uri")
    if not uri.startswith("gs://"):
        raise UserError("AIP_STORAGE_URI is not a gs:// address", where=uri)
    fetched = fetch(uri, settings)
    package = find_package(fetched, settings)
    if not package.is_relative_to(fetched):  # unpacked elsewhere: the workspace may be memory, so the archive goes
        shutil.rmtree(fetched)
    return package


def error_body(problem: Problem) -> dict[str, Any]:
    """google.rpc.Status as JSON, with BadRequest's field violations."""
    error: dict[str, Any] = {
        "code": problem.status,
        "message": problem.message,
        "status": STATUS.get(problem.status, "INVALID_ARGUMENT"),
    }
    violations = [{"field": one.target, "description": str(one)} for one in problem.details if one.target]
    if violations:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}]
    return {"error": error}
