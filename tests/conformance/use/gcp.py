"""Google Cloud, through google-cloud-storage and the REST APIs."""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import google.auth
import requests
from google.auth.transport.requests import AuthorizedSession
from google.cloud import storage

from trifold.plugin.gcpservices import wait

KEY = "conformance/note.txt"
RETRIES, POLL_SECONDS = 5, 0.2
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


def bring(given: Mapping[str, Any]) -> list[str]:
    """Make what a platform team has already: a repository, a bucket, and a service account."""
    parent, _, repository = given["registry"].rpartition("/repositories/")
    _turn_on(given, "artifactregistry", "iam")
    apis = {name: _api(name) for name in ("artifactregistry", "iam")}
    place = apis["artifactregistry"].projects().locations()
    making = (
        place.repositories()
        .create(parent=parent, repositoryId=repository, body={"format": "DOCKER"})
        .execute(num_retries=RETRIES)
    )
    while not making.get("done"):
        making = place.operations().get(name=making["name"]).execute(num_retries=RETRIES)
    made = storage.Client(project=given["account"]).bucket(given["store"])
    made.iam_configuration.uniform_bucket_level_access_enabled = True
    made.create(location=given["region"])
    body = {"accountId": given["identity"].partition("@")[0]}
    apis["iam"].projects().serviceAccounts().create(name=f"projects/{given['account']}", body=body).execute(
        num_retries=RETRIES
    )
    while not _found(f"projects/-/serviceAccounts/{given['identity']}"):
        time.sleep(POLL_SECONDS)
    return brought(given)


def _found(account: str) -> bool:
    """A new account is found a while after it is made: https://cloud.google.com/iam/docs/service-accounts-create"""
    from googleapiclient.errors import HttpError

    try:
        return bool(_accounts().get(name=account).execute(num_retries=RETRIES))
    except HttpError as error:
        if error.status_code == 404:
            return False
        raise


def brought(given: Mapping[str, Any]) -> list[str]:
    """What is there of it, with all that is on it and in it."""
    store, repositories, accounts = _api("storage"), _repositories(), _accounts()
    account = f"projects/-/serviceAccounts/{given['identity']}"
    settings = [
        repositories.get(name=given["registry"]).execute(num_retries=RETRIES),
        store.buckets().get(bucket=given["store"]).execute(num_retries=RETRIES),
        accounts.get(name=account).execute(num_retries=RETRIES),
    ]
    policies = [
        repositories.getIamPolicy(resource=given["registry"]).execute(num_retries=RETRIES),
        store.buckets().getIamPolicy(bucket=given["store"]).execute(num_retries=RETRIES),
        accounts.getIamPolicy(resource=account).execute(num_retries=RETRIES),
    ]
    bindings = [one for policy in policies for one in policy.get("bindings", [])]
    grants = [f"{one['role']} {who}" for one in bindings for who in one["members"]]
    objects = store.objects().list(bucket=given["store"]).execute(num_retries=RETRIES).get("items", [])
    shown = [{name: one[name] for name in one if name not in MOVING} for one in settings]
    return [*(json.dumps(one, sort_keys=True) for one in shown), *sorted(grants), *(one["name"] for one in objects)]


def take_away(given: Mapping[str, Any]) -> None:
    _repositories().delete(name=given["registry"]).execute(num_retries=RETRIES)
    _api("storage").buckets().delete(bucket=given["store"]).execute(num_retries=RETRIES)
    _accounts().delete(name=f"projects/-/serviceAccounts/{given['identity']}").execute(num_retries=RETRIES)


def _turn_on(given: Mapping[str, Any], *services: str) -> None:
    """A new project has them off, and what is on answers in a while."""
    ids = {"serviceIds": [f"{one}.googleapis.com" for one in services]}
    _api("serviceusage").services().batchEnable(parent=f"projects/{given['account']}", body=ids).execute(
        num_retries=RETRIES
    )
    session = AuthorizedSession(google.auth.default([SCOPE])[0])
    for one in services:
        wait(session, one, {"project": given["account"], "region": given["region"]})


# What says when something was changed last, a grant on it included.
MOVING = ("etag", "metageneration", "updated", "updateTime")


def _api(name: str) -> Any:
    """A client of google-api-python-client's, made of the discovery document that it ships."""
    from googleapiclient.discovery import build

    return build(name, "v1", credentials=google.auth.default([SCOPE])[0])


def _repositories() -> Any:
    return _api("artifactregistry").projects().locations().repositories()


def _accounts() -> Any:
    return _api("iam").projects().serviceAccounts()
