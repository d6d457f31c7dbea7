"""Ask an Azure ML online endpoint, through azure-ai-ml."""

import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trifold.errors import UserError
from trifold.predict import Answer


def predict(outputs: Mapping[str, Any], body: bytes) -> Answer:
    """One call. outputs: the stack's. Raises UserError with Azure's own words where it refuses."""
    started = time.perf_counter()
    from azure.ai.ml import MLClient
    from azure.core.exceptions import AzureError
    from azure.identity import DefaultAzureCredential

    imported = time.perf_counter()
    group, workspace, name = _place(outputs["endpoint_id"])
    client = MLClient(DefaultAzureCredential(), outputs["account"], group, workspace)
    try:
        found = client.online_endpoints.get(name)
        asked = time.perf_counter()
        content = json.loads(_invoke(client, name, body))
    except AzureError as error:
        # The first line is what is wrong; the lines after it say the same again, detail by detail.
        said = str(error).partition("\n")[0]
        raise UserError(f"Azure ML: {said}", where=outputs["endpoint_id"], next="trifold up -s azure") from None
    done = time.perf_counter()
    return Answer(
        cloud="azure",
        endpoint_id=str(found.id),
        state=str(getattr(found.provisioning_state, "value", found.provisioning_state)),
        predictions=content["predictions"],
        package_digest=content.get("digest", ""),
        import_seconds=imported - started,
        seconds=done - asked,
    )


def _place(id: str) -> tuple[str, str, str]:
    """Resource group, workspace and name of an endpoint's id."""
    steps = id.split("/")
    return steps[4], steps[8], steps[10]


def _invoke(client: Any, name: str, body: bytes) -> str:
    """The SDK reads its request from a file."""
    with tempfile.TemporaryDirectory() as folder:
        request = Path(folder) / "request.json"
        request.write_bytes(body)
        return str(client.online_endpoints.invoke(name, request_file=str(request)))
