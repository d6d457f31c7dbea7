"""A model's files: Vertex AI copies them, at upload, into a bucket of Google's own, where containers find them.

A container reads the copy as Vertex's own serving account. One that runs as another account reads it if that account
may read the bucket the files came from.
"""

import uuid

from trifold.local.gcp.api import policies
from trifold.local.gcp.api.access import Access
from trifold.local.gcp.api.errors import GoogleError
from trifold.local.gcp.api.policies import Held
from trifold.local.gcp.api.storage.store import Bucket, Store
from trifold.local.gcp.api.storage.views import new_bucket
from trifold.local.gcp.cloud import LOCATION, NUMBER, PROJECT

GOOGLE = "google"
AGENT = f"service-{NUMBER}@gcp-sa-aiplatform.iam.gserviceaccount.com"
SERVING = "custom-online-prediction@local-tp.iam.gserviceaccount.com"


class Artifacts:
    def __init__(self, store: Store, access: Access) -> None:
        self._store, self._access = store, access

    def copy(self, uri: str) -> str:
        """The gs:// address of a copy of everything below `uri`. Raises what an upload fails with."""
        source, prefix = self._source(uri)
        versions = [one for one in source.versions() if "timeDeleted" not in one.meta]
        found = [one for one in versions if one.meta["name"].startswith(prefix)]
        if not found:
            raise GoogleError("FAILED_PRECONDITION", f'The directory "{uri}" does not exist or holds no files.')
        target = self._tenant(source)
        for version in found:
            name = f"artifacts/{version.meta['name'][len(prefix) :]}"
            self._store.put(target, name, self._store.content(source, version), {})
        return f"gs://{target.name}/artifacts"

    def remove(self, address: str) -> None:
        """Drop a copy."""
        bucket = self._store.buckets.get(address.removeprefix("gs://").partition("/")[0])
        if bucket is None:
            return
        for version in list(bucket.versions()):
            self._store.delete(bucket, version.meta["name"], str(version.generation))
        self._store.remove_bucket(bucket)

    def _source(self, uri: str) -> tuple[Bucket, str]:
        scheme, _, rest = uri.partition("://")
        if scheme != "gs" or not rest:
            raise GoogleError("INVALID_ARGUMENT", f"Invalid Cloud Storage URI: {uri}")
        name, _, path = rest.partition("/")
        if name not in self._store.buckets:
            raise GoogleError("NOT_FOUND", f"The specified bucket does not exist: {name}")
        if self._store.buckets[name].owner != PROJECT:
            raise _closed(uri)
        prefix = f"{path.strip('/')}/" if path.strip("/") else ""
        return self._store.buckets[name], prefix

    def _tenant(self, source: Bucket) -> Bucket:
        name = f"caip-tenant-{uuid.uuid4()}"
        binding = {"role": "roles/storage.objectViewer", "members": [f"serviceAccount:{SERVING}"]}
        policy = Held(policies.replaced(policies.empty(), {"bindings": [binding]}))
        bucket = self._store.add_bucket(name, new_bucket(name, {"location": LOCATION}), GOOGLE, policy)
        bucket.mirrors = source
        return bucket


def _closed(uri: str) -> GoogleError:
    """A bucket of another project: GoogleCloudPlatform/vertex-ai-samples#3710."""
    lacks = (
        f'Service account `{AGENT}` does not have `[storage.objects.get]` IAM permission(s) to the directory "{uri}".'
    )
    mend = (
        "Please either copy the files to the Google Cloud Storage bucket owned by your project, or grant the required "
        "IAM permission(s) to the service account."
    )
    return GoogleError("FAILED_PRECONDITION", f"{lacks} {mend}")
