"""Google Cloud: found service by service, by their labels.

Cloud Asset Inventory would list all at once, but it is an API more to turn on and a role more to have, and is behind by
minutes. A service account carries no labels: it is found by the name that the kit gives it in a stack.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from trifold.doctor.checks import Unknown
from trifold.doctor.gcp import Client, expected
from trifold.sweep.thing import IDLE_DAYS, Place, Thing, asked_of

BUCKET, REPOSITORY = "gcp:storage/bucket:Bucket", "gcp:artifactregistry/repository:Repository"
ENDPOINT, MODEL = "gcp:vertex/aiEndpoint:AiEndpoint", "trifold:vertex:Model"
ACCOUNT = "gcp:serviceaccount/account:Account"
# In the order in which they go.
ORDER = [ENDPOINT, MODEL, REPOSITORY, BUCKET, ACCOUNT]
STORAGE = "https://storage.googleapis.com/storage/v1"
REGISTRY = "https://artifactregistry.googleapis.com/v1"
IAM = "https://iam.googleapis.com/v1"
MONITORING = "https://monitoring.googleapis.com/v3"
FIRST_WAIT, LONGEST_WAIT, PATIENCE = 0.1, 10.0, 1800.0


class Cloud:
    """One project and region."""

    def __init__(self, place: Place, client: Client | None = None) -> None:
        self._place, self._client = place, client or Client(asked_of(place))
        self._home = f"projects/{place.account}/locations/{place.region}"
        self._vertex = f"https://{place.region}-aiplatform.googleapis.com/v1"

    def account(self) -> str:
        with self._client.translated():
            return str(expected(*self._client.get("projects"))["projectId"])

    def find(self) -> Iterator[Thing]:
        with self._client.translated():
            found = [*self._buckets(), *self._endpoints(), *self._models(), *self._repositories()]
            yield from found
            yield from self._accounts({one.stack for one in found} | set(self._place.stacks))

    def order(self, thing: Thing) -> int:
        return ORDER.index(thing.type) if thing.type in ORDER else -1

    def remove(self, thing: Thing, purge: bool) -> None:
        urls = {ENDPOINT: self._vertex, MODEL: self._vertex, REPOSITORY: REGISTRY, ACCOUNT: IAM}
        with self._client.translated():
            if thing.type == BUCKET:
                self._drop_bucket(thing.name)
                return
            if thing.type == ENDPOINT:
                self._undeploy(thing.id)
            self._finished(urls[thing.type], self._send("DELETE", f"{urls[thing.type]}/{thing.id}"))

    # ---- finding -----------------------------------------------------------------------------------------------

    def _buckets(self) -> Iterator[Thing]:
        for one in self._all(f"{STORAGE}/b?project={self._place.account}", "items"):
            if self._place.wants(one.get("labels", {})):
                yield Thing(BUCKET, one["name"], one["name"], one["location"].lower(), one["labels"])

    def _endpoints(self) -> Iterator[Thing]:
        for one in self._all(f"{self._vertex}/{self._home}/endpoints?{self._filter()}", "endpoints"):
            if self._place.wants(one.get("labels", {})):
                instances = tuple(_instances(deployed) for deployed in one.get("deployedModels", []))
                requests = self._requests(one)
                yield self._labelled(ENDPOINT, one, one.get("displayName", ""), instances, requests)

    def _models(self) -> Iterator[Thing]:
        for one in self._all(f"{self._vertex}/{self._home}/models?{self._filter()}", "models"):
            if self._place.wants(one.get("labels", {})):
                yield self._labelled(MODEL, {**one, "name": one["name"].partition("@")[0]}, one["displayName"])

    def _repositories(self) -> Iterator[Thing]:
        for one in self._all(f"{REGISTRY}/{self._home}/repositories", "repositories"):
            if self._place.wants(one.get("labels", {})):
                yield self._labelled(REPOSITORY, one, one["name"].rpartition("/")[2])

    def _accounts(self, stacks: set[str]) -> Iterator[Thing]:
        for stack in sorted(stacks):
            name = self._place.name_of(stack, "account")
            email = f"{name}@{self._place.account}.iam.gserviceaccount.com"
            status, found = self._send("GET", f"{IAM}/projects/{self._place.account}/serviceAccounts/{email}")
            if name and status == 200:
                tags = {"project": self._place.project, "stack": stack}
                yield Thing(ACCOUNT, found["name"], email, "global", tags, note="found by its name")

    def _labelled(
        self,
        type: str,
        one: Mapping[str, Any],
        name: str,
        instances: tuple[tuple[str, int], ...] = (),
        requests: float | None = None,
    ) -> Thing:
        return Thing(type, one["name"], name, self._place.region, one["labels"], instances, requests)

    def _filter(self) -> str:
        return f"filter={quote(f'labels.project={self._place.project}')}"

    def _requests(self, endpoint: Mapping[str, Any]) -> float | None:
        """Cloud Monitoring's count of predictions; None where it can't be asked, or the endpoint is young."""
        now, name = datetime.now(UTC), endpoint["name"].rpartition("/")[2]
        since = now - timedelta(days=IDLE_DAYS)
        if datetime.fromisoformat(endpoint["createTime"]) > since:
            return None
        metric = 'metric.type="aiplatform.googleapis.com/prediction/online/prediction_count"'
        given = {
            "filter": f'{metric} AND resource.labels.endpoint_id="{name}"',
            "interval.startTime": f"{since:%Y-%m-%dT%H:%M:%SZ}",
            "interval.endTime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        }
        query = "&".join(f"{key}={quote(value)}" for key, value in given.items())
        status, answer = self._send("GET", f"{MONITORING}/projects/{self._place.account}/timeSeries?{query}")
        if status != 200:
            return None
        points = [point for series in answer.get("timeSeries", []) for point in series.get("points", [])]
        return float(sum(int(point["value"].get("int64Value", 0)) for point in points))

    # ---- removing ----------------------------------------------------------------------------------------------

    def _undeploy(self, endpoint: str) -> None:
        """An endpoint goes without deployed models only."""
        status, found = self._send("GET", f"{self._vertex}/{endpoint}")
        for deployed in found.get("deployedModels", []) if status == 200 else []:
            body = {"deployedModelId": deployed["id"], "trafficSplit": {}}
            self._finished(self._vertex, self._send("POST", f"{self._vertex}/{endpoint}:undeployModel", body))

    def _drop_bucket(self, name: str) -> None:
        """All versions of all objects, then the bucket."""
        if self._send("GET", f"{STORAGE}/b/{name}")[0] == 404:
            return
        for one in self._all(f"{STORAGE}/b/{name}/o?versions=true", "items"):
            path = f"{STORAGE}/b/{name}/o/{quote(one['name'], safe='')}?generation={one['generation']}"
            self._finished("", self._send("DELETE", path))
        self._finished("", self._send("DELETE", f"{STORAGE}/b/{name}"))

    def _finished(self, host: str, answer: tuple[int, Any]) -> None:
        """Waits for a long operation; raises Unknown with Google's words."""
        status, found = answer
        if status in (204, 404):
            return
        operation, wait, until = expected(status, found), FIRST_WAIT, time.monotonic() + PATIENCE
        while operation.get("name", "").count("/operations/") and not operation.get("done"):
            if time.monotonic() > until:
                raise Unknown(f"{operation['name']} has not ended after {PATIENCE:.0f} s")
            time.sleep(wait)
            wait = min(wait * 1.5, LONGEST_WAIT)
            operation = expected(*self._send("GET", f"{host}/{operation['name']}"))
        if problem := operation.get("error"):
            raise Unknown(f"Google answered {problem.get('code')}: {problem.get('message')}")

    def _all(self, url: str, key: str) -> Iterator[dict[str, Any]]:
        """A list, all of its pages."""
        token = ""
        while True:
            more = f"{'&' if '?' in url else '?'}pageToken={quote(token)}" if token else ""
            answer = expected(*self._send("GET", f"{url}{more}"))
            yield from answer.get(key, [])
            token = answer.get("nextPageToken", "")
            if not token:
                return

    def _send(self, method: str, url: str, body: Any = None) -> tuple[int, Any]:
        return self._client.request(method, url, body)


def _instances(deployed: Mapping[str, Any]) -> tuple[str, int]:
    found = deployed.get("dedicatedResources", {})
    return str(found.get("machineSpec", {}).get("machineType", "")), int(found.get("minReplicaCount", 1))
