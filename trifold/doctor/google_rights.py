"""Google is asked of a thing by its full name (//SERVICE.googleapis.com/NAME) what a caller may do with it; and the
command that gives a right to it.

https://cloud.google.com/iam/docs/testing-permissions
https://cloud.google.com/storage/docs/json_api/v1/buckets/testIamPermissions
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

PROJECT = "//cloudresourcemanager.googleapis.com/projects/{}"
# service -> (what grants there, whether it takes the last part of the name alone).
GRANTS = {
    "cloudresourcemanager": ("gcloud projects add-iam-policy-binding ", True),
    "cloudbilling": ("gcloud billing accounts add-iam-policy-binding ", True),
    "cloudkms": ("gcloud kms keys add-iam-policy-binding ", False),
    "artifactregistry": ("gcloud artifacts repositories add-iam-policy-binding ", False),
    "iam": ("gcloud iam service-accounts add-iam-policy-binding ", True),
    "storage": ("gcloud storage buckets add-iam-policy-binding gs://", True),
}


def question(name: str, permissions: Sequence[str]) -> tuple[str, str, Any]:
    """(method, URL, body) that asks which of the permissions the caller has."""
    if _service(name) == "storage":
        query = urlencode([("permissions", one) for one in permissions])
        return "GET", f"https://storage.googleapis.com/storage/v1/{within(name)}/iam/testPermissions?{query}", None
    host = name.removeprefix("//").partition("/")[0]
    return "POST", f"https://{host}/v1/{within(name)}:testIamPermissions", {"permissions": list(permissions)}


def within(name: str) -> str:
    """A full name without its service."""
    return name.removeprefix("//").partition("/")[2]


def grant(name: str) -> str:
    """The command that gives a right to it, up to whom and which."""
    command, last = GRANTS[_service(name)]
    return f"{command}{within(name).rpartition('/')[2] if last else within(name)}"


def _service(name: str) -> str:
    return name.removeprefix("//").partition(".")[0]
