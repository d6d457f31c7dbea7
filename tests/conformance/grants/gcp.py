"""Google Cloud: what the endpoints' service account is granted, and what keeps others out of the bucket."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

from tests.conformance.grants import Grant, Rig, not_emulated


def grants() -> list[Grant]:
    return [
        Grant(
            "the endpoints identity reads the packages",
            ("endpoint-may-read roles/storage.objectViewer",),
            lambda rig: read_as_the_account(rig, granted=True),
            lambda rig: refusal(lambda: read_as_the_account(rig, granted=False)),
            r"403 g\w+@\S+\.iam\.gserviceaccount\.com does not have storage\.objects\.get access to the Google Cloud "
            r"Storage object\. Permission 'storage\.objects\.get' denied on resource \(or it may not exist\)\.",
        ),
        Grant(
            "nobody makes the store public",
            ("storage-bucket publicAccessPrevention=enforced",),
            lambda rig: open_to_all(rig, prevention="inherited"),
            lambda rig: refusal(lambda: open_to_all(rig, prevention="enforced")),
            r"412 The member bindings allUsers and allAuthenticatedUsers are not allowed since public access "
            r"prevention is enforced\.",
        ),
        Grant(
            "no object has an access list of its own",
            ("storage-bucket uniformBucketLevelAccess=true",),
            lambda rig: publish(rig, uniform=False),
            lambda rig: refusal(lambda: publish(rig, uniform=True)),
            r"400 Cannot insert legacy ACL for an object when uniform bucket-level access is enabled\. Read more at "
            r"https://cloud\.google\.com/storage/docs/uniform-bucket-level-access",
        ),
        not_emulated(
            "no image is overwritten under its tag",
            ("foundation-registry immutableTags=true",),
            "local registries hold no image that could be overwritten",
        ),
    ]


def refusal(attempt: Callable[[], Any]) -> str:
    """What Google says: the status and the message, without the request's address that the SDK puts before it."""
    from google.api_core.exceptions import GoogleAPICallError

    try:
        attempt()
    except GoogleAPICallError as error:
        said = error.response.json()["error"]
        return f"{said['code']} {said['message']}"
    raise AssertionError("it was let through")


def read_as_the_account(rig: Rig, *, granted: bool) -> None:
    """Read an object as a service account, with the role on its bucket or without."""
    from google.cloud import storage

    key, bucket = rig.once(service_account), make_bucket(rig.another())
    write(bucket)
    if granted:
        bind(bucket, "roles/storage.objectViewer", f"serviceAccount:{key['client_email']}")
    client = storage.Client.from_service_account_info(key, project=rig.account)
    if granted:
        until_allowed(client.bucket(bucket.name))
    assert client.bucket(bucket.name).blob("note").download_as_bytes() == b"mine"


def open_to_all(rig: Rig, *, prevention: str) -> None:
    """Grant everybody the reading of a bucket, and read it as nobody."""
    from google.cloud import storage

    bucket = make_bucket(rig.another(), prevention=prevention)
    write(bucket)
    bind(bucket, "roles/storage.objectViewer", "allUsers")
    until_allowed(storage.Client.create_anonymous_client().bucket(bucket.name))
    read_as_nobody(bucket)


def publish(rig: Rig, *, uniform: bool) -> None:
    """Write an object that says of itself that everybody may read it, and read it as nobody."""
    bucket = make_bucket(rig.another(), uniform=uniform, prevention="inherited")
    write(bucket, predefined_acl="publicRead")
    read_as_nobody(bucket)


def service_account(rig: Rig) -> dict[str, str]:
    """The key of an account of one's own."""
    import google.auth
    from google.auth.transport.requests import AuthorizedSession

    credentials, _ = google.auth.default(["https://www.googleapis.com/auth/cloud-platform"])
    session, root = AuthorizedSession(credentials), "https://iam.googleapis.com/v1/"
    use_iam(rig, session)
    accounts = f"{root}projects/{rig.account}/serviceAccounts"
    account = f"{root}{session.post(accounts, json={'accountId': rig.name}).json()['name']}"
    rig.after.callback(session.delete, account)
    wait_for(lambda: session.get(account).status_code == 200)
    made = session.post(f"{account}/keys", json={}).json()
    return dict(json.loads(base64.b64decode(made["privateKeyData"])))


def use_iam(rig: Rig, session: Any) -> None:
    """The API is on; a new project has it off."""
    from trifold.plugin import gcpservices

    where = f"https://serviceusage.googleapis.com/v1/projects/{rig.account}/services/iam.googleapis.com"
    session.post(f"{where}:enable", json={})
    gcpservices.wait(session, "iam", {"project": rig.account, "region": rig.region})


def until_allowed(bucket: Any, permission: str = "storage.objects.get") -> None:
    """Google itself says that a grant, which comes late, is in effect."""
    wait_for(lambda: bucket.test_iam_permissions([permission]) == [permission])


def wait_for(what: Callable[[], bool], seconds: float = 60.0) -> None:
    """Until it is so. Raises AssertionError."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.1)


def make_bucket(rig: Rig, *, uniform: bool = True, prevention: str = "enforced") -> Any:
    """A bucket of one's own, as the stack's unless something else is said."""
    from google.cloud import storage

    bucket = storage.Client(project=rig.account).bucket(rig.name)
    bucket.iam_configuration.uniform_bucket_level_access_enabled = uniform
    bucket.iam_configuration.public_access_prevention = prevention
    bucket.create(location=rig.region)
    rig.after.callback(bucket.delete, force=True)
    return bucket


def write(bucket: Any, **options: str) -> None:
    bucket.blob("note").upload_from_string(b"mine", **options)


def bind(bucket: Any, role: str, member: str) -> None:
    policy = bucket.get_iam_policy()
    policy.bindings.append({"role": role, "members": {member}})
    bucket.set_iam_policy(policy)


def read_as_nobody(bucket: Any) -> None:
    from google.cloud import storage

    client = storage.Client.create_anonymous_client()
    assert client.bucket(bucket.name).blob("note").download_as_bytes() == b"mine"
