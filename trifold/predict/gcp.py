"""Ask a Vertex AI endpoint, through google-cloud-aiplatform."""

import json
import logging
import time
from collections.abc import Mapping
from typing import Any

from trifold.errors import UserError
from trifold.predict import Answer

LABEL = "package"


def predict(outputs: Mapping[str, Any], body: bytes) -> Answer:
    """One call. outputs: the stack's. Raises UserError with Vertex AI's own words where it refuses.

    Vertex AI passes on neither a header nor a field of the container's, so the digest is the label of the model
    version that answered: its first 32 hex digits.
    """
    started = time.perf_counter()
    # The SDK says each step on standard error; this is one call.
    logging.getLogger("google.cloud.aiplatform").setLevel(logging.WARNING)
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError
    from google.cloud import aiplatform

    imported = time.perf_counter()
    request = json.loads(body)
    aiplatform.init(project=outputs["account"], location=outputs["region"])
    endpoint_id = str(outputs["endpoint_id"])
    try:
        endpoint = aiplatform.Endpoint(endpoint_id)
        asked = time.perf_counter()
        answer = endpoint.predict(request["instances"], parameters=request.get("parameters"))
        done = time.perf_counter()
        model = aiplatform.Model(answer.model_resource_name, version=answer.model_version_id)
        state = state_of(endpoint.gca_resource, answer.deployed_model_id)
    except (GoogleAPIError, GoogleAuthError) as error:
        raise UserError(f"Vertex AI: {error}", where=endpoint_id, next="trifold up -s gcp") from None
    return Answer(
        cloud="gcp",
        endpoint_id=endpoint.resource_name,
        state=state,
        predictions=answer.predictions,
        package_digest=model.labels.get(LABEL, ""),
        import_seconds=imported - started,
        seconds=done - asked,
    )


def state_of(endpoint: Any, deployed_model: str) -> str:
    """Vertex AI has no word for an endpoint's state: a deployed model is there once it serves, with its replicas."""
    for one in endpoint.deployed_models:
        if one.id == deployed_model:
            share = dict(endpoint.traffic_split).get(one.id, 0)
            return f"Deployed ({share} % of traffic)"
    return "Undeployed"
