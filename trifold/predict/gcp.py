"""Ask a Vertex AI endpoint, through google-cloud-aiplatform: its generated clients, which take half as long to import
as the layer above them."""

import json
import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from trifold.errors import UserError
from trifold.predict import Answer

LABEL = "package"
RETRIED_SECONDS = 15.0


def predict(outputs: Mapping[str, Any], body: bytes) -> Answer:
    """One call. outputs: the stack's. Raises UserError with Vertex AI's own words where it refuses.

    Vertex AI passes on neither a header nor a field of the container's, so the digest is the label of the model
    version that answered: its first 32 hex digits.
    """
    started = time.perf_counter()
    from google.api_core.exceptions import GoogleAPIError, ServiceUnavailable, TooManyRequests
    from google.api_core.gapic_v1.client_info import ClientInfo
    from google.api_core.retry import Retry, if_exception_type
    from google.auth.exceptions import GoogleAuthError
    from google.cloud import aiplatform_v1 as vertex
    from google.protobuf import json_format, struct_pb2

    imported = time.perf_counter()
    # Vertex AI's clients try nothing again by themselves; a prediction changes nothing, so it may be asked for twice.
    again = Retry(if_exception_type(ServiceUnavailable, TooManyRequests), initial=0.5, timeout=RETRIED_SECONDS)
    ours = ClientInfo(user_agent=f"trifold/{version('trifold')}")
    options = {"api_endpoint": f"{outputs['region']}-aiplatform.googleapis.com"}
    name, request = str(outputs["endpoint_id"]), json.loads(body)
    instances = [json_format.ParseDict(one, struct_pb2.Value()) for one in request["instances"]]
    try:
        endpoints = vertex.EndpointServiceClient(client_options=options, client_info=ours)
        endpoint = endpoints.get_endpoint(name=name, retry=again)
        client = vertex.PredictionServiceClient(client_options=options, client_info=ours)
        asked = time.perf_counter()
        answer = client.predict(endpoint=name, instances=instances, retry=again)
        done = time.perf_counter()
        answered = f"{answer.model}@{answer.model_version_id}"
        models = vertex.ModelServiceClient(client_options=options, client_info=ours)
        model = models.get_model(name=answered, retry=again)
    except (GoogleAPIError, GoogleAuthError) as error:
        raise UserError(f"Vertex AI: {error}", where=name, next="trifold up -s gcp") from None
    return Answer(
        cloud="gcp",
        endpoint_id=endpoint.name,
        state=state_of(endpoint, answer.deployed_model_id),
        predictions=json_format.MessageToDict(answer._pb)["predictions"],
        package_digest=dict(model.labels).get(LABEL, ""),
        import_seconds=imported - started,
        seconds=done - asked,
    )


def state_of(endpoint: Any, deployed_model: str) -> str:
    """Vertex AI has no word for an endpoint's state: a deployed model is there once it serves, with its share."""
    for one in endpoint.deployed_models:
        if one.id == deployed_model:
            return f"Deployed ({dict(endpoint.traffic_split).get(one.id, 0)} % of traffic)"
    return "Undeployed"
