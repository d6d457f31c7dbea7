"""Google Cloud, through google-cloud-storage and the REST APIs."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import google.auth
import requests
from google.auth.transport.requests import AuthorizedSession
from google.cloud import storage

KEY = "conformance/note.txt"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def bucket(outputs: Mapping[str, Any]) -> storage.Bucket:
    return storage.Client(project=outputs["account"]).bucket(outputs["store"].removeprefix("gs://"))


def key(outputs: Mapping[str, Any]) -> str:
    return outputs["archive"].removeprefix(f"{outputs['store']}/")


def overwrite(outputs: Mapping[str, Any]) -> list[str]:
    place, generations = bucket(outputs), []
    for text in ("old", "new"):
        blob = place.blob(KEY)
        blob.upload_from_string(text)
        generations.append(blob.generation)
    found = [place.blob(KEY, generation=one).download_as_text() for one in reversed(generations)]
    for one in generations:
        place.blob(KEY, generation=one).delete()
    return found


def anonymous(outputs: Mapping[str, Any]) -> int:
    name = outputs["store"].removeprefix("gs://")
    return requests.get(f"https://storage.googleapis.com/{name}/{key(outputs)}", timeout=30).status_code


def archive(outputs: Mapping[str, Any]) -> str:
    return hashlib.sha256(bucket(outputs).blob(key(outputs)).download_as_bytes()).hexdigest()


def budgets(outputs: Mapping[str, Any]) -> dict[str, float]:
    credentials, _ = google.auth.default([SCOPE])
    session = AuthorizedSession(credentials)
    base = "https://billingbudgets.googleapis.com/v1/billingAccounts/000000-000000-000000/budgets"
    found = session.get(base, timeout=30).json().get("budgets", [])
    return {one["displayName"]: float(one["amount"]["specifiedAmount"]["units"]) for one in found}


def left(outputs: Mapping[str, Any]) -> list[str]:
    credentials, _ = google.auth.default([SCOPE])
    found = _all(AuthorizedSession(credentials), outputs["account"], outputs["region"])
    own = f"/{getattr(credentials, 'service_account_email', None)}"  # the caller's, which no stack made
    return sorted(one for one in found if not one.endswith(own))


def _all(session: AuthorizedSession, project: str, region: str) -> Iterator[str]:
    place = f"projects/{project}/locations/{region}"
    vertex = f"https://{region}-aiplatform.googleapis.com/v1/{place}"
    lists = {
        "bucket": ("https://storage.googleapis.com/storage/v1/b", "items", {"project": project}),
        "registry": (f"https://artifactregistry.googleapis.com/v1/{place}/repositories", "repositories", {}),
        "account": (f"https://iam.googleapis.com/v1/projects/{project}/serviceAccounts", "accounts", {}),
        "model": (f"{vertex}/models", "models", {}),
        "endpoint": (f"{vertex}/endpoints", "endpoints", {}),
    }
    for kind, (address, field, parameters) in lists.items():
        answer = session.get(address, params=parameters)
        answer.raise_for_status()
        yield from (f"{kind} {one['name']}" for one in answer.json().get(field, []))
