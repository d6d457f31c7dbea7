"""APIs of a new project: off until enabled, and not on for everybody the moment they are.

https://cloud.google.com/service-usage/docs/enabled-service#default names what is on in a new project, among it Cloud
Storage, Service Usage and Cloud Monitoring. The Resource Manager API is not; it is on here all the same, since it is
what a stack is brought up by at all: who may use the project is asked before anything is made.
The denial, word for word: GoogleCloudPlatform/vertex-ai-samples#476 and google-gemini/gemini-cli#1343.
"""

from typing import Any

from trifold.local.gcp.api.errors import GoogleError
from trifold.local.gcp.cloud import NUMBER
from trifold.local.hostile import Hostile

ALWAYS = frozenset({"cloudresourcemanager", "monitoring", "oauth2", "serviceusage", "storage"})
TITLES = {
    "aiplatform": "Vertex AI API",
    "artifactregistry": "Artifact Registry API",
    "billingbudgets": "Cloud Billing Budget API",
    "iam": "Identity and Access Management (IAM) API",
    "iamcredentials": "IAM Service Account Credentials API",
    "sts": "Security Token Service API",
}
RPC = "type.googleapis.com/google.rpc."


class Activation:
    """Since when, by the hostile cloud's clock, each service (without ".googleapis.com") is enabled, and acts."""

    def __init__(self, hostile: Hostile) -> None:
        self._hostile = hostile
        self._enabled: dict[str, float] = {}
        self._acts: dict[str, float] = {}

    def enable(self, service: str) -> None:
        """It is listed as enabled soon, and answers a while later."""
        if service in ALWAYS or service in self._enabled:
            return
        listed = self._hostile.clock() + self._hostile.seconds(f"enable {service}", self._hostile.measures.lag)
        self._enabled[service] = listed
        self._acts[service] = listed + self._hostile.seconds(f"propagate {service}", self._hostile.measures.grants)

    def disable(self, service: str) -> None:
        self._enabled.pop(service, None)

    def enabled(self, service: str) -> bool:
        """Whether it is listed so."""
        return service in ALWAYS or self._since(self._enabled, service)

    def check(self, service: str) -> None:
        """Raises PERMISSION_DENIED for a service that does not act."""
        if service not in ALWAYS and not (service in self._enabled and self._since(self._acts, service)):
            raise _off(service)

    def _since(self, times: dict[str, float], service: str) -> bool:
        return times.get(service, float("inf")) <= self._hostile.clock()


def _off(service: str) -> GoogleError:
    name, title = f"{service}.googleapis.com", TITLES.get(service, service)
    url = f"https://console.developers.google.com/apis/api/{name}/overview?project={NUMBER}"
    message = (
        f"{title} has not been used in project {NUMBER} before or it is disabled. Enable it by visiting {url} then "
        "retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and "
        "retry."
    )
    link = {"description": "Google developers console API activation", "url": url}
    metadata = {
        "service": name,
        "serviceTitle": title,
        "consumer": f"projects/{NUMBER}",
        "containerInfo": NUMBER,
        "activationUrl": url,
    }
    info = {"reason": "SERVICE_DISABLED", "domain": "googleapis.com", "metadata": metadata}
    details: list[dict[str, Any]] = [{"@type": f"{RPC}ErrorInfo", **info}, {"@type": f"{RPC}Help", "links": [link]}]
    return GoogleError("PERMISSION_DENIED", message, details, reason="accessNotConfigured")
