"""Changes that meet somebody else's: of a policy, and of an endpoint.

A policy's words are ../policies.py's; whoever reads, changes and writes one is told so, and does it again
(https://cloud.google.com/iam/docs/policies#etag). At one endpoint Vertex AI lets one operation run at a time; the kit
waits for it (googleapis/python-aiplatform#1393 has the words). Google's clients for Python do neither by themselves,
so this meets the provider and the kit's own calls.
"""

from trifold.local.gcp.api.errors import GoogleError
from trifold.local.gcp.api.wire import Call
from trifold.local.hostile import Hostile

OURS = ("HashiCorp Terraform/", "trifold/")
AT_ENDPOINTS = ("deployModel", "undeployModel", "mutateDeployedModel")
POLICY = "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff."


def check(hostile: Hostile, call: Call) -> None:
    """Raises ABORTED now and then, before anything is changed."""
    if not any(one in call.raw.headers.get("user-agent", "") for one in OURS):
        return
    about = f"conflict {call.service} {call.raw.path}"
    verb = call.name.rpartition(".")[2]
    if verb == "setIamPolicy" and hostile.happens(about, hostile.measures.conflicts):
        raise GoogleError("ABORTED", POLICY, http=412 if call.service == "storage" else None)
    if verb in AT_ENDPOINTS and hostile.happens(about, hostile.measures.conflicts):
        where = call.address.partition(":")[0]
        words = f'There are other operations running on the resource "{where}".'
        raise GoogleError("ABORTED", words)
