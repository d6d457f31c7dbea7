"""Google's APIs: when they are in use.

An API that was just enabled is listed as enabled before it answers: "If you enabled this API recently, wait a few
minutes for the action to propagate to our systems and retry." The official provider waits until it is listed
(resource_google_project.go: waitForServiceUsageEnabledServices) and does not retry what is then refused. So what calls
an API waits until it answers anything but that.
"""

import time
from typing import Any

from trifold.plugin.vertex_api import authorized
from trifold.protocol.declaration import ResourceType, Values

LONGEST_SECONDS = 600.0
FIRST_WAIT, LONGEST_WAIT = 0.25, 5.0
# Google's systems do not all learn of it at once: so many good answers, one after the other.
IN_A_ROW = 3
OFF = ("SERVICE_DISABLED", "accessNotConfigured")
# A call of each that changes nothing; whether the caller may make it does not matter.
CALLS = {
    "aiplatform": "https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}",
    "artifactregistry": "https://artifactregistry.googleapis.com/v1/projects/{project}/locations/{region}/repositories",
    "billingbudgets": "https://billingbudgets.googleapis.com/v1/billingAccounts/000000-000000-000000/budgets",
    "iam": "https://iam.googleapis.com/v1/projects/{project}/serviceAccounts",
    "monitoring": "https://monitoring.googleapis.com/v3/projects/{project}/notificationChannels",
    "storage": "https://storage.googleapis.com/storage/v1/b?project={project}&maxResults=1",
}


class NotInUse(Exception):
    """An API that still says it is off."""


class Services:
    """Nothing of its own in Google Cloud: it is there once a project's APIs answer."""

    def create(self, session: Any, inputs: Values) -> tuple[str, Values]:
        for service in inputs["services"]:
            wait(session.once("google", authorized), service, inputs)
        return f"{inputs['project']}/{'+'.join(inputs['services'])}", dict(inputs)

    def read(self, session: Any, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        return id, dict(inputs), dict(inputs)

    def delete(self, session: Any, id: str, outputs: Values) -> None:
        """What is enabled stays so."""


def wait(http: Any, service: str, inputs: Values, longest: float = LONGEST_SECONDS) -> None:
    """Returns once the API answers. service: without ".googleapis.com". Raises NotInUse."""
    pause, until, good = FIRST_WAIT, time.monotonic() + longest, 0
    while good < IN_A_ROW:
        answer = http.request("GET", CALLS[service].format(**inputs))
        if not (answer.status_code == 403 and any(one in answer.text for one in OFF)):
            good += 1
            continue
        if time.monotonic() > until:
            raise NotInUse(f"{service}.googleapis.com still answers as if it were off: {answer.text[:500]}")
        good = 0
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_WAIT)


TYPES = (
    ResourceType(
        "trifold:gcpservices:ServicesInUse",
        "trifold.plugin.resources.gcpservices:ServicesInUseArgs",
        Services(),
        replace=("project", "region", "services"),
    ),
)
